#pragma once

#include "core/algorithms/steps.h"
#include "core/demand.h"

#include <functional>
#include <initializer_list>
#include <vector>

namespace nmf
{

/// What is summed over a matrix U of one factor's shape during a pass.
struct PassSums
{
    double cross = 0;    ///< ⟨V F, U⟩
    double sum = 0;      ///< ΣU
    Matrix<double> gram; ///< UᵀU
};

/// One walk over V for the Frobenius loss. The data enter only through F's Gram matrix and C = V F (Basis) or Vᵀ F
/// (Coefficients). A rule is told C for one block of rows at a time, right after the product has been formed, so that
/// product, update and sums share the caches, and no array of a factor's size is needed beside the factors. Nothing is
/// allocated after construction.
template <class Scalar>
class QuadraticPass
{
public:
    /// Improves rows [first, first + C.rows()) of a factor, told these rows of V F; `thread` names scratch memory.
    using Rule = std::function<void(Index first, const ConstMatrixRef<Scalar>& C, int thread)>;
    /// A matrix that the rule has changed, and where its sums go.
    struct Measured
    {
        const Matrix<Scalar>* U;
        PassSums* sums;
    };

    explicit QuadraticPass(const Work<Scalar>& work);

    /// `known`: V F where it is at hand already; it is read before the rule is called.
    void run(Side side, const Matrix<Scalar>& F, const Rule& rule, std::initializer_list<Measured> measured,
             const Matrix<Scalar>* known = nullptr);
    /// Sum and Gram matrix of a factor on this side; its cross stays as it is.
    void measure(Side side, const Matrix<Scalar>& U, PassSums& sums);

private:
    struct Scratch
    {
        Matrix<Scalar> product;
        Matrix<double> wide; ///< of a factor in single precision
        Matrix<double> rows; ///< of a factor, each side by side
    };

    const Partition& parts(Side side) const { return side == Side::Basis ? m_basisParts : m_coefficientParts; }
    /// `C`: what the cross is formed with; null if it stays.
    void sumBlock(const ConstMatrixRef<Scalar>& U, Scratch& scratch, PassSums& sums, const ConstMatrixRef<Scalar>* C);
    void addUp(Side side, std::size_t slot, PassSums& sums) const;

    const SolverData<Scalar>& m_V;
    Blocks& m_blocks;
    Partition m_basisParts, m_coefficientParts;
    Operand<Scalar> m_operands[2];   ///< by side
    std::vector<PassSums> m_sums[2]; ///< by block, of the first and the second measured matrix
    std::vector<Scratch> m_scratch;  ///< by thread
};

/// ‖V − WH‖²F formed entry by entry, a strip of columns at a time: exact where the Gram form has cancelled. Of a sparse
/// V the stored entries are enough until the fit is nearly exact.
template <class Scalar>
double directSquaredResidual(const Work<Scalar>& work, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht);

/// What the penalties and dropout add to the objective, from the sums of both factors.
template <class Scalar>
double gramPrice(const Work<Scalar>& work, const PassSums& sumsW, const PassSums& sumsH);

/// ½(‖V‖² − 2⟨C, U⟩ + ⟨FᵀF, UᵀU⟩) as it stands, and formed anew where that has cancelled; with the penalties of both
/// factors.
template <class Scalar>
Fit quadraticFit(const Work<Scalar>& work, const Matrix<Scalar>& W, const Matrix<Scalar>& Ht, double cross,
                 const PassSums& sumsW, const PassSums& sumsH);

/// What the penalties on the moved factor and dropout make of the other one's Gram matrix.
template <class Scalar>
void setGram(const Work<Scalar>& work, Side side, const Matrix<double>& gram, Matrix<Scalar>& G);

/// Whether a demand is served by what setGram() makes of G, for every rule that needs no more of G than that its
/// entries are not negative.
bool servedByGram(Demand demand);

/// A rule for one block of rows U: minimises ½⟨U, U G⟩ − ⟨C, U⟩ + l1 ΣU over U ≥ 0 a little or exactly; G holds the L2
/// penalty.
template <class Scalar>
using BlockRule = std::function<void(Side side, const Matrix<Scalar>& G, Scalar l1, const ConstMatrixRef<Scalar>& C,
                                     MatrixRef<Scalar> U, int thread)>;

/// The same for a rule that needs to know which rows it moves (the first, of the block U), what the factor was before,
/// and has a share in the objective.
template <class Scalar>
struct RowRule
{
    std::function<void(Side side, const Matrix<Scalar>& G, Scalar l1, Index first, const ConstMatrixRef<Scalar>& C,
                       MatrixRef<Scalar> U, int thread)>
        move;
    std::function<void(Side side)> begin = {};
    std::function<double()> price = {};
};

template <class Scalar>
Steps<Scalar> alternateRows(const Work<Scalar>& work, RowRule<Scalar> rule);

/// Plain alternation, H by the rule and then W, which most algorithms for the Frobenius loss are.
template <class Scalar>
Steps<Scalar> alternateQuadratic(const Work<Scalar>& work, BlockRule<Scalar> rule);

} // namespace nmf
