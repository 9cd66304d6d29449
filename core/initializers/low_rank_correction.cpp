#include "core/algorithms/hals_sweep.h"
#include "core/initializers/initializers.h"
#include "core/initializers/truncated_svd.h"

#include <cmath>

namespace nmf
{

namespace
{

constexpr int mostSweeps = 100;
constexpr double enough = 1e-4;

/// V ≈ Y Zᵀ: half of the singular pairs that the rank would allow, since each gives two components.
struct LowRank
{
    Matrix<double> Y, Z;
};

LowRank lowRank(const TruncatedSvd& svd)
{
    const Vector<double> root = svd.sigma.cwiseMax(0).cwiseSqrt();
    return {svd.U * root.asDiagonal(), svd.V * root.asDiagonal()};
}

/// The leading pair, which has one sign, and of the others the positive and the negative parts, one after the other.
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

/// HALS on the low-rank matrix itself, which costs little: its products never touch V.
void correct(Factors<double>& start, const LowRank& approximation, const std::stop_token& stop)
{
    HalsSweep<double> sweep(start.rank());
    Matrix<double> G, C;
    const double norm = (approximation.Y.transpose() * approximation.Y)
                            .cwiseProduct(approximation.Z.transpose() * approximation.Z)
                            .sum();
    const auto move = [&](Matrix<double>& U, const Matrix<double>& F, const Matrix<double>& own,
                          const Matrix<double>& other) {
        G.noalias() = F.transpose() * F;
        C.noalias() = own * (other.transpose() * F);
        sweep(G, 0.0, Eigen::Ref<const Matrix<double>>(C), Eigen::Ref<Matrix<double>>(U), 1);
    };
    double before = norm, firstFall = 0;
    for (int round = 0; round < mostSweeps; ++round) {
        if (stop.stop_requested())
            throw Cancelled();
        move(start.Ht, start.W, approximation.Z, approximation.Y);
        move(start.W, start.Ht, approximation.Y, approximation.Z);
        const double now =
            norm - 2 * C.cwiseProduct(start.W).sum() + G.cwiseProduct(start.W.transpose() * start.W).sum();
        const double fall = before - now;
        before = now;
        if (round == 1)
            firstFall = fall;
        if (round > 1 && fall <= enough * firstFall)
            return;
    }
}

template <class Scalar>
Factors<Scalar> makeCorrected(const Values&, const StartRequest<Scalar>& request)
{
    const Index known = std::min({request.rank, request.V.rows(), request.V.cols()});
    const LowRank approximation = lowRank(truncatedSvd(request.V, known / 2 + 1, request.blocks, request.stop));
    // Of the last pair both parts are needed only if the rank is odd.
    Factors<double> start = signedParts(approximation, std::min(known, 2 * approximation.Y.cols() - 1));
    correct(start, approximation, request.stop);
    return padded(request, start);
}

} // namespace

Initializer lowRankCorrection()
{
    return {.facts = {.id = "lrc",
                      .name = "NNSVD-LRC",
                      .summary = "From the singular vectors, improved on the low-rank matrix that they make; the same "
                                 "every time. The closest start here.",
                      .source = "Atif, Qazi & Gillis 2019"},
            .usesSeed = false,
            .make = {makeCorrected<float>, makeCorrected<double>}};
}

} // namespace nmf
