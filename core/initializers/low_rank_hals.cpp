#include "core/initializers/low_rank_hals.h"

#include "core/algorithms/hals_sweep.h"
#include "core/error.h"

#include <vector>

namespace nmf
{

LowRank LowRank::of(const TruncatedSvd& svd)
{
    const Vector<double> root = svd.sigma.cwiseMax(0).cwiseSqrt();
    return {svd.U * root.asDiagonal(), svd.V * root.asDiagonal()};
}

Factors<double> signedParts(const LowRank& approximation, Index rank)
{
    Factors<double> start{Matrix<double>::Zero(approximation.Y.rows(), rank),
                          Matrix<double>::Zero(approximation.Z.rows(), rank)};
    for (Index a = 0; a < rank; ++a) {
        const Index pair = (a + 1) / 2;
        const double sign = a % 2 == 1 ? 1 : -1;
        if (a == 0) {
            start.W.col(0) = approximation.Y.col(0).cwiseAbs();
            start.Ht.col(0) = approximation.Z.col(0).cwiseAbs();
        } else {
            start.W.col(a) = (sign * approximation.Y.col(pair)).cwiseMax(0);
            start.Ht.col(a) = (sign * approximation.Z.col(pair)).cwiseMax(0);
        }
    }
    return start;
}

void improveOn(const LowRank& approximation, Factors<double>& start, const Effort& effort, Blocks& blocks,
               const std::stop_token& stop)
{
    std::vector<HalsSweep<double>> sweeps(static_cast<std::size_t>(blocks.threads()), HalsSweep<double>(start.rank()));
    Matrix<double> G, C(std::max(start.W.rows(), start.Ht.rows()), start.rank());
    const double norm = (approximation.Y.transpose() * approximation.Y)
                            .cwiseProduct(approximation.Z.transpose() * approximation.Z)
                            .sum();
    const auto move = [&](Matrix<double>& U, const Matrix<double>& F, const Matrix<double>& own,
                          const Matrix<double>& other) {
        G.noalias() = F.transpose() * F;
        const Matrix<double> product = other.transpose() * F;
        const Partition parts = partition(U.rows());
        blocks.run(parts.count(), [&](Index part, int thread) {
            const Index first = parts.first(part), count = parts.size(part);
            auto c = C.middleRows(first, count);
            c.noalias() = own.middleRows(first, count) * product;
            sweeps[static_cast<std::size_t>(thread)](G, 0.0, c, U.middleRows(first, count), effort.sweeps, 0.1);
        });
    };
    double before = norm, firstFall = 0;
    for (int round = 0; round < effort.rounds; ++round) {
        if (stop.stop_requested())
            throw Cancelled();
        move(start.Ht, start.W, approximation.Z, approximation.Y);
        move(start.W, start.Ht, approximation.Y, approximation.Z);
        const double now = norm - 2 * C.topRows(start.W.rows()).cwiseProduct(start.W).sum() +
                           G.cwiseProduct(start.W.transpose() * start.W).sum();
        const double fall = before - now;
        before = now;
        if (round == 1)
            firstFall = fall;
        if (round > 1 && fall <= effort.enough * firstFall)
            return;
    }
}

} // namespace nmf
