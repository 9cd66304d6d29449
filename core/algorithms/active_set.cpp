#include "core/algorithms/active_set.h"

#include <Eigen/Cholesky>

#include <vector>

namespace nmf
{

namespace
{

/// The unbounded minimum over the free variables; the others are zero.
Vector<double> freeMinimum(const Matrix<double>& G, const Vector<double>& c, const std::vector<Index>& free)
{
    const Matrix<double> reduced = G(free, free);
    const Vector<double> right = c(free);
    const Vector<double> solution = reduced.ldlt().solve(right);
    Vector<double> x = Vector<double>::Zero(c.size());
    for (std::size_t i = 0; i < free.size(); ++i)
        x(free[i]) = solution(static_cast<Index>(i));
    return x;
}

std::vector<Index> namesOf(const std::vector<bool>& isFree)
{
    std::vector<Index> free;
    for (std::size_t a = 0; a < isFree.size(); ++a)
        if (isFree[a])
            free.push_back(static_cast<Index>(a));
    return free;
}

/// Goes from x towards the free minimum; whatever meets zero on the way is held there, until the minimum is reached.
void descend(const Matrix<double>& G, const Vector<double>& c, std::vector<bool>& isFree, Vector<double>& x)
{
    for (std::vector<Index> free = namesOf(isFree); !free.empty(); free = namesOf(isFree)) {
        const Vector<double> target = freeMinimum(G, c, free);
        double share = 1;
        for (const Index a : free)
            if (target(a) <= 0)
                share = std::min(share, x(a) / (x(a) - target(a) + tiny<double>));
        if (share >= 1 && target.minCoeff() >= 0) {
            x = target;
            return;
        }
        x += share * (target - x);
        for (const Index a : free) {
            const bool met = target(a) <= 0 && x(a) <= 1e-14 * std::abs(target(a));
            if (!met)
                continue;
            x(a) = 0;
            isFree[static_cast<std::size_t>(a)] = false;
        }
        if (namesOf(isFree).size() == free.size()) {
            // Rounding hid the variable that stopped the move: it is the smallest one.
            Index smallest = free.front();
            for (const Index a : free)
                if (target(a) <= 0 && (target(smallest) > 0 || x(a) < x(smallest)))
                    smallest = a;
            x(smallest) = 0;
            isFree[static_cast<std::size_t>(smallest)] = false;
        }
    }
    x.setZero();
}

} // namespace

Vector<double> activeSetSolution(const Matrix<double>& G, const Vector<double>& c)
{
    const Index size = c.size();
    Vector<double> x = Vector<double>::Zero(size);
    std::vector<bool> isFree(static_cast<std::size_t>(size), false);
    const double enough = size == 0 ? 0 : 1e-13 * c.cwiseAbs().maxCoeff();
    // Each round frees one variable; without rounding none comes twice to the same set.
    for (Index round = 0; round < 10 * size; ++round) {
        const Vector<double> descent = c - G * x;
        Index steepest = -1;
        for (Index a = 0; a < size; ++a)
            if (!isFree[static_cast<std::size_t>(a)] && descent(a) > enough &&
                (steepest < 0 || descent(a) > descent(steepest)))
                steepest = a;
        if (steepest < 0)
            break;
        isFree[static_cast<std::size_t>(steepest)] = true;
        descend(G, c, isFree, x);
    }
    return x;
}

} // namespace nmf
