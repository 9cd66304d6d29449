#include "core/initializers/truncated_svd.h"

#include "core/error.h"
#include "core/full_product.h"

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <Spectra/SymEigsSolver.h>

#include <limits>

namespace nmf
{

namespace
{

/// Up to this many rows of the smaller side a dense decomposition costs next to nothing and keeps all digits.
constexpr Index denseLimit = 100;
/// A sparse V of up to this many entries, zeros counted, is small enough for the same.
constexpr Index denseSizeLimit = 250'000;
/// Up to this many rows the square of the smaller side is formed; above, V and Vᵀ are applied in turn.
constexpr Index gramLimit = 3000, sparseGramLimit = 1500;
/// And of a sparse V only if it takes no more products than this many walks over V.
constexpr double gramWalks = 200;

Side other(Side side)
{
    return side == Side::Basis ? Side::Coefficients : Side::Basis;
}

/// V x (Basis) or Vᵀ x in double precision: Lanczos cannot converge to more digits than its products have.
template <class Entry>
Matrix<double> appliedTo(const Vector<double>& x, const SolverData<Entry>& V, Side side, Blocks& blocks)
{
    if (!V.isSparse())
        return fullProduct<Entry>(V, side, x.template cast<Entry>(), blocks).template cast<double>();
    const Matrix<double> F = x;
    Matrix<double> product(V.rowsOf(side), 1);
    const Partition parts = partition(product.rows());
    blocks.run(parts.count(), [&](Index block, int) {
        V.sparse()->template multiply<double>(side, F, parts.first(block),
                                              product.middleRows(parts.first(block), parts.size(block)));
    });
    return product;
}

/// x → A x for Spectra, which reads the type name and the three functions; A = V Vᵀ or Vᵀ V.
template <class Entry>
class GramOperator
{
public:
    using Scalar = double;

    GramOperator(const SolverData<Entry>& V, Side side, Blocks& blocks, std::stop_token stop)
        : m_V(V), m_side(side), m_blocks(blocks), m_stop(std::move(stop))
    {
        if (worthForming())
            m_gram = V.gram(side, blocks);
    }

    Index rows() const { return m_V.rowsOf(m_side); }
    Index cols() const { return rows(); }

    void perform_op(const double* in, double* out) const
    {
        if (m_stop.stop_requested())
            throw Cancelled();
        const Eigen::Map<const Vector<double>> x(in, rows());
        Eigen::Map<Vector<double>> y(out, rows());
        if (m_gram.size() > 0) {
            y.noalias() = m_gram.template selfadjointView<Eigen::Lower>() * x;
            return;
        }
        y = appliedTo<Entry>(appliedTo<Entry>(x, m_V, other(m_side), m_blocks), m_V, m_side, m_blocks);
    }

    const Matrix<double>& gram() const { return m_gram; }
    void form() { m_gram = m_V.gram(m_side, m_blocks); }

private:
    bool worthForming() const
    {
        if (!m_V.isSparse())
            return rows() <= gramLimit;
        return rows() <= sparseGramLimit &&
               m_V.sparse()->gramCost(m_side) <= gramWalks * static_cast<double>(m_V.entries());
    }

    const SolverData<Entry>& m_V;
    Side m_side;
    Blocks& m_blocks;
    std::stop_token m_stop;
    Matrix<double> m_gram; ///< empty if it would be too large
};

struct Eigenpairs
{
    Vector<double> values; ///< falling
    Matrix<double> vectors;
};

Eigenpairs denseEigenpairs(const Matrix<double>& gram, Index count)
{
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(gram);
    return {solver.eigenvalues().tail(count).reverse(), solver.eigenvectors().rightCols(count).rowwise().reverse()};
}

template <class Entry>
Eigenpairs largestEigenpairs(GramOperator<Entry>& gram, Index count)
{
    // Lanczos pays where few are wanted of many.
    const Index workspace = std::max<Index>(2 * count + 1, 20);
    if (2 * workspace < gram.rows()) {
        Spectra::SymEigsSolver<GramOperator<Entry>> solver(gram, count, workspace);
        solver.init();
        solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12);
        if (solver.info() == Spectra::CompInfo::Successful)
            return {solver.eigenvalues(), solver.eigenvectors()};
    }
    if (gram.gram().size() == 0 && gram.rows() <= sparseGramLimit)
        gram.form();
    if (gram.gram().size() == 0)
        throw Error("The singular vectors of V did not converge: choose the random initialisation instead.");
    return denseEigenpairs(gram.gram(), count);
}

/// u_a = V v_a / σ_a; what belongs to a vanishing singular value is left zero.
template <class Entry>
TruncatedSvd fromEigenpairs(const SolverData<Entry>& V, Side small, const Eigenpairs& pairs, Blocks& blocks)
{
    const Vector<double> sigma = pairs.values.cwiseMax(0).cwiseSqrt();
    const Matrix<Entry> narrow = pairs.vectors.template cast<Entry>();
    Matrix<double> large = fullProduct(V, other(small), narrow, blocks).template cast<double>();
    const double least = sigma.size() == 0 ? 0 : sigma(0) * std::sqrt(std::numeric_limits<double>::epsilon());
    for (Index a = 0; a < sigma.size(); ++a) {
        if (sigma(a) > least)
            large.col(a) /= large.col(a).norm();
        else
            large.col(a).setZero();
    }
    return small == Side::Basis ? TruncatedSvd{pairs.vectors, large, sigma} : TruncatedSvd{large, pairs.vectors, sigma};
}

} // namespace

template <class Scalar>
TruncatedSvd truncatedSvd(const SolverData<Scalar>& V, Index count, Blocks& blocks, const std::stop_token& stop)
{
    const Index least = std::min(V.rows(), V.cols());
    count = std::min(count, least);
    if (least <= denseLimit && (!V.isSparse() || V.rows() * V.cols() <= denseSizeLimit)) {
        const Matrix<double> A = V.columns(0, V.cols()).template cast<double>();
        const Eigen::BDCSVD<Matrix<double>> svd(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
        return {svd.matrixU().leftCols(count), svd.matrixV().leftCols(count), svd.singularValues().head(count)};
    }
    const Side small = V.rows() <= V.cols() ? Side::Basis : Side::Coefficients;
    GramOperator<Scalar> gram(V, small, blocks, stop);
    return fromEigenpairs(V, small, largestEigenpairs(gram, count), blocks);
}

template TruncatedSvd truncatedSvd(const SolverData<float>&, Index, Blocks&, const std::stop_token&);
template TruncatedSvd truncatedSvd(const SolverData<double>&, Index, Blocks&, const std::stop_token&);

} // namespace nmf
