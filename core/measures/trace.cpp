#include "core/measures/trace.h"

#include "core/gradient.h"
#include "core/losses/losses.h"

#include <Eigen/Eigenvalues>

#include <cmath>

namespace nmf
{

namespace
{

/// The trace is on its bound.
constexpr double near = 1e-6;
/// Singular values of larger matrices take too long for a report.
constexpr Index largestSquare = 256;

/// Σ over these rows of ⟨slope, u⟩ of what the objective has besides the loss.
double termsAlong(const Options& options, Side side, const Factors<double>& factors, Index rows)
{
    const bool basis = side == Side::Basis;
    const Penalty& penalty = basis ? options.onW : options.onH;
    const Matrix<double> U = (basis ? factors.W : factors.Ht).topRows(rows), &F = basis ? factors.Ht : factors.W;
    const double squares = U.squaredNorm(), share = options.together.dropout;
    double sum = penalty.l1 * U.sum() + penalty.l2 * squares;
    sum += penalty.overlap * (U.rowwise().sum().squaredNorm() - squares);
    return sum + share / (1 - share) * U.colwise().squaredNorm().dot(F.colwise().squaredNorm());
}

/// Where the slope of what is minimised is −μ times that of the trace, or the entry zero, the sums over all entries
/// times their slopes are as well: of the rows with a share in the trace, in the mean of both factors.
template <class Scalar>
double multiplierOf(const Dataset& dataset, const Options& options, const Factors<double>& given)
{
    Blocks blocks(options.threads);
    const SolverData<Scalar> V(dataset.V, blocks);
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Factors<double> factors{given.W / V.factorScale(), given.Ht / V.factorScale()};
    const Gradient<Scalar> gradient(V, factors, divergence);
    const Index diagonal = std::min(V.rows(), V.cols());
    double along = 0;
    for (const Side side : {Side::Basis, Side::Coefficients}) {
        const Matrix<double>& U = side == Side::Basis ? factors.W : factors.Ht;
        const Partition strips{diagonal, gradient.width(side)};
        double ofLoss = 0;
        for (Index strip = 0; strip < strips.count(); ++strip) {
            const Index first = strips.first(strip), count = strips.size(strip);
            ofLoss += gradient(side, first, count).cwiseProduct(U.middleRows(first, count)).sum();
        }
        along += ofLoss * std::pow(V.scale(), divergence.beta) + termsAlong(options, side, given, diagonal);
    }
    return std::max(-along / (2 * traceOfModel(given)), 0.0);
}

/// ½Σ_{i>k} σ_i²(V − μI) + μ(tr V − τ) − ½μ²m: the least of the Lagrangian, which is concave in μ.
class DualBound
{
public:
    DualBound(Matrix<double> V, Index rank, double bound) : m_V(std::move(V)), m_rank(rank), m_bound(bound) {}

    double largest() const
    {
        const double unit = m_V.norm() / std::sqrt(static_cast<double>(m_V.rows()));
        double low = 0, high = unit;
        for (int growth = 0; growth < 60 && at(high) > at(high / 2); ++growth)
            high *= 2;
        constexpr double golden = 0.6180339887498949;
        for (int round = 0; round < 60; ++round) {
            const double left = high - golden * (high - low), right = low + golden * (high - low);
            const bool rises = at(left) < at(right);
            (rises ? low : high) = rises ? left : right;
        }
        return std::max(at((low + high) / 2), at(0));
    }

private:
    double at(double multiplier) const
    {
        Matrix<double> shifted = m_V;
        shifted.diagonal().array() -= multiplier;
        const Matrix<double> gram = shifted.transpose() * shifted;
        const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(gram, Eigen::EigenvaluesOnly);
        const Index rest = std::max<Index>(m_V.rows() - m_rank, 0);
        return solver.eigenvalues().head(rest).cwiseMax(0.0).sum() / 2 + multiplier * (m_V.trace() - m_bound) -
               multiplier * multiplier * static_cast<double>(m_V.rows()) / 2;
    }

    Matrix<double> m_V;
    Index m_rank;
    double m_bound;
};

} // namespace

TraceReport traceReport(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    const double bound = options.together.traceBound;
    TraceReport report{.trace = traceOfModel(factors)};
    const bool whole = !isWeighted(options, dataset);
    if (report.trace >= bound * (1 - near) && report.trace > 0 && whole) {
        report.multiplier = dataset.V.isSingle() ? multiplierOf<float>(dataset, options, factors)
                                                 : multiplierOf<double>(dataset, options, factors);
        report.active = report.multiplier > 0;
    }
    const Index rows = dataset.V.rows();
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    if (divergence.quadratic() && whole && rows == dataset.V.cols() && rows <= largestSquare) {
        Blocks blocks(1);
        const SolverData<double> V(dataset.V, blocks);
        report.leastObjective = DualBound(V.columns(0, rows) * V.scale(), options.rank, bound).largest();
    }
    return report;
}

} // namespace nmf
