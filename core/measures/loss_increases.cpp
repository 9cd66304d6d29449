#include "core/known_entries.h"
#include "core/losses/losses.h"
#include "core/measures/components.h"
#include "core/measures/data_product.h"
#include "core/terms.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// How many terms of the loss are looked at: a second or so.
constexpr double mostTerms = 1e8;
/// What is left of an entry of the model after its largest part was taken away is nothing below this share of it.
constexpr double rounding = 1e-13;

template <class Scalar>
std::vector<double> quadraticIncreases(const SolverData<Scalar>& V, const Matrix<double>& W, const Matrix<double>& Ht,
                                       Blocks& blocks)
{
    const Vector<double> crosses = W.cwiseProduct(product(V, Side::Basis, Ht, blocks)).colwise().sum();
    const Matrix<double> grams = (W.transpose() * W).cwiseProduct(Ht.transpose() * Ht);
    // ½‖V−X+w_ah_a‖² − ½‖V−X‖²
    const Vector<double> rises = crosses - grams.rowwise().sum() + grams.diagonal() / 2;
    return {rises.begin(), rises.end()};
}

/// The loss of one entry without each component, less that with all.
class EntryIncreases
{
public:
    EntryIncreases(const Divergence& divergence, Index rank) : m_divergence(divergence), m_parts(rank) {}

    template <class Parts>
    void add(double v, double weight, const Parts& parts, Vector<double>& rises)
    {
        m_parts = parts;
        const double x = m_parts.sum(), now = m_divergence(v, x);
        for (Index a = 0; a < m_parts.size(); ++a) {
            if (m_parts(a) == 0)
                continue;
            const double left = x - m_parts(a);
            rises(a) += weight * (m_divergence(v, left > rounding * x ? left : 0) - now);
        }
    }

private:
    Divergence m_divergence;
    Vector<double> m_parts;
};

/// Column by column, those of a block in their order and the blocks in theirs.
template <class Scalar>
std::vector<double> increasesByTrial(const SolverData<Scalar>& V, const KnownEntries* known,
                                     const Divergence& divergence, const Matrix<double>& W, const Matrix<double>& Ht,
                                     Blocks& blocks)
{
    const Partition strips{V.cols(), 16};
    Matrix<double> sums = Matrix<double>::Zero(W.cols(), strips.count());
    const Matrix<double> rowsW = W.transpose();
    blocks.run(strips.count(), [&](Index strip, int) {
        EntryIncreases entry(divergence, W.cols());
        Vector<double> rises = Vector<double>::Zero(W.cols());
        for (Index j = strips.first(strip); j < strips.first(strip) + strips.size(strip); ++j) {
            const Vector<double> h = Ht.row(j);
            if (known) {
                const KnownLine line = known->line(Side::Coefficients, j);
                for (std::size_t i = 0; i < line.size(); ++i)
                    entry.add(line.values[i], line.weight(i), rowsW.col(line.indices[i]).cwiseProduct(h), rises);
                continue;
            }
            const Matrix<Scalar> v = V.columns(j, 1);
            for (Index i = 0; i < v.rows(); ++i)
                entry.add(static_cast<double>(v(i, 0)), 1, rowsW.col(i).cwiseProduct(h), rises);
        }
        sums.col(strip) = rises;
    });
    Vector<double> total = Vector<double>::Zero(W.cols());
    for (Index strip = 0; strip < strips.count(); ++strip)
        total += sums.col(strip);
    return {total.begin(), total.end()};
}

bool onlyPenalised(const Options& options)
{
    const std::vector<Demand> demands = demandsOf(options);
    return std::all_of(demands.begin(), demands.end(),
                       [](Demand demand) { return demand == Demand::L1 || demand == Demand::L2; });
}

} // namespace

std::vector<double> lossIncreases(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const bool weighted = isWeighted(options, dataset), exact = divergence.quadratic() && !weighted;
    const double terms = static_cast<double>(dataset.V.size()) * static_cast<double>(factors.rank());
    if (!onlyPenalised(options) || (!exact && terms > mostTerms))
        return {};
    Blocks blocks(options.threads);
    std::unique_ptr<KnownEntries> known = weighted ? std::make_unique<KnownEntries>(dataset, options) : nullptr;
    const auto of = [&](const auto& V) {
        if (known)
            known->divide(V.scale());
        const Matrix<double> W = factors.W / V.factorScale(), Ht = factors.Ht / V.factorScale();
        std::vector<double> rises =
            exact ? quadraticIncreases(V, W, Ht, blocks) : increasesByTrial(V, known.get(), divergence, W, Ht, blocks);
        for (std::size_t a = 0; a < rises.size(); ++a) {
            const auto column = static_cast<Index>(a);
            const auto price = [&](const Penalty& penalty, const Matrix<double>& U) {
                return penalty.price(U.col(column).sum(), U.col(column).squaredNorm());
            };
            rises[a] = (rises[a] == 0 ? 0 : rises[a] * std::pow(V.scale(), divergence.beta)) -
                       price(options.onW, factors.W) - price(options.onH, factors.Ht);
        }
        return rises;
    };
    if (known)
        return of(SolverData<double>(known->filled(!dataset.V.isSparse()), blocks));
    return withSolverData(dataset, blocks, of);
}

} // namespace nmf
