#pragma once

#include "core/algorithms/steps.h"

#include <functional>
#include <vector>

namespace nmf
{

/// The factor that is held while the other one is moved: its rows side by side, in double precision.
struct HeldFactor
{
    Matrix<double> rows; ///< k × its rows
    Matrix<double> gram; ///< rows · rowsᵀ
};

/// Improves the row u of a factor that belongs to a line of V, beside the held factor; `thread` names scratch memory.
using LineRule = std::function<void(Side side, const KnownLine& line, const HeldFactor& held,
                                    Eigen::Ref<Vector<double>> u, int thread)>;

/// Plain alternation over the known entries, H by the rule and then W, line by line. The arithmetic is in double
/// precision throughout. A row of a factor whose line has no known entry is zero and stays so. Nothing is allocated in
/// the iterations.
template <class Scalar>
Steps<Scalar> alternateWeighted(const Work<Scalar>& work, LineRule rule);

} // namespace nmf
