#pragma once

namespace nmf
{

/// The kinds of things that can be asked of the factors besides the fit. An algorithm says which of them it serves.
enum class Demand {
    L1,
    L2,
    Overlap,
    Smoothness,
    Dropout,
    VarianceMatching,
    TraceBound,
    UpperBound,
    UnitNorm,
    Sparseness,
    FixedSum,
    LargestSum,
    LockedParts,
    LockedEntries,
    SoftLocks,
};

} // namespace nmf
