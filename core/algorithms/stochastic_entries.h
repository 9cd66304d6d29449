#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// How a walk over the known entries is made.
struct EntrySteps
{
    double step = 1;    ///< the first, as a share of the longest one that never overshoots an entry
    double decay = 100; ///< after so many walks it is two thirds of that
    double dropout = 0; ///< the share of entries that each walk does without
};

/// Stochastic gradient descent for the Frobenius or the Kullback-Leibler loss over the known entries, one after another
/// in an order that is drawn anew for each walk: w_i ← [w_i + η(e h_j − l1 − l2 w_i)]₊ and h_j likewise, e being the
/// entry's residual, v − x, or v/x − 1. The
/// entries are laid out in blocks of which those that share neither rows nor columns are walked side by side (Gemulla
/// et al. 2011), so that the threads do not matter. Takes memory for a second copy of the entries.
template <class Scalar>
Steps<Scalar> walkEntries(const Work<Scalar>& work, const EntrySteps& how);

} // namespace nmf
