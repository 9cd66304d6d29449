#pragma once

#include "app/arguments.h"
#include "core/factorize.h"
#include "ui/model/session.h"

namespace nmf::ui
{

/// A session as INPUT: its options hold where no others are given, and its data are as they are. Throws Error if
/// options are given that say how a file becomes a table.
void takeSession(const Arguments& arguments, RunRequest& request);

/// The options of --session and --continue.
void addSessionOptions(Arguments& arguments);
void readSessionOptions(const Arguments& arguments, RunRequest& request);

/// The factors that a session has come to. Throws Error if it has none.
const Reached& reachedIn(const SavedSession& session, const std::string& name);

/// What a run has come to as a session file.
void writeResultSession(const RunRequest& request, std::shared_ptr<const Dataset> dataset, const Options& options,
                        const Result& result);

/// What `info` says of a session besides its data.
QJsonObject sessionReport(const SavedSession& session);
std::string sessionText(const SavedSession& session);

} // namespace nmf::ui
