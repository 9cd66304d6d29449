#pragma once

#include "app/arguments.h"
#include "app/batch_options.h"

namespace nmf::ui
{

/// The options of `partscope run` that say where its results are written, and as what.
void addOutputOptions(Arguments& arguments);
/// Throws Error.
void readOutput(const Arguments& arguments, RunRequest& request);

} // namespace nmf::ui
