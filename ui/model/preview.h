#pragma once

#include "ui/model/import.h"

#include <memory>

namespace nmf::ui
{

/// What a source holds before anything is done with it, and what is to be decided.
struct Preview
{
    std::string source;
    std::shared_ptr<const Dataset> raw; ///< as it was read by `plan`
    DataFacts facts;                    ///< of raw
    std::vector<FileMember> members;    ///< to choose from
    ImportPlan plan;                    ///< the likeliest one
    std::string fault = {};             ///< why it cannot be read as the file says, if it cannot
};

/// Reads what a plan for reading says; without one, as the file says, or, where that is refused, in the first way that
/// is not, and guesses the rest. Throws Error, Cancelled.
Preview previewOf(const std::string& source, const LoadControl& control = {});
Preview previewOf(const std::string& source, const ImportPlan& plan, const LoadControl& control = {});

/// Whether somebody should look before the plan is followed: something is refused otherwise, there are several
/// matrices, or the plan is a guess.
bool needsDecision(const Preview& preview);

} // namespace nmf::ui
