#pragma once

#include "core/measures/sparseness.h"
#include "core/options.h"
#include "core/terms.h"

#include <QString>

/// What is asked of factors with 23 features, 31 samples and four components, and whether they keep it.
namespace demanded
{

using namespace nmf;

inline std::shared_ptr<const Mask> everyThird(Index rows, Index rank)
{
    Mask mask(rows, rank);
    for (Index i = 0; i < mask.size(); ++i)
        mask.data()[i] = i % 3 == 0;
    return std::make_shared<const Mask>(mask);
}

/// Asks for this, and for what else makes it a well-posed problem.
inline Options asking(Demand demand, Options options)
{
    switch (demand) {
    case Demand::L1:
        options.onW.l1 = options.onH.l1 = 0.3;
        break;
    case Demand::L2:
        options.onW.l2 = options.onH.l2 = 0.2;
        break;
    case Demand::Overlap:
        options.onW.overlap = options.onH.overlap = 0.3;
        options.onW.l2 = options.onH.l2 = std::max(options.onH.l2, 0.01);
        break;
    case Demand::Smoothness:
        options.onW.smoothness = 0.5;
        options.onH.smoothness = 0.2;
        break;
    case Demand::Dropout:
        options.together.dropout = 0.3;
        break;
    case Demand::VarianceMatching:
        options.together.varianceShares = 3;
        options.together.varianceSums = 0.1;
        break;
    case Demand::TraceBound:
        options.together.traceBound = 3;
        break;
    case Demand::UpperBound:
        options.ofW.upper = 0.7;
        options.ofH.upper = 0.8;
        break;
    case Demand::UnitNorm:
        options.ofW.norm = 1;
        options.ofH.norm = 2;
        break;
    case Demand::Sparseness:
        options.ofW.sparseness = 0.4;
        options.ofH.sparseness = 0.3;
        break;
    case Demand::LockedParts:
        options.lockW.components = {0};
        options.lockH.components = {0, 2};
        break;
    case Demand::FixedSum:
        options.ofH.sum = 0.7;
        break;
    case Demand::LargestSum:
        options.ofH.largestSum = 0.7;
        break;
    case Demand::LockedEntries:
        options.lockW.entries = everyThird(23, 4);
        options.lockH.entries = everyThird(31, 4);
        break;
    case Demand::SoftLocks:
        options.lockW.soft = {{1, 0.1}, {2, 0.02}};
        options.lockH.soft = {{3, 0.05}};
        break;
    }
    return options;
}

/// The largest move of an entry as a share of itself.
inline double movedBy(const Vector<double>& after, const Vector<double>& before)
{
    return ((after - before).array() / before.array()).abs().maxCoeff();
}

/// What the factors owe to this demand, as a sentence; empty if nothing.
/// `alone`: nothing else is asked for, so that what stands in the way of a better fit is met with equality.
inline QString broken(Demand demand, const Options& options, const Factors<double>& factors, bool alone = true)
{
    // What can be had of it in this precision.
    const bool single = options.precision == Precision::Single;
    const double share = single ? 1e-6 : 0, little = single ? 1e-6 : 1e-14;
    if (demand == Demand::TraceBound) {
        const double trace = traceOfModel(factors), bound = options.together.traceBound;
        if (!(trace <= bound * (1 + 1e-9 + share)))
            return QString("the trace is %1").arg(trace);
        if (alone && trace < bound * (1 - 1e-6))
            return QString("the trace is %1, though the bound stands in the way of a better fit").arg(trace);
    }
    if (demand == Demand::UpperBound &&
        ((alone && factors.W.maxCoeff() != 0.7) || factors.W.maxCoeff() > 0.7 * (1 + share) ||
         factors.Ht.maxCoeff() > 0.8 * (1 + share)))
        return QString("the largest entries are %1 and %2").arg(factors.W.maxCoeff()).arg(factors.Ht.maxCoeff());
    if (demand == Demand::UnitNorm)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(factors.W.col(a).sum() - 1) > little || std::abs(factors.Ht.col(a).norm() - 1) > little)
                return "a norm is not one";
    if (demand == Demand::Sparseness)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(sparseness(factors.W.col(a)) - 0.4) > little ||
                std::abs(sparseness(factors.Ht.col(a)) - 0.3) > little)
                return "a component has another sparseness";
    if (demand == Demand::FixedSum)
        for (Index j = 0; j < factors.Ht.rows(); ++j)
            if (std::abs(factors.Ht.row(j).sum() - 0.7) > little / 10)
                return QString("the coefficients of sample %1 sum to %2")
                    .arg(j)
                    .arg(factors.Ht.row(j).sum(), 0, 'g', 17);
    if (demand == Demand::LargestSum)
        if (const double largest = factors.Ht.rowwise().sum().maxCoeff(); largest > 0.7 * (1 + little))
            return QString("the largest sum of a sample's coefficients is %1").arg(largest, 0, 'g', 17);
    if (demand == Demand::LockedEntries)
        for (const auto& [locked, before, after] : {std::tuple(options.lockW.entries, options.start->W, factors.W),
                                                    std::tuple(options.lockH.entries, options.start->Ht, factors.Ht)})
            for (Index i = 0; i < before.size(); ++i)
                if (locked->data()[i] && before.data()[i] != after.data()[i])
                    return "a locked entry has moved";
    if (demand == Demand::SoftLocks) {
        const double most = std::max(movedBy(factors.W.col(1), options.start->W.col(1)) / 0.1,
                                     std::max(movedBy(factors.W.col(2), options.start->W.col(2)) / 0.02,
                                              movedBy(factors.Ht.col(3), options.start->Ht.col(3)) / 0.05));
        // Something wants to move on, so that the bound is met with equality.
        if (!(most <= 1 + (single ? 1e-4 : 1e-12)) || (alone && most < 1 - 1e-4))
            return QString("what is held softly moved by %1 of what it may").arg(most, 0, 'g', 17);
        if (alone && movedBy(factors.W.col(0), options.start->W.col(0)) < 0.2)
            return "what is free has not moved";
    }
    if (demand == Demand::LockedParts) {
        if (factors.W.col(0) != options.start->W.col(0))
            return "a locked column of W has moved";
        if (factors.Ht.col(0) != options.start->Ht.col(0) || factors.Ht.col(2) != options.start->Ht.col(2))
            return "a locked row of H has moved";
        if (factors.W.col(1) == options.start->W.col(1) || factors.Ht.col(1) == options.start->Ht.col(1))
            return "what is not locked has not moved";
    }
    return {};
}

} // namespace demanded
