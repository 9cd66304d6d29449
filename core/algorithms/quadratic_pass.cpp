#include "core/algorithms/quadratic_pass.h"

#include "core/algorithms/gram_sums.h"
#include "core/algorithms/locked_rows.h"
#include "core/row_layout.h"

#include <algorithm>
#include <memory>
#include <type_traits>

namespace nmf
{

template <class Scalar>
QuadraticPass<Scalar>::QuadraticPass(const Work<Scalar>& work)
    : m_V(work.V), m_blocks(work.blocks), m_basisParts(partition(work.V.rows())),
      m_coefficientParts(partition(work.V.cols())), m_scratch(static_cast<std::size_t>(work.blocks.threads()))
{
    const Index rank = work.factors.rank();
    for (std::vector<PassSums>& sums : m_sums) {
        sums.resize(static_cast<std::size_t>(std::max(m_basisParts.count(), m_coefficientParts.count())));
        for (PassSums& block : sums)
            block.gram.resize(rank, rank);
    }
    for (Scratch& scratch : m_scratch) {
        scratch.product.resize(std::max(m_basisParts.step, m_coefficientParts.step), rank);
        if (servesGramOfRows())
            scratch.rows.resize((rank + 7) / 8 * 8, scratch.product.rows());
        if constexpr (!std::is_same_v<Scalar, double>)
            scratch.wide.resize(scratch.product.rows(), rank);
    }
}

/// In double whatever the factors are.
template <class Scalar>
void QuadraticPass<Scalar>::sumBlock(const ConstMatrixRef<Scalar>& U, Scratch& scratch, PassSums& sums,
                                     const ConstMatrixRef<Scalar>* C)
{
    const auto sum = [&](const ConstMatrixRef<double>& wide) {
        sums.sum = sumOf(wide);
        if (C)
            sums.cross = crossOf<Scalar>(*C, wide);
        if (servesGramOfRows()) {
            layOutRows<double>(wide, scratch.rows.data(), scratch.rows.rows());
            sums.gram.setZero();
            addGramOfRows(scratch.rows.data(), scratch.rows.rows(), wide.rows(), sums.gram);
        } else {
            sums.gram.noalias() = wide.transpose() * wide;
        }
    };
    if constexpr (std::is_same_v<Scalar, double>) {
        sum(U);
    } else {
        auto wide = scratch.wide.topRows(U.rows());
        wide = U.template cast<double>();
        sum(wide);
    }
}

template <class Scalar>
void QuadraticPass<Scalar>::addUp(Side side, std::size_t slot, PassSums& sums) const
{
    sums.sum = 0;
    sums.gram.setZero(m_sums[slot].front().gram.rows(), m_sums[slot].front().gram.cols());
    for (Index block = 0; block < parts(side).count(); ++block) {
        const PassSums& part = m_sums[slot][static_cast<std::size_t>(block)];
        sums.sum += part.sum;
        sums.gram += part.gram;
    }
    if (servesGramOfRows())
        mirrorLower(sums.gram);
}

template <class Scalar>
void QuadraticPass<Scalar>::run(Side side, const Matrix<Scalar>& F, const Rule& rule,
                                std::initializer_list<Measured> measured, const Matrix<Scalar>* known)
{
    Operand<Scalar>& operand = m_operands[side == Side::Basis ? 0 : 1];
    if (!known)
        m_V.prepare(F, operand, m_blocks);
    m_blocks.run(parts(side).count(), [&](Index block, int thread) {
        const Index first = parts(side).first(block), count = parts(side).size(block);
        Scratch& scratch = m_scratch[static_cast<std::size_t>(thread)];
        auto C = scratch.product.topRows(count);
        if (known)
            C = known->middleRows(first, count);
        else
            m_V.multiply(side, operand, first, C);
        rule(first, C, thread);
        std::size_t slot = 0;
        for (const Measured& one : measured) {
            const ConstMatrixRef<Scalar> product(C);
            sumBlock(one.U->middleRows(first, count), scratch, m_sums[slot++][static_cast<std::size_t>(block)],
                     &product);
        }
    });
    std::size_t slot = 0;
    for (const Measured& one : measured) {
        addUp(side, slot, *one.sums);
        one.sums->cross = 0;
        for (Index block = 0; block < parts(side).count(); ++block)
            one.sums->cross += m_sums[slot][static_cast<std::size_t>(block)].cross;
        ++slot;
    }
}

template <class Scalar>
void QuadraticPass<Scalar>::measure(Side side, const Matrix<Scalar>& U, PassSums& sums)
{
    m_blocks.run(parts(side).count(), [&](Index block, int thread) {
        sumBlock(U.middleRows(parts(side).first(block), parts(side).size(block)),
                 m_scratch[static_cast<std::size_t>(thread)], m_sums[0][static_cast<std::size_t>(block)], nullptr);
    });
    addUp(side, 0, sums);
}

namespace
{

/// Below this share of ‖V‖² a squared residual formed from sums has lost half of its digits.
constexpr double trustedShare = 1e-8;

/// The sum of a term over the columns of V in strips of `width`, in a fixed order.
template <class Scalar, class Term>
double sumOverStrips(const Work<Scalar>& work, Index width, const Term& term)
{
    const Partition strips{work.V.cols(), width};
    std::vector<double> sums(static_cast<std::size_t>(strips.count()), 0.0);
    work.blocks.run(strips.count(), [&](Index strip, int) {
        sums[static_cast<std::size_t>(strip)] = term(strips.first(strip), strips.size(strip));
    });
    double total = 0;
    for (const double sum : sums)
        total += sum;
    return total;
}

/// ‖V‖² − 2⟨V, WH⟩ + ‖WH‖² in double precision, WH formed at the stored entries only.
template <class Scalar>
double storedSquaredResidual(const Work<Scalar>& work, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht)
{
    const Matrix<double> rowsW = W.transpose().template cast<double>(), rowsH = Ht.transpose().template cast<double>();
    const double cross = sumOverStrips(work, 64, [&](Index first, Index count) {
        double sum = 0;
        for (Index j = first; j < first + count; ++j) {
            const StoredEntries<Scalar> column = work.V.storedEntries(Side::Coefficients, j);
            for (std::size_t at = 0; at < column.size(); ++at)
                sum += static_cast<double>(column.value(at)) * rowsW.col(column.indices[at]).dot(rowsH.col(j));
        }
        return sum;
    });
    const Matrix<double> gramW = rowsW * rowsW.transpose(), gramH = rowsH * rowsH.transpose();
    return work.V.squaredNorm() - 2 * cross + gramW.cwiseProduct(gramH).sum();
}

/// Whether forming WH whole is out of proportion to a walk over a sparse V.
template <class Scalar>
bool tooLargeToForm(const Work<Scalar>& work, Index rank)
{
    constexpr double affordable = 1e10;
    return static_cast<double>(work.V.rows()) * static_cast<double>(work.V.cols()) * static_cast<double>(rank) >
           affordable;
}

} // namespace

template <class Scalar>
double directSquaredResidual(const Work<Scalar>& work, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht)
{
    Index width = 64;
    if (work.V.isSparse()) {
        const double squared = storedSquaredResidual(work, W, Ht);
        // What is left of a fit that is exact to all digits but the last is not worth a walk over m × n entries.
        if (squared >= trustedShare * work.V.squaredNorm() || tooLargeToForm(work, W.cols()))
            return std::max(squared, 0.0);
        constexpr Index stripEntries = 1 << 17;
        width = std::clamp<Index>(stripEntries / std::max<Index>(work.V.rows(), 1), 1, width);
    }
    return sumOverStrips(work, width, [&](Index first, Index count) {
        Matrix<Scalar> R = work.V.columns(first, count);
        R.noalias() -= W * Ht.middleRows(first, count).transpose();
        return static_cast<double>(R.template cast<double>().squaredNorm());
    });
}

template <class Scalar>
Fit quadraticFit(const Work<Scalar>& work, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, double cross,
                 const PassSums& sumsW, const PassSums& sumsH)
{
    const double norm = work.V.squaredNorm();
    double squared = norm - 2 * cross + sumsW.gram.cwiseProduct(sumsH.gram).sum();
    // Below this the difference has lost half of its digits (in single precision all of them).
    const double trusted = std::is_same_v<Scalar, float> ? 1e-3 : trustedShare;
    if (!(squared >= trusted * norm))
        squared = directSquaredResidual(work, W, Ht);
    return {squared / 2 + gramPrice(work, sumsW, sumsH), squared};
}

template <class Scalar>
double gramPrice(const Work<Scalar>& work, const PassSums& sumsW, const PassSums& sumsH)
{
    const auto ofOne = [](const Penalty& penalty, const PassSums& sums) {
        const double price = penalty.price(sums.sum, sums.gram.trace());
        return penalty.overlap == 0 ? price : price + penalty.overlap * (sums.gram.sum() - sums.gram.trace()) / 2;
    };
    const double price = ofOne(work.onW, sumsW) + ofOne(work.onH, sumsH), share = work.together.dropout;
    return share == 0 ? price : price + share / (1 - share) * sumsW.gram.diagonal().dot(sumsH.gram.diagonal()) / 2;
}

template <class Scalar>
void setGram(const Work<Scalar>& work, Side side, const Matrix<double>& gram, Matrix<Scalar>& G)
{
    const Penalty& penalty = work.penalty(side);
    G = gram.template cast<Scalar>();
    if (work.together.dropout != 0)
        G.diagonal() /= static_cast<Scalar>(1 - work.together.dropout);
    if (penalty.overlap != 0) {
        G.array() += static_cast<Scalar>(penalty.overlap);
        G.diagonal().array() -= static_cast<Scalar>(penalty.overlap);
    }
    G.diagonal().array() += static_cast<Scalar>(penalty.l2);
}

bool servedByGram(Demand demand)
{
    return demand == Demand::L1 || demand == Demand::L2 || demand == Demand::Overlap || demand == Demand::Dropout;
}

namespace
{

template <class Scalar>
class QuadraticAlternation
{
public:
    QuadraticAlternation(const Work<Scalar>& work, RowRule<Scalar> rule)
        : m_work(work), m_rule(std::move(rule)), m_locked(work), m_pass(work),
          m_G(work.factors.rank(), work.factors.rank())
    {
        m_pass.measure(Side::Basis, work.factors.W, m_W);
        m_pass.run(Side::Coefficients, work.factors.W, [](Index, const auto&, int) {}, {{&work.factors.Ht, &m_Ht}});
        m_cross = m_Ht.cross;
    }

