#include "ui/panels/plot_gestures.h"

#include <QCoreApplication>

namespace nmf::ui
{

namespace
{

QString tr(const char* text)
{
    return QCoreApplication::translate("PlotGestures", text);
}

} // namespace

std::vector<PlotGesture> plotGestures()
{
    const QString gallery = tr("Gallery of parts"), heatmap = tr("Heatmap"), curves = tr("Curves");
    const QString anywhere = tr("Anywhere");
    return {{gallery, tr("Click, or the arrows"), tr("Choose a part, in all views")},
            {gallery, tr("Ctrl with a click"), tr("Add a part to those that are chosen, or take it out, in all views")},
            {gallery, tr("Home, End, Page Up, Page Down"), tr("Go to the first, the last, or a page on")},
            {gallery, tr("Ctrl with the wheel, or Ctrl and + or −"), tr("Make the tiles larger or smaller")},
            {gallery, tr("Ctrl+0"), tr("Make all tiles fit")},
            {gallery, tr("Double click, or Return"), tr("Show one part alone; arrows lead on, Esc leads back")},
            {gallery, tr("Drag"), tr("Move a part of the basis to another place in all views; Esc leaves it")},
            {gallery, tr("Shift with the wheel"), tr("Look at the same region of all pictures, larger or smaller")},
            {gallery, tr("Esc"), tr("Show whole pictures")},
            {gallery, tr("Pointer"), tr("Tell the number under it")},
            {anywhere, tr("1 to 9"), tr("Choose the first to the ninth part, in the order of the views")},
            {anywhere, tr("Up, Down"), tr("Choose the part before or after")},
            {anywhere, tr("Left, Right"), tr("Choose the sample before or after")},
            {anywhere, tr("Space"), tr("Run, or pause")},
            {anywhere, tr("Esc"), tr("Leave what was opened last: a list, one part alone, the full screen")},
            {anywhere, tr("Tab"), tr("Go from control to control; Space presses or ticks what Tab reached")},
            {heatmap, tr("Click"), tr("Choose a part and a sample, in all views")},
            {heatmap, tr("Ctrl with a click"), tr("Add a part to those that are chosen, or take it out, in all views")},
            {heatmap, tr("Wheel"), tr("Zoom into the samples")},
            {heatmap, tr("Ctrl with the wheel"), tr("Zoom into samples and parts")},
            {heatmap, tr("Drag"), tr("Move what is zoomed into")},
            {heatmap, tr("Double click, or Esc"), tr("Show all")},
            {curves, tr("Wheel"), tr("Zoom in or out")},
            {curves, tr("Drag"), tr("Move what is zoomed into")},
            {curves, tr("Double click, or Esc"), tr("Show all")}};
}

} // namespace nmf::ui
