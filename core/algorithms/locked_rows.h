#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Brings entries of a component, from row `first` on, back to where its soft lock allows. Where a rule minimises each
/// entry for itself, exactly or under a bound that is a sum over entries, the nearest value that is allowed is the
/// best.
template <class Scalar>
void keepNear(const SoftLock& soft, const Matrix<double>& start, double unit, Index first,
              Eigen::Ref<Vector<Scalar>> entries)
{
    const auto near = start.col(soft.component).segment(first, entries.size()) * unit;
    entries = entries.cwiseMax((near * (1 - soft.share)).template cast<Scalar>())
                  .cwiseMin((near * (1 + soft.share)).template cast<Scalar>());
}

/// The same of all components of rows that are held softly.
template <class Scalar>
void keepNear(const FactorLock& lock, const Matrix<double>& start, double unit, Index first, MatrixRef<Scalar> rows)
{
    for (const SoftLock& soft : lock.soft)
        keepNear<Scalar>(soft, start, unit, first, rows.col(soft.component));
}

template <class Scalar>
void keepNear(const Work<Scalar>& work, Side side, Index first, MatrixRef<Scalar> rows)
{
    if (const FactorLock& lock = work.lock(side); !lock.soft.empty())
        keepNear<Scalar>(lock, side == Side::Basis ? work.start->W : work.start->Ht, work.unit, first, rows);
}

/// Puts back what is locked, for rules that move each entry without regard to those beside it. Costs nothing where
/// nothing is locked.
template <class Scalar>
class LockedRows
{
public:
    explicit LockedRows(const Work<Scalar>& work)
        : m_locks{work.lockH, work.lockW}, m_start(work.start), m_unit(work.unit)
    {
    }

    /// Before U, the factor on this side, is moved.
    void begin(Side side, const Matrix<Scalar>& U)
    {
        if (!m_locks[at(side)].none())
            m_before[at(side)] = U;
    }

    /// In these rows, from `first` on.
    void restore(Side side, Index first, MatrixRef<Scalar> rows) const
    {
        const FactorLock& lock = m_locks[at(side)];
        if (lock.none())
            return;
        const auto before = m_before[at(side)].middleRows(first, rows.rows());
        for (const Index a : lock.components)
            rows.col(a) = before.col(a);
        if (lock.entries)
            rows = lock.entries->middleRows(first, rows.rows()).select(before, rows);
        if (!lock.soft.empty())
            keepNear<Scalar>(lock, side == Side::Basis ? m_start->W : m_start->Ht, m_unit, first, rows);
    }

private:
    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    FactorLock m_locks[2];
    std::shared_ptr<const Factors<double>> m_start;
    double m_unit;
    Matrix<Scalar> m_before[2];
};

template <class Scalar>
bool hasLocks(const Work<Scalar>& work)
{
    return !work.lockW.none() || !work.lockH.none();
}

/// Whether this entry is locked.
inline bool isLocked(const FactorLock& lock, Index row, Index component)
{
    return lock.holds(component) || (lock.entries && (*lock.entries)(row, component));
}

} // namespace nmf
