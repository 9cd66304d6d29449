#pragma once

#include "app/race_options.h"
#include "core/studies/race.h"

#include <QJsonObject>

#include <string>

namespace nmf::ui
{

/// report.json of `partscope race`: who was where at the end, and who has reached the target when.
QJsonObject raceReport(const RaceRequest& request, const Dataset& dataset, const Race& race, bool stopped);

/// The same for people, a line for each solver, the first of them first.
std::string raceText(const RaceRequest& request, const Race& race);

/// race.csv: a line for each iteration of each solver.
std::string raceTable(const Race& race);

} // namespace nmf::ui
