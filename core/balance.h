#pragma once

#include "core/factors.h"
#include "core/penalty.h"

namespace nmf
{

/// What the columns of W and of Ht are to be multiplied by.
struct ColumnScales
{
    Vector<double> onW, onH;
};

/// w_a can be multiplied by c and h_a divided by it without changing WH: the c that makes the penalties of each
/// component smallest, exactly. A component of which one half is zero has no part in WH; its other half becomes zero.
template <class Scalar>
ColumnScales bestBalance(const Factors<Scalar>& factors, const Penalty& onW, const Penalty& onH);

template <class Scalar>
void scaleColumns(Factors<Scalar>& factors, const ColumnScales& scales);

} // namespace nmf
