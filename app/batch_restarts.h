#pragma once

#include "app/interruption.h"
#include "app/progress_line.h"
#include "core/restarts.h"

#include <QJsonObject>

namespace nmf::ui
{

/// The options as they are for many runs: the standard start, nearly the same for every seed, gives way to a random
/// one, and `note` says so. What the user has asked for stays.
Options optionsForRestarts(Options options, bool startGiven, std::string& note);

/// All runs, with the line on standard error telling how far they are. Throws Cancelled and Error.
Restarts restartWatched(std::shared_ptr<const Dataset> dataset, const Options& options, int count,
                        const Interruption& interruption, ProgressLine& line);

/// What report.json says of them: each run, and how far they agree.
QJsonObject restartsReport(const Restarts& restarts, const std::string& note);

/// The same for people, in a few lines.
std::string restartsSummary(const QJsonObject& report);

} // namespace nmf::ui
