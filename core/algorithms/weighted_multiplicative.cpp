#include "core/algorithms/weighted_multiplicative.h"

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/locked_rows.h"
#include "core/algorithms/weighted_pass.h"

#include <cmath>
#include <memory>

namespace nmf
{

namespace
{

/// Entries whose model is formed at once.
constexpr Index entriesAtOnce = 128;

/// One thread's memory for the sums of a line, and the rule.
class LineRatio
{
public:
    LineRatio(Index rank, const Divergence& divergence, double floor)
        : m_beta(divergence.beta), m_exponent(divergence.exponent()), m_floor(floor),
          // x^(β−2) of it is still a number, with room for the data.
          m_lowest(std::pow(10.0, -120 / std::max(3.0, 2 - divergence.beta))), m_above(rank), m_below(rank),
          m_whole(rank), m_model(entriesAtOnce), m_values(entriesAtOnce), m_rows(rank, entriesAtOnce)
    {
    }

    void improve(const LineStep& step, const Penalty& penalty, const FactorLock& lock, Eigen::Ref<Vector<double>> u)
    {
        const KnownLine& line = step.line;
        m_above.setZero();
        m_below.setZero();
        for (std::size_t first = 0; first < line.size(); first += entriesAtOnce)
            add(line, step.held, u, first, std::min(line.size() - first, static_cast<std::size_t>(entriesAtOnce)));
        if (line.zerosKnown)
            addZeros(line, step.held, u);
        for (Index a = 0; a < u.size(); ++a)
            if (!isLocked(lock, step.index, a))
                u(a) = improved(u(a), m_above(a), m_below(a) + penalty.l1, penalty.l2);
    }

private:
    /// Zeros that are not listed stand in the denominator alone, which for β of one or two is known without them: all
    /// of the held factor less what is left out. The difference may round to less than what is listed.
    void addZeros(const KnownLine& line, const HeldFactor& held, const Eigen::Ref<Vector<double>>& u)
    {
        if (m_beta == 2)
            m_whole.noalias() = held.gram * u;
        else
            m_whole = held.sums;
        for (const int row : line.leftOut)
            m_whole -= (m_beta == 2 ? held.rows.col(row).dot(u) : 1) * held.rows.col(row);
        m_below = m_below.cwiseMax(m_whole);
    }

    void add(const KnownLine& line, const HeldFactor& held, const Eigen::Ref<Vector<double>>& u, std::size_t first,
             std::size_t size)
    {
        const auto count = static_cast<Index>(size);
        for (Index i = 0; i < count; ++i) {
            const std::size_t entry = first + static_cast<std::size_t>(i);
            m_rows.col(i) = held.rows.col(line.indices[entry]);
            m_values(i) = line.values[entry];
        }
        const auto rows = m_rows.leftCols(count);
        auto x = m_model.head(count);
        auto v = m_values.head(count);
        x.noalias() = rows.transpose() * u;
        // v ← v x^(β−2) and x ← x^(β−1).
        if (m_beta != 2) {
            x = x.cwiseMax(m_lowest);
            v.array() /= x.array();
            if (m_beta == 1)
                x.setOnes();
            else if (m_beta == 0)
                x.array() = x.array().inverse();
            else
                x.array() = x.array().pow(m_beta - 1);
            v.array() *= x.array();
        }
        if (!line.weights.empty()) {
            const Eigen::Map<const Vector<double>> weights(line.weights.data() + first, count);
            x.array() *= weights.array();
            v.array() *= weights.array();
        }
        m_above.noalias() += rows * v;
        m_below.noalias() += rows * x;
    }

    double improved(double u, double above, double below, double l2) const
    {
        if (m_beta == 1 && l2 > 0)
            return std::max(m_floor, 2 * u * above / (below + std::sqrt(below * below + 4 * l2 * u * above)));
        below += l2 * u;
        // Without influence on the fit an entry stays.
        if (!(below > tiny<double>))
            return u;
        const double ratio = above / below;
        return std::max(m_floor, u * (m_exponent == 1 ? ratio : std::pow(ratio, m_exponent)));
    }

    double m_beta, m_exponent, m_floor, m_lowest;
    Vector<double> m_above, m_below, m_whole, m_model, m_values;
    Matrix<double> m_rows;
};

} // namespace

template <class Scalar>
Steps<Scalar> multiplyWeighted(const Work<Scalar>& work)
{
    const Scalar floor = smallestEntry(work);
    LockedRows<Scalar> locked(work);
    for (const Side side : {Side::Basis, Side::Coefficients}) {
        Matrix<Scalar>& U = side == Side::Basis ? work.factors.W : work.factors.Ht;
        locked.begin(side, U);
        U = U.cwiseMax(floor);
        locked.restore(side, 0, U);
    }
    const auto ratios = std::make_shared<std::vector<LineRatio>>(
        static_cast<std::size_t>(work.blocks.threads()),
        LineRatio(work.factors.rank(), work.divergence, static_cast<double>(floor)));
    const Penalty onW = work.onW, onH = work.onH;
    const FactorLock lockW = work.lockW, lockH = work.lockH;
    Steps<Scalar> steps = alternateWeighted(work, [=](const LineStep& step, Eigen::Ref<Vector<double>> u) {
        const bool basis = step.side == Side::Basis;
        (*ratios)[static_cast<std::size_t>(step.thread)].improve(step, basis ? onW : onH, basis ? lockW : lockH, u);
    });
    steps.floor = hasLocks(work) ? Scalar(0) : floor;
    return steps;
}

template Steps<float> multiplyWeighted(const Work<float>&);
template Steps<double> multiplyWeighted(const Work<double>&);

} // namespace nmf
