#include "core/algorithms/algorithms.h"

#include "core/terms.h"

#include <cctype>

namespace nmf
{

namespace
{

/// What a demand asks of the steps of an algorithm, after its name.
std::string effectOf(Demand demand)
{
    switch (demand) {
    case Demand::L1:
        return "adds the same to the slope of every entry";
    case Demand::L2:
        return "adds to the slope of an entry in proportion to it";
    case Demand::Overlap:
        return "ties the components of a row together";
    case Demand::Smoothness:
        return "ties neighbouring rows together";
    case Demand::Dropout:
        return "weighs each component by its other half";
    case Demand::VarianceMatching:
        return "pulls the sums of all rows towards the variances";
    case Demand::TraceBound:
        return "ties the rows of both factors together";
    case Demand::UpperBound:
        return "cuts off what a step may reach";
    case Demand::UnitNorm:
        return "ties all entries of a component together";
    case Demand::Sparseness:
        return "ties all entries of a component together";
    case Demand::FixedSum:
    case Demand::LargestSum:
        return "ties the components of a sample together";
    case Demand::LockedParts:
        return "keep whole components where they are";
    case Demand::LockedEntries:
        return "keep single entries where they are";
    case Demand::SoftLocks:
        return "bound how far each entry moves";
    }
    return {};
}

/// "An upper bound cuts off …, smoothness ties …, but its steps …."; empty if there is nothing to say.
std::string sentenceOf(const std::vector<Demand>& refused, const std::string& nature)
{
    std::string reason;
    for (const Demand demand : refused)
        reason += (reason.empty() ? "" : ", ") + phraseOf(demand) + " " + effectOf(demand);
    if (reason.empty())
        return {};
    reason.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(reason.front())));
    return reason + ", but " + nature + ".";
}

} // namespace

std::string Algorithm::refusalOf(const Divergence& divergence, const std::vector<Demand>& demands, bool weighted) const
{
    std::vector<Demand> always, byWeights;
    for (const Demand demand : demands)
        if (!servesDemand(divergence, demand, weighted))
            (servesDemand(divergence, demand, false) ? byWeights : always).push_back(demand);
    const std::string first = sentenceOf(always, nature.empty() ? "it is not made for that" : nature);
    const std::string second = sentenceOf(
        byWeights, "with unknown or weighted entries it moves each row by the known entries of its line alone");
    return first + (first.empty() || second.empty() ? "" : " ") + second;
}

std::string automaticReason(const Divergence& divergence, bool weighted, const std::vector<Demand>& demands)
{
    const std::string id = automaticAlgorithm(divergence, weighted, demands);
    if (!find(algorithms(), id)->servesAll(divergence, demands, weighted))
        return "No algorithm serves all that is asked for; without it this one would be the quickest.";
    if (id != automaticAlgorithm(divergence, weighted))
        return "It is the quickest of those that serve what is asked of the factors.";
    if (weighted)
        return "It is the quickest of those that serve unknown and weighted entries with this loss.";
    if (divergence.quadratic() || divergence.kullbackLeibler())
        return "It was the quickest to the same objective of all that serve this loss, on dense and on sparse data.";
    return "Of the two rules that serve every loss without ever letting it rise, this one looks ahead and ends lower.";
}

} // namespace nmf
