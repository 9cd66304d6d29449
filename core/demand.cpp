#include "core/terms.h"

namespace nmf
{

const std::vector<Demand>& allDemands()
{
    static const std::vector<Demand> all{Demand::L1,          Demand::L2,
                                         Demand::Overlap,     Demand::Smoothness,
                                         Demand::Dropout,     Demand::VarianceMatching,
                                         Demand::TraceBound,  Demand::UpperBound,
                                         Demand::UnitNorm,    Demand::Sparseness,
                                         Demand::FixedSum,    Demand::LargestSum,
                                         Demand::LockedParts, Demand::LockedEntries,
                                         Demand::SoftLocks};
    return all;
}

std::string nameOf(Demand demand)
{
    switch (demand) {
    case Demand::L1:
        return "L1";
    case Demand::L2:
        return "L2";
    case Demand::Overlap:
        return "Overlap";
    case Demand::Smoothness:
        return "Smoothness";
    case Demand::Dropout:
        return "Dropout";
    case Demand::VarianceMatching:
        return "Variance matching";
    case Demand::TraceBound:
        return "Trace bound";
    case Demand::UpperBound:
        return "Upper bound";
    case Demand::UnitNorm:
        return "Unit norm";
    case Demand::Sparseness:
        return "Sparseness";
    case Demand::FixedSum:
        return "Fixed sums";
    case Demand::LargestSum:
        return "Largest sums";
    case Demand::LockedParts:
        return "Locked parts";
    case Demand::LockedEntries:
        return "Locked entries";
    case Demand::SoftLocks:
        return "Soft locks";
    }
    return {};
}

std::string phraseOf(Demand demand)
{
    switch (demand) {
    case Demand::L1:
        return "an L1 penalty";
    case Demand::L2:
        return "an L2 penalty";
    case Demand::Overlap:
        return "a penalty on overlap";
    case Demand::Smoothness:
        return "smoothness";
    case Demand::Dropout:
        return "dropout";
    case Demand::VarianceMatching:
        return "variance matching";
    case Demand::TraceBound:
        return "a bound on the trace";
    case Demand::UpperBound:
        return "an upper bound";
    case Demand::UnitNorm:
        return "a unit norm";
    case Demand::Sparseness:
        return "a sparseness";
    case Demand::FixedSum:
        return "a fixed sum of coefficients";
    case Demand::LargestSum:
        return "a largest sum of coefficients";
    case Demand::LockedParts:
        return "locked parts";
    case Demand::LockedEntries:
        return "locked entries";
    case Demand::SoftLocks:
        return "parts that may move a little";
    }
    return {};
}

} // namespace nmf
