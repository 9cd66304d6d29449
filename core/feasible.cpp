#include "core/feasible.h"

#include "core/sparse_projection.h"

#include <cmath>

namespace nmf
{

namespace
{

/// Gives column a of U this sparseness and norm; the other half takes the inverse of its scale if it may.
template <class Scalar>
void shape(Matrix<Scalar>& U, Matrix<Scalar>& other, Index a, const Constraint& constraint, bool otherMayScale,
           double one)
{
    Vector<double> u = U.col(a).template cast<double>();
    const bool empty = !(u.maxCoeff() > 0);
    if (empty && constraint.norm == 0)
        return;
    double scale = u.norm();
    if (empty)
        u.setOnes();
    if (constraint.sparseness > 0)
        projectOnSparseness(u, constraint.sparseness);
    if (constraint.norm == 0) {
        U.col(a) = (u * scale).template cast<Scalar>();
        return;
    }
    u *= one / (constraint.norm == 1 ? u.sum() : u.norm());
    scale /= u.norm();
    U.col(a) = u.template cast<Scalar>();
    if (otherMayScale)
        other.col(a) = (other.col(a).template cast<double>() * scale).template cast<Scalar>();
}

template <class Scalar>
void bound(Matrix<Scalar>& U, Matrix<Scalar>& other, Index a, double upper, bool otherMayScale)
{
    const auto largest = static_cast<double>(U.col(a).maxCoeff());
    if (largest <= upper)
        return;
    if (otherMayScale) {
        U.col(a) *= static_cast<Scalar>(upper / largest);
        other.col(a) *= static_cast<Scalar>(largest / upper);
    }
    U.col(a) = U.col(a).cwiseMin(static_cast<Scalar>(upper));
}

/// Gives every row of U this sum, all entries of one that is zero alike.
template <class Scalar>
void giveSum(Matrix<Scalar>& U, double sum)
{
    for (Index row = 0; row < U.rows(); ++row) {
        Vector<double> u = U.row(row).template cast<double>();
        if (const double largest = u.maxCoeff(); largest > 0)
            u /= largest;
        else
            u.setOnes();
        U.row(row) = (u * (sum / u.sum())).template cast<Scalar>();
    }
}

/// Scales every row of U that sums to more than this down to it.
template <class Scalar>
void limitSum(Matrix<Scalar>& U, double most)
{
    for (Index row = 0; row < U.rows(); ++row)
        if (const double sum = U.row(row).template cast<double>().sum(); sum > most)
            U.row(row) = (U.row(row).template cast<double>() * (most / sum)).template cast<Scalar>();
}

template <class Scalar>
void restore(Matrix<Scalar>& U, const Matrix<Scalar>& before, const FactorLock& lock)
{
    if (lock.entries)
        U = lock.entries->select(before, U);
}

} // namespace

template <class Scalar>
void makeFeasible(Factors<Scalar>& factors, const Constraint& ofW, const Constraint& ofH, const FactorLock& lockW,
                  const FactorLock& lockH, double one)
{
    const Factors<Scalar> before = lockW.entries || lockH.entries ? factors : Factors<Scalar>();
    if (ofH.sum > 0)
        giveSum(factors.Ht, ofH.sum);
    if (ofH.largestSum > 0)
        limitSum(factors.Ht, ofH.largestSum);
    for (Index a = 0; a < factors.rank(); ++a) {
        const bool freeW = !lockW.holds(a) && !lockW.softly(a), freeH = !lockH.holds(a) && !lockH.softly(a);
        const bool scalesW = freeW && !lockW.entries;
        const bool scalesH = freeH && !lockH.entries && ofH.sum == 0 && ofH.largestSum == 0;
        if (freeW && (ofW.norm > 0 || ofW.sparseness > 0))
            shape(factors.W, factors.Ht, a, ofW, scalesH && ofH.norm == 0, one);
        if (freeH && (ofH.norm > 0 || ofH.sparseness > 0))
            shape(factors.Ht, factors.W, a, ofH, scalesW && ofW.norm == 0, one);
        if (freeW && ofW.upper > 0)
            bound(factors.W, factors.Ht, a, ofW.upper, scalesW && scalesH && !ofH.bounds());
        if (freeH && ofH.upper > 0)
            bound(factors.Ht, factors.W, a, ofH.upper, scalesW && scalesH && !ofW.bounds());
    }
    restore(factors.W, before.W, lockW);
    restore(factors.Ht, before.Ht, lockH);
}

template <class Scalar>
void scaleFree(Factors<Scalar>& factors, double scale, const Constraint& ofW, const Constraint& ofH)
{
    const bool heldW = ofW.bounds(), heldH = ofH.bounds();
    const double share = heldW || heldH ? scale : std::sqrt(scale);
    if (!heldW)
        factors.W *= static_cast<Scalar>(share);
    if (!heldH)
        factors.Ht *= static_cast<Scalar>(share);
}

template void makeFeasible(Factors<float>&, const Constraint&, const Constraint&, const FactorLock&, const FactorLock&,
                           double);
template void makeFeasible(Factors<double>&, const Constraint&, const Constraint&, const FactorLock&, const FactorLock&,
                           double);
template void scaleFree(Factors<float>&, double, const Constraint&, const Constraint&);
template void scaleFree(Factors<double>&, double, const Constraint&, const Constraint&);

} // namespace nmf
