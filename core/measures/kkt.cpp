#include "core/measures/kkt.h"

#include "core/losses/losses.h"
#include "core/solver_data.h"
#include "core/terms.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace nmf
{

namespace
{

/// Entries up to this share of a factor's natural size are zeros: multiplicative rules keep them off zero itself.
constexpr double zeroShare = 1e-14;
/// So many entries of a strip of V are in memory for each thread.
constexpr Index stripEntries = 1 << 18;

/// The derivative of d(v|x) by x, x^(β−2)(x − v), of whole arrays; v is left alone, x becomes the derivative.
void differentiate(const Divergence& divergence, const Matrix<double>& v, Matrix<double>& x)
{
    x = x.cwiseMax(tiny<double>);
    if (divergence.kullbackLeibler())
        x.array() = 1 - v.array() / x.array();
    else
        x.array() = x.array().pow(divergence.beta - 2) * (x.array() - v.array());
}

/// The gradient of the objective, a few rows of a factor at a time.
template <class Scalar>
class Gradient
{
public:
    Gradient(const Work<Scalar>& work, const Factors<double>& factors)
        : m_V(work.V), m_known(work.known), m_factors(factors), m_divergence(work.divergence)
    {
        const auto keep = [&](Side side, const Matrix<double>& F) {
            Kept& kept = m_kept[at(side)];
            kept.gram = F.transpose() * F;
            kept.sums = F.colwise().sum();
            if (storedOnly() || m_known)
                kept.rows = F.transpose();
        };
        keep(Side::Basis, factors.Ht);
        keep(Side::Coefficients, factors.W);
    }

    Index width(Side side) const
    {
        return std::clamp<Index>(stripEntries / std::max<Index>(m_V.otherRowsOf(side), 1), 1, 64);
    }

    /// Rows [first, first + count) of ∇ without the penalties.
    Matrix<double> operator()(Side side, Index first, Index count) const
    {
        const bool basis = side == Side::Basis;
        const Matrix<double>& F = basis ? m_factors.Ht : m_factors.W;
        const auto U = (basis ? m_factors.W : m_factors.Ht).middleRows(first, count);
        if (m_known)
            return ofKnown(side, first, U);
        if (storedOnly())
            return ofStored(side, first, U);
        if (m_divergence.quadratic() && m_V.isSparse()) {
            Matrix<double> product(count, U.cols());
            m_V.sparse()->template multiply<double>(side, F, first, product);
            return U * m_kept[at(side)].gram - product;
        }
        const Matrix<double> V = strip(side, first, count);
        if (m_divergence.quadratic())
            return U * m_kept[at(side)].gram - V * F;
        Matrix<double> X = U * F.transpose();
        differentiate(m_divergence, V, X);
        return X * F;
    }

private:
    /// What the rows of a side need of the other factor.
    struct Kept
    {
        Matrix<double> gram, rows;
        Vector<double> sums;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    bool storedOnly() const { return m_V.isSparse() && m_divergence.kullbackLeibler(); }

    Matrix<double> strip(Side side, Index first, Index count) const
    {
        if (side == Side::Coefficients)
            return m_V.columns(first, count).transpose().template cast<double>();
        Matrix<Scalar> rows(count, m_V.cols());
        m_V.tile(first, 0, rows);
        return rows.template cast<double>();
    }

    /// Entries that are not known have no derivative.
    Matrix<double> ofKnown(Side side, Index first, const Eigen::Ref<const Matrix<double>>& U) const
    {
        const Kept& other = m_kept[at(side)];
        Matrix<double> gradient(U.rows(), U.cols());
        Vector<double> own, sum;
        for (Index i = 0; i < U.rows(); ++i) {
            own = U.row(i);
            sum.setZero(U.cols());
            const KnownLine line = m_known->line(side, first + i);
            for (std::size_t e = 0; e < line.size(); ++e) {
                const auto f = other.rows.col(line.indices[e]);
                sum += line.weight(e) * m_divergence.slope(line.values[e], own.dot(f)) * f;
            }
            gradient.row(i) = sum;
        }
        return gradient;
    }

    /// Entries of V that are not kept are zero and have the derivative one.
    Matrix<double> ofStored(Side side, Index first, const Eigen::Ref<const Matrix<double>>& U) const
    {
        const Kept& other = m_kept[at(side)];
        Matrix<double> gradient(U.rows(), U.cols());
        Vector<double> own, sum;
        for (Index i = 0; i < U.rows(); ++i) {
            own = U.row(i);
            sum = other.sums;
            const StoredEntries<Scalar> entries = m_V.storedEntries(side, first + i);
            for (std::size_t e = 0; e < entries.size(); ++e) {
                const auto f = other.rows.col(entries.indices[e]);
                sum -= static_cast<double>(entries.value(e)) / std::max(own.dot(f), tiny<double>) * f;
            }
            gradient.row(i) = sum;
        }
        return gradient;
    }

    const SolverData<Scalar>& m_V;
    const KnownEntries* m_known;
    const Factors<double>& m_factors;
    Divergence m_divergence;
    Kept m_kept[2];
};

void balanceNorms(Factors<double>& factors)
{
    for (Index a = 0; a < factors.rank(); ++a) {
        const double w = factors.W.col(a).norm(), h = factors.Ht.col(a).norm();
        if (!(w > 0 && h > 0))
            continue;
        const double scale = std::sqrt(h / w);
        factors.W.col(a) *= scale;
        factors.Ht.col(a) /= scale;
    }
}

template <class Scalar>
double squaredResidual(const Gradient<Scalar>& gradient, Side side, const Matrix<double>& U, const Penalty& penalty,
                       double zero, Blocks& blocks)
{
    const Partition strips{U.rows(), gradient.width(side)};
    std::vector<double> sums(static_cast<std::size_t>(strips.count()), 0.0);
    blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        const auto rows = U.middleRows(first, count).array();
        Eigen::ArrayXXd slope = gradient(side, first, count).array() + penalty.l1 + penalty.l2 * rows;
        slope = (rows > zero).select(slope, slope.min(0.0));
        sums[static_cast<std::size_t>(strip)] = slope.square().sum();
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

template <class Scalar>
double residualOf(const Work<Scalar>& work, const Factors<double>& factors)
{
    const double norm = work.known ? work.known->squaredNorm() : work.V.squaredNorm();
    if (!(norm > 0))
        return 0;
    const Gradient<Scalar> gradient(work, factors);
    const double zero = zeroShare * std::sqrt(work.V.mean() / static_cast<double>(std::max<Index>(factors.rank(), 1)));
    const double squared = squaredResidual(gradient, Side::Basis, factors.W, work.onW, zero, work.blocks) +
                           squaredResidual(gradient, Side::Coefficients, factors.Ht, work.onH, zero, work.blocks);
    return std::sqrt(squared) / (work.divergence.quadratic() ? std::pow(norm, 0.75) : 1.0);
}

template <class Scalar>
double residualOf(const Dataset& dataset, const Options& options, const Factors<double>& given)
{
    Blocks blocks(options.threads);
    std::optional<KnownEntries> known;
    if (isWeighted(options, dataset))
        known.emplace(dataset, options);
    const SolverData<Scalar> V(known ? known->filled(!dataset.V.isSparse()) : dataset.V, blocks);
    if (known)
        known->divide(V.scale());
    if (!((known ? known->squaredNorm() : V.squaredNorm()) > 0))
        return 0;
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    // As in Run: a penalty that weighs against the fit of the divided data as the given one does.
    const auto scaled = [&](const Penalty& penalty) {
        return Penalty{penalty.l1 == 0 ? 0 : penalty.l1 * std::pow(V.scale(), 0.5 - divergence.beta),
                       penalty.l2 == 0 ? 0 : penalty.l2 * std::pow(V.scale(), 1 - divergence.beta)};
    };
    Factors<double> factors{given.W / V.factorScale(), given.Ht / V.factorScale()};
    if (options.onW.none() && options.onH.none())
        balanceNorms(factors);
    Factors<Scalar> unused;
    return residualOf(Work<Scalar>{V, unused, blocks, divergence, options.seed, scaled(options.onW),
                                   scaled(options.onH), known ? &*known : nullptr},
                      factors);
}

} // namespace

bool servesKkt(const Options& options)
{
    const std::vector<Demand> demands = demandsOf(options);
    return std::all_of(demands.begin(), demands.end(),
                       [](Demand demand) { return demand == Demand::L1 || demand == Demand::L2; });
}

double kktResidual(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    return dataset.V.isSingle() ? residualOf<float>(dataset, options, factors)
                                : residualOf<double>(dataset, options, factors);
}

template <class Scalar>
double kktResidual(const Work<Scalar>& work, bool balanced)
{
    Factors<double> factors{work.factors.W.template cast<double>(), work.factors.Ht.template cast<double>()};
    if (work.onW.none() && work.onH.none())
        balanceNorms(factors);
    else if (balanced && !work.onW.none() && !work.onH.none())
        scaleColumns(factors, bestBalance(factors, work.onW, work.onH));
    return residualOf(work, factors);
}

template double kktResidual(const Work<float>&, bool);
template double kktResidual(const Work<double>&, bool);

} // namespace nmf
