#pragma once

#include "ui/model/study.h"

namespace nmf::ui
{

/// A number of the data as it is shown.
QString numberText(double value);

/// An entry of the data: where it is and what, or, if it is unknown, what the present model says of it.
QString entryText(const Study& study, Index row, Index column);

} // namespace nmf::ui
