#pragma once

#include "app/rank_options.h"
#include "core/dataset.h"
#include "core/studies/rank_choice.h"

#include <QJsonObject>

#include <string>

namespace nmf::ui
{

/// All that a rank study has found.
struct RankFindings
{
    RankPlan plan = {};
    RankFits fits = {}; ///< in the order of the plan
    std::vector<RankPoint> points = {};
    std::vector<RankSuggestion> suggestions = {};
    std::string note = {}; ///< what was changed of the options, as a sentence; empty for nothing
    bool stopped = false;  ///< not all fits were made
};

/// report.json of `partscope rank`.
QJsonObject findingsReport(const RankRequest& request, const Dataset& dataset, const RankFindings& findings);

/// The same for people, a line for each rank.
std::string findingsText(const RankFindings& findings);

/// ranks.csv: a line for each fit.
std::string fitsTable(const RankFits& fits);

} // namespace nmf::ui
