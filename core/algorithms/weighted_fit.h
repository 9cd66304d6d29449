#pragma once

#include "core/algorithms/weighted_pass.h"

namespace nmf
{

/// The fit of the factors over the known entries, and what else is asked of them. Nothing is allocated after
/// construction.
template <class Scalar>
class WeightedFit
{
public:
    explicit WeightedFit(const Work<Scalar>& work);

    /// Both are told the rows of W.
    Fit fit(const HeldFactor& W);
    /// Σωvx^(β−1) / Σωx^β: where the derivative by the scale is zero.
    double bestScale(const HeldFactor& W);

private:
    struct Sums
    {
        double first = 0, second = 0, dropped = 0;
    };

    template <class Column>
    Sums overColumns(const HeldFactor& W, const Column& column);
    void add(const KnownLine& line, const HeldFactor& W, const Eigen::Ref<const Vector<double>>& u, double bend,
             Sums& sums) const;
    void addDropped(const KnownLine& line, const HeldFactor& W, const Eigen::Ref<const Vector<double>>& u,
                    Sums& sums) const;
    double price() const;

    Work<Scalar> m_work;
    Partition m_parts;
    std::vector<Sums> m_sums;        ///< by block of columns
    Matrix<double> m_lines, m_bends; ///< by thread: a row of Ht, and the Gram matrix times it
};

} // namespace nmf
