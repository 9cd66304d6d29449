#include "ui/model/preview.h"

#include "core/error.h"

namespace nmf::ui
{

namespace
{

Preview previewOfRaw(const std::string& source, Dataset raw, const ImportPlan& plan)
{
    const DataFacts facts = factsOf(raw.V);
    return {source, std::make_shared<const Dataset>(std::move(raw)), facts, membersOf(source), plan};
}

/// What of a guess is a matter of reading is as it was read.
ImportPlan guessedAfter(const ImportPlan& reading, const Dataset& raw)
{
    ImportPlan plan = guessed(raw);
    plan.member = reading.member;
    plan.otherSizes = reading.otherSizes;
    plan.longestSide = reading.longestSide;
    return plan;
}

} // namespace

Preview previewOf(const std::string& source, const ImportPlan& plan, const LoadControl& control)
{
    Dataset raw = readRaw(source, plan, control);
    const Index pixels = numbersOfPicture(plan);
    const bool fits = pixels == 0 || pixels == raw.V.rows() || pixels == raw.V.cols();
    const ImportPlan next = fits ? plan : guessedAfter(plan, raw);
    return previewOfRaw(source, std::move(raw), next);
}

Preview previewOf(const std::string& source, const LoadControl& control)
{
    ImportPlan plan;
    std::string fault;
    Dataset raw;
    try {
        raw = readRaw(source, plan, control);
    } catch (const Error& error) {
        fault = error.what();
        const std::vector<FileMember> members = membersOf(source);
        if (!members.empty())
            plan.member = members.front().name;
        else if (kindOfSource(source) == "folder")
            plan.otherSizes = ImportPlan::OtherSizes::Resize;
        else
            throw;
        try {
            raw = readRaw(source, plan, control);
        } catch (const Error&) {
            throw Error(fault);
        }
    }
    plan = guessedAfter(plan, raw);
    Preview preview = previewOfRaw(source, std::move(raw), plan);
    preview.fault = std::move(fault);
    return preview;
}

bool needsDecision(const Preview& preview)
{
    const DataFacts& facts = preview.facts;
    const ImportPlan plain{.missingUnknown = true};
    return !preview.fault.empty() || facts.negatives > 0 || facts.nans > 0 || facts.infinities > 0 ||
           preview.members.size() > 1 || preview.plan != plain;
}

} // namespace nmf::ui
