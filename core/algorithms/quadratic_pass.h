#pragma once

#include "core/algorithms/steps.h"

#include <array>
#include <functional>
#include <vector>

namespace nmf
{

/// Improves a block of rows U of one factor: minimises ½⟨U, U G⟩ − ⟨C, U⟩ over U ≥ 0 a little or exactly, where G = FᵀF
/// is k × k and C (the same shape as U) holds these rows of V F. C is scratch that must be left as it is; `thread`
/// names other scratch.
template <class Scalar>
using BlockRule = std::function<void(const Matrix<Scalar>& G, const Eigen::Ref<const Matrix<Scalar>>& C,
                                     Eigen::Ref<Matrix<Scalar>> U, int thread)>;

/// The alternation that all algorithms for the Frobenius loss share. The data enter only through G = FᵀF and V F; a
/// rule is told both for one block of rows at a time, right after the product has been formed, so that product, update
/// and sums are one pass over the data, and no array of the factor's size is needed beside the factor. The objective
/// falls out of the same sums: ½(‖V‖² − 2⟨VF, U⟩ + ⟨FᵀF, UᵀU⟩).
template <class Scalar>
Steps<Scalar> alternateQuadratic(const Work<Scalar>& work, BlockRule<Scalar> rule);

} // namespace nmf
