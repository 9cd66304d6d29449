#include "core/measures/variance_mismatch.h"

#include "core/algorithms/variance_matching.h"

namespace nmf
{

double varianceMismatch(const Dataset& dataset, const Factors<double>& factors, bool shares)
{
    Blocks blocks(1);
    const SolverData<double> V(dataset.V, blocks);
    const double square = V.scale() * V.scale();
    const Vector<double> sumsW = factors.W.rowwise().sum(), sumsH = factors.Ht.rowwise().sum();
    return mismatch(square * variances(V, Side::Basis, blocks), sumsW, shares) +
           mismatch(square * variances(V, Side::Coefficients, blocks), sumsH, shares);
}

} // namespace nmf
