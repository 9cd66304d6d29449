#pragma once

namespace nmf
{

/// Which factor is moved: H sees Vᵀ and W, W sees V and Hᵀ. One half-step serves both.
enum class Side { Coefficients, Basis };

constexpr Side opposite(Side side)
{
    return side == Side::Basis ? Side::Coefficients : Side::Basis;
}

} // namespace nmf
