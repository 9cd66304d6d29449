#include "ui/views/linking.h"

#include "ui/model/readout.h"

namespace nmf::ui
{

namespace
{

Pointed placeOf(const Selection& selection, Tiles tiles, Entries entries, int tile, Index entry)
{
    Pointed place{.sample = selection.sample(), .feature = selection.feature()};
    (entries == Entries::Features ? place.feature : place.sample) = static_cast<int>(entry);
    if (tiles == Tiles::Components)
        place.component = tile;
    else if (tiles == Tiles::Samples)
        place.sample = tile;
    return place;
}

void selectEntry(Selection& selection, Entries entries, Index entry)
{
    entries == Entries::Features ? selection.selectFeature(static_cast<int>(entry))
                                 : selection.selectSample(static_cast<int>(entry));
}

/// The index of a pixel on its axis: that of its first channel.
Index indexOfPixel(const Study& study, Entries entries, int x, int y)
{
    if (!study.dataset())
        return -1;
    const Axis& axis = entries == Entries::Features ? study.dataset()->features : study.dataset()->samples;
    return (y * axis.width + x) * axis.channels;
}

} // namespace

void linkTiles(TileArea& gallery, Selection& selection, Tiles tiles)
{
    if (tiles == Tiles::Components) {
        QObject::connect(&gallery, &TileArea::selected, &selection, &Selection::selectComponent);
        QObject::connect(&gallery, &TileArea::toggled, &selection, &Selection::toggleComponent);
        QObject::connect(&selection, &Selection::componentsChanged, &gallery, &TileArea::frame);
        gallery.frame(selection.components());
    } else if (tiles == Tiles::Samples) {
        QObject::connect(&gallery, &TileArea::selected, &selection, &Selection::selectSample);
        QObject::connect(&selection, &Selection::sampleChanged, &gallery, &TileArea::select);
        gallery.select(selection.sample());
    }
}

void linkEntries(ImageGrid& gallery, const Study& study, Selection& selection, Tiles tiles, Entries entries)
{
    QObject::connect(&gallery, &ImageGrid::hovered, &selection, [&, tiles, entries](int tile, int x, int y) {
        selection.point(placeOf(selection, tiles, entries, tile, indexOfPixel(study, entries, x, y)));
    });
    QObject::connect(&gallery, &ImageGrid::pressed, &selection, [&, entries](int, int x, int y) {
        selectEntry(selection, entries, indexOfPixel(study, entries, x, y));
    });
    QObject::connect(&gallery, &TileArea::left, &selection, &Selection::pointAtNothing);
    // Asked for after the place was told.
    gallery.setDescription([&](int, int, int, double) { return readout(selection.pointed(), study); });
}

void linkEntries(BarGrid& gallery, const Study& study, Selection& selection, Tiles tiles, Entries entries)
{
    QObject::connect(&gallery, &BarGrid::hovered, &selection, [&selection, tiles, entries](int tile, Index entry) {
        selection.point(placeOf(selection, tiles, entries, tile, entry));
    });
    QObject::connect(&gallery, &BarGrid::pressed, &selection,
                     [&selection, entries](int, Index entry) { selectEntry(selection, entries, entry); });
    QObject::connect(&gallery, &TileArea::left, &selection, &Selection::pointAtNothing);
    gallery.setDescription([&](int, Index, double) { return readout(selection.pointed(), study); });
}

void linkCoefficients(Heatmap& heatmap, const Study& study, Selection& selection)
{
    QObject::connect(&heatmap, &Heatmap::clicked, &selection, [&selection](int row, int column) {
        selection.selectComponent(row);
        selection.selectSample(column);
    });
    QObject::connect(&heatmap, &Heatmap::toggled, &selection, &Selection::toggleComponent);
    QObject::connect(&selection, &Selection::componentsChanged, &heatmap, &Heatmap::selectRows);
    QObject::connect(&selection, &Selection::sampleChanged, &heatmap, &Heatmap::selectColumn);
    QObject::connect(&heatmap, &Heatmap::hovered, &selection, [&selection](int row, int column) {
        selection.point({.component = row, .sample = column, .feature = selection.feature()});
    });
    QObject::connect(&heatmap, &Heatmap::left, &selection, &Selection::pointAtNothing);
    // Here the text is asked for before the place is told.
    heatmap.setDescription([&](Index row, Index column, double) {
        return readout(
            {.component = static_cast<int>(row), .sample = static_cast<int>(column), .feature = selection.feature()},
            study);
    });
}

} // namespace nmf::ui
