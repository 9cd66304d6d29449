#pragma once

#include "app/batch_options.h"
#include "core/factorize.h"
#include "core/formats/members.h"

#include <QJsonObject>

namespace nmf::ui
{

/// report.json: what was done, with what, and what came out.
QJsonObject runReport(const RunRequest& request, const Dataset& dataset, const Options& options, const Result& result);

/// Adds to a report's input its size and its SHA-256, which take another reading: see identityReport().
void identify(QJsonObject& report, const Dataset& dataset);

/// Why the algorithm is the one that it is, and the start, as sentences.
std::string solverReason(const RunRequest& request, const Dataset& dataset, const Options& options);
std::string startReason(const RunRequest& request, const Options& options);

/// What `partscope info` says, as JSON and as text; with the matrices that the file has to choose from.
QJsonObject infoReport(const Dataset& dataset, const ImportPlan& plan, const std::vector<FileMember>& members);
std::string infoText(const Dataset& dataset, const ImportPlan& plan, const std::vector<FileMember>& members);

/// loss.csv: iteration, seconds, objective, relative error.
std::string lossTable(const std::vector<Record>& history);

/// A number with few digits, for people.
std::string shortNumber(double value);

} // namespace nmf::ui
