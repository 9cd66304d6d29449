#pragma once

#include "app/batch_options.h"

#include <optional>
#include <vector>

namespace nmf::ui
{

/// What `partscope race` is asked to do.
struct RaceRequest
{
    RunRequest run;                     ///< the input, the model, and where the results go
    std::vector<Choice> solvers;        ///< a lane for each
    std::optional<double> target = {};  ///< the objective that is to be reached
    std::optional<double> seconds = {}; ///< on each lane's own clock
};

/// Reads the arguments after the command. Empty: --help was asked for, and has been printed. Throws Error.
std::optional<RaceRequest> raceRequest(const QStringList& arguments);

} // namespace nmf::ui
