#pragma once

namespace nmf
{

/// λ1‖U‖₁ + ½λ2‖U‖²F on one factor, part of the objective.
struct Penalty
{
    double l1 = 0, l2 = 0;

    bool none() const { return l1 == 0 && l2 == 0; }
    double price(double sum, double squaredNorm) const { return l1 * sum + l2 * squaredNorm / 2; }
    bool operator==(const Penalty&) const = default;
};

} // namespace nmf
