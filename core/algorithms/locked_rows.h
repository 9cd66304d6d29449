#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// Puts back what is locked, for rules that move each entry without regard to those beside it. Costs nothing where
/// nothing is locked.
template <class Scalar>
class LockedRows
{
public:
    explicit LockedRows(const Work<Scalar>& work) : m_locks{work.lockH, work.lockW} {}

    /// Before U, the factor on this side, is moved.
    void begin(Side side, const Matrix<Scalar>& U)
    {
        if (!m_locks[at(side)].none())
            m_before[at(side)] = U;
    }

    /// In these rows, from `first` on.
    void restore(Side side, Index first, Eigen::Ref<Matrix<Scalar>> rows) const
    {
        const FactorLock& lock = m_locks[at(side)];
        if (lock.none())
            return;
        const auto before = m_before[at(side)].middleRows(first, rows.rows());
        for (const Index a : lock.components)
            rows.col(a) = before.col(a);
        if (lock.entries)
            rows = lock.entries->middleRows(first, rows.rows()).select(before, rows);
    }

private:
    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }

    FactorLock m_locks[2];
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
