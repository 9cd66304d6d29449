#pragma once

#include "core/options.h"

#include <QString>

namespace nmf::ui
{

class Study;

/// Why a run of the study's data with these options cannot be, in a sentence; empty if it can, while there are no data,
/// or if the study's own options cannot be either, so that these are no worse.
QString newFault(const Options& options, const Study& study);

} // namespace nmf::ui
