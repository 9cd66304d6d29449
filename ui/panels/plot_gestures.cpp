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
    return {{gallery, tr("Click, or the arrows"), tr("Choose a part, in all views")},
            {gallery, tr("Home, End, Page Up, Page Down"), tr("Go to the first, the last, or a page on")},
            {gallery, tr("Ctrl with the wheel, or Ctrl and + or −"), tr("Make the tiles larger or smaller")},
            {gallery, tr("Ctrl+0"), tr("Make all tiles fit")},
            {gallery, tr("Double click, or Return"), tr("Show one part alone; arrows lead on, Esc leads back")},
            {gallery, tr("Shift with the wheel"), tr("Look at the same region of all pictures, larger or smaller")},
            {gallery, tr("Esc"), tr("Show whole pictures")},
            {gallery, tr("Pointer"), tr("Tell the number under it")},
            {tr("Anywhere"), tr("Tab"), tr("Go from control to control; Space presses or ticks what Tab reached")},
            {heatmap, tr("Click"), tr("Choose a part and a sample, in all views")},
            {heatmap, tr("Wheel"), tr("Zoom into the samples")},
            {heatmap, tr("Ctrl with the wheel"), tr("Zoom into samples and parts")},
            {heatmap, tr("Drag"), tr("Move what is zoomed into")},
            {heatmap, tr("Double click, or Esc"), tr("Show all")},
            {curves, tr("Wheel"), tr("Zoom in or out")},
            {curves, tr("Drag"), tr("Move what is zoomed into")},
            {curves, tr("Double click, or Esc"), tr("Show all")}};
}

} // namespace nmf::ui
