#pragma once

#include "core/algorithms/steps.h"

#include <optional>
#include <utility>
#include <vector>

namespace nmf
{

/// Multiplicative rules keep every entry at or above a floor, for one that reached zero would never move again. What
/// that leaves to be done is done here: an entry that lies at the floor though the objective would fall if it grew is
/// lifted (Chi & Kolda 2012), and at the end of a run what belongs at zero becomes zero.
template <class Scalar>
class Zeros
{
public:
    /// Lifts the entries at the floor whose derivative is negative, if that lowers the objective as a whole; false if
    /// nothing was changed. Costs nothing while no entry is at the floor.
    static bool lift(const Work<Scalar>& work, Scalar floor);

    /// Sets the entries at the floor whose derivative is not negative to zero; the fit of these factors, or nothing if
    /// there was none such, or if it was not better.
    std::optional<Fit> settle(const Work<Scalar>& work, Scalar floor);
    /// Puts back what settle() has set to zero, to the bit.
    void unsettle(Factors<Scalar>& factors);
    /// The factors are others now.
    void forget() { m_W.clear(), m_Ht.clear(); }

private:
    /// Places in a factor and what was there.
    using Places = std::vector<std::pair<Index, Scalar>>;

    static Places atFloor(const Work<Scalar>& work, Side side, Scalar floor, bool falling);

    Places m_W, m_Ht;
};

/// The fit of the factors as they are, with the penalties: in the arithmetic of the algorithms, by a walk over V.
template <class Scalar>
Fit fitOf(const Work<Scalar>& work);

} // namespace nmf
