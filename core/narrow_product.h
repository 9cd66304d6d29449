#pragma once

#include "core/side.h"
#include "core/sparse_data.h"

namespace nmf
{

/// The products of a dense V with a narrow factor. V is read where it lies: a general product first packs it, which for
/// so few columns takes a third of the time.
template <class Scalar>
class NarrowProduct
{
public:
    /// Whether this build has registers enough for it to be worth while, for a factor of this width.
    static bool serves(Index rank);

    /// Rows [first, first + out.rows()) of scale · V F (Basis) or scale · Vᵀ F (Coefficients). At least leastRows.
    static void multiply(Side side, const Eigen::Map<const Matrix<Scalar>>& V, Scalar scale,
                         const InterleavedFactor<Scalar>& F, Index first, MatrixRef<Scalar> out);
    static constexpr Index leastRows = 8;
};

} // namespace nmf
