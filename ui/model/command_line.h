#pragma once

#include "core/import_plan.h"
#include "ui/model/snapshot.h"

#include <QString>

namespace nmf::ui
{

/// A run as `partscope run` makes it again.
struct CommandRequest
{
    std::shared_ptr<const Dataset> dataset;
    ImportPlan plan = {}; ///< how the source became the dataset
    Options options;
    /// What the run had come to; null for one that has not been made.
    std::shared_ptr<const Snapshot> snapshot = {};
};

/// "partscope run faces.npy --rank 49": a line for a shell that gives the same result, with what is not standard only.
/// Throws Error, a sentence, where no line does.
QString commandLine(const CommandRequest& request);

/// A word as a POSIX shell takes it for what it is.
QString quoted(const QString& word);

} // namespace nmf::ui
