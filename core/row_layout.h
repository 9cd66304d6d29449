#pragma once

#include "core/matrix.h"

namespace nmf
{

/// Writes the numbers of a row of U side by side, `step` for each row, the rest zeros; `step` is a multiple of
/// Lanes<Scalar>::count.
template <class Scalar>
void layOutRows(const ConstMatrixRef<Scalar>& U, Scalar* out, Index step);

} // namespace nmf
