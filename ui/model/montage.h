#pragma once

#include "core/dataset.h"

#include <QImage>

namespace nmf::ui
{

/// The data at a glance, in gray from 0 to the largest entry: the first samples as images side by side where rows are
/// pixels, else the whole table, reduced to at most `side` cells each way (the largest entry of each cell).
QImage montageOf(const Dataset& dataset, int columns, int rows, Index side = 240);

} // namespace nmf::ui
