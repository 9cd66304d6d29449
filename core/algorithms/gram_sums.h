#pragma once

#include "core/matrix.h"

namespace nmf
{

/// Whether this build has registers enough for the sums below to be faster than a general product.
bool servesGramOfRows();

/// Adds UᵀU to `gram` for rows of U that lie side by side, `step` apart (see layOutRows()), `step` being no less than
/// gram's size. Of what is above the diagonal only a part is formed: see mirror().
void addGramOfRows(const double* rows, Index step, Index count, Matrix<double>& gram);

/// Makes what is above the diagonal the same as what is below.
void mirrorLower(Matrix<double>& gram);

/// ΣU, and ⟨C, U⟩ for a C of the same shape.
double sumOf(const ConstMatrixRef<double>& U);
template <class Scalar>
double crossOf(const ConstMatrixRef<Scalar>& C, const ConstMatrixRef<double>& U);

} // namespace nmf