    void move(Side side)
    {
        const bool basis = side == Side::Basis;
        Matrix<Scalar>& factor = basis ? m_work.factors.W : m_work.factors.Ht;
        const Matrix<Scalar>& F = basis ? m_work.factors.Ht : m_work.factors.W;
        PassSums& sums = basis ? m_W : m_Ht;
        setGram(m_work, side, (basis ? m_Ht : m_W).gram, m_G);
        const auto l1 = static_cast<Scalar>(m_work.penalty(side).l1);
        if (m_rule.begin)
            m_rule.begin(side);
        m_locked.begin(side, factor);
        const auto rule = [&](Index first, const ConstMatrixRef<Scalar>& C, int thread) {
            m_rule.move(side, m_G, l1, first, C, factor.middleRows(first, C.rows()), thread);
            m_locked.restore(side, first, factor.middleRows(first, C.rows()));
        };
        // Held by reference, so that nothing is allocated.
        m_pass.run(side, F, std::cref(rule), {{&factor, &sums}});
        m_cross = sums.cross;
    }

    Fit fit() const
    {
        Fit fit = quadraticFit(m_work, m_work.factors.W, m_work.factors.Ht, m_cross, m_W, m_Ht);
        if (m_rule.price)
            fit.objective += m_rule.price();
        return fit;
    }

