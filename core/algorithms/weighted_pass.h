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
    Vector<double> sums; ///< of the rows
};

/// What a rule is told of the row that it is to improve.
struct LineStep
{
    Side side;
    Index index; ///< of the line of V, and of the row
    const KnownLine& line;
    const HeldFactor& held;
    int thread; ///< names scratch memory
};

/// Improves the row u of a factor that belongs to a line of V, beside the held factor.
using LineRule = std::function<void(const LineStep& step, Eigen::Ref<Vector<double>> u)>;

/// Plain alternation over the known entries, H by the rule and then W, line by line; where a factor is to be smooth,
/// lines that are not neighbours first, then the others. The arithmetic is in double precision throughout. A row of a
/// factor whose line has no known entry is zero and stays so, unless its neighbours or its sum say what it is; what is
/// locked stays. Nothing is allocated in the iterations.
template <class Scalar>
Steps<Scalar> alternateWeighted(const Work<Scalar>& work, LineRule rule);

} // namespace nmf
