#pragma once

#include "app/batch_options.h"
#include "app/interruption.h"
#include "app/output_folder.h"
#include "app/progress_line.h"
#include "core/dataset.h"

#include <memory>
#include <optional>

namespace nmf::ui
{

/// `partscope run --ranks`: runs all ranks, writes the best factors of each into a folder of its own and a report of
/// all, and returns what to return to the shell. Throws Error and Cancelled.
int factorizeRanks(const RunRequest& request, std::shared_ptr<const Dataset> dataset, Options options,
                   const Interruption& interruption, ProgressLine& line, std::optional<OutputFolder>& folder);

} // namespace nmf::ui
