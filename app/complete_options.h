#pragma once

#include "app/batch_options.h"
#include "core/dataset.h"
#include "core/formats/formats.h"

namespace nmf::ui
{

/// The options of a request, with those that depend on the data and on files. Throws Error and Cancelled.
Options completeOptions(const RunRequest& request, const Dataset& dataset, const LoadControl& control);

} // namespace nmf::ui
