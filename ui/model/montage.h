#pragma once

#include "core/dataset.h"

#include <QImage>
#include <QPoint>

#include <optional>

namespace nmf::ui
{

/// What the entries are that a sparse table does not keep.
enum class Gaps { Zero, Unknown };

/// The data at a glance, in gray from 0 to the largest entry: the first samples as images side by side where rows are
/// pixels, else the whole table, reduced to at most `side` cells each way (the largest entry of each cell).
/// What is unknown, missing or of weight 0 or perhaps not kept, is hatched; a cell if all that it stands for is.
QImage montageOf(const Dataset& dataset, int columns, int rows, Gaps gaps = Gaps::Zero, Index side = 240);

/// The entry that is drawn at a point of such a montage, of a cell that stands for many the first unknown one, or else
/// the first; none between pictures.
std::optional<DataFacts::Place> placeInMontage(const Dataset& dataset, QPoint point, int columns, int rows,
                                               Gaps gaps = Gaps::Zero, Index side = 240);

/// Whether an entry takes part in no fit.
bool isUnknown(const Dataset& dataset, Index row, Index column, Gaps gaps = Gaps::Zero);

} // namespace nmf::ui
