#pragma once

#include "app/batch_options.h"

#include <optional>

namespace nmf::ui
{

/// What `partscope rank` is asked to do.
struct RankRequest
{
    RunRequest run; ///< the input, the ranks, the model, and where the results go
    int runs = 10;
    double heldOut = 0.1; ///< the share of entries that is predicted
    bool permuted = false;
};

/// Reads the arguments after the command. Empty: --help was asked for, and has been printed. Throws Error.
std::optional<RankRequest> rankRequest(const QStringList& arguments);

} // namespace nmf::ui