    void rescaled()
    {
        m_pass.measure(Side::Basis, m_work.factors.W, m_W);
        m_pass.measure(Side::Coefficients, m_work.factors.Ht, m_Ht);
    }

    double bestScale() const { return m_cross / m_W.gram.cwiseProduct(m_Ht.gram).sum(); }

private:
    Work<Scalar> m_work;
    RowRule<Scalar> m_rule;
    LockedRows<Scalar> m_locked;
    QuadraticPass<Scalar> m_pass;
    Matrix<Scalar> m_G;
    PassSums m_W, m_Ht;
    double m_cross = 0;
};

} // namespace

template <class Scalar>
Steps<Scalar> alternateQuadratic(const Work<Scalar>& work, BlockRule<Scalar> rule)
{
    return alternateRows<Scalar>(work,
                                 {.move = [rule = std::move(rule)](Side side, const Matrix<Scalar>& G, Scalar l1, Index,
                                                                   const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U,
                                                                   int thread) { rule(side, G, l1, C, U, thread); }});
}

template <class Scalar>
Steps<Scalar> alternateRows(const Work<Scalar>& work, RowRule<Scalar> rule)
{
    const auto alternation = std::make_shared<QuadraticAlternation<Scalar>>(work, std::move(rule));
    return {.coefficients = [alternation] { alternation->move(Side::Coefficients); },
            .basis = [alternation] { alternation->move(Side::Basis); },
            .fit = [alternation] { return alternation->fit(); },
            .bestScale = [alternation] { return alternation->bestScale(); },
            .rescaled = [alternation](const ColumnScales&) { alternation->rescaled(); }};
}

template class QuadraticPass<float>;
template class QuadraticPass<double>;
template double directSquaredResidual(const Work<float>&, const Matrix<float>&, const Matrix<float>&);
template double directSquaredResidual(const Work<double>&, const Matrix<double>&, const Matrix<double>&);
template Fit quadraticFit(const Work<float>&, const Matrix<float>&, const Matrix<float>&, double, const PassSums&,
                          const PassSums&);
template Fit quadraticFit(const Work<double>&, const Matrix<double>&, const Matrix<double>&, double, const PassSums&,
                          const PassSums&);
template double gramPrice(const Work<float>&, const PassSums&, const PassSums&);
template double gramPrice(const Work<double>&, const PassSums&, const PassSums&);
template void setGram(const Work<float>&, Side, const Matrix<double>&, Matrix<float>&);
template void setGram(const Work<double>&, Side, const Matrix<double>&, Matrix<double>&);
template Steps<float> alternateRows(const Work<float>&, RowRule<float>);
template Steps<double> alternateRows(const Work<double>&, RowRule<double>);
template Steps<float> alternateQuadratic(const Work<float>&, BlockRule<float>);
template Steps<double> alternateQuadratic(const Work<double>&, BlockRule<double>);

} // namespace nmf
