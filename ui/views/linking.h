#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/image_grid.h"

namespace nmf::ui
{

/// What the tiles of a gallery stand for, and the entries in each.
enum class Tiles { Components, Samples, Others };
enum class Entries { Features, Samples };

/// Frames the tiles of what is selected, and selects what is clicked.
void linkTiles(TileArea& gallery, Selection& selection, Tiles tiles);

/// Tells the selection what the pointer is on, says all that is known of it in the tooltip, and selects the entry that
/// is clicked.
void linkEntries(ImageGrid& gallery, const Study& study, Selection& selection, Tiles tiles, Entries entries);
void linkEntries(BarGrid& gallery, const Study& study, Selection& selection, Tiles tiles, Entries entries);

/// The same for H as a heatmap, whose rows are components and whose columns are samples.
void linkCoefficients(Heatmap& heatmap, const Study& study, Selection& selection);

} // namespace nmf::ui
