#include "core/measures/stability.h"

#include "core/error.h"
#include "core/measures/matching.h"

#include <cmath>
#include <numeric>

namespace nmf
{

namespace
{

/// About a second of work.
constexpr std::size_t mostPairs = 2000;

/// The columns less their means, of length 1; zero where there is no variation.
Matrix<double> standardized(const Matrix<double>& columns)
{
    Matrix<double> result = Matrix<double>::Zero(columns.rows(), columns.cols());
    for (Index a = 0; a < columns.cols(); ++a) {
        const double largest = columns.rows() > 0 ? columns.col(a).maxCoeff() : 0;
        if (!(largest > 0))
            continue;
        Vector<double> x = columns.col(a) / largest;
        x.array() -= x.mean();
        // What is left of a constant column is rounding.
        if (const double norm = x.norm(); norm > 1e-14 * std::sqrt(static_cast<double>(x.size())))
            result.col(a) = x / norm;
    }
    return result;
}

double mean(const std::vector<double>& values)
{
    return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

double amariDistance(const Matrix<double>& one, const Matrix<double>& other)
{
    if (one.cols() == 0)
        return 0;
    const Matrix<double> c = (standardized(one).transpose() * standardized(other)).cwiseAbs().cwiseMin(1);
    const double found = c.colwise().maxCoeff().sum() + c.rowwise().maxCoeff().sum();
    return (2 * static_cast<double>(one.cols()) - found) / (2 * static_cast<double>(one.cols()));
}

Stability stabilityOf(std::span<const Matrix<double>* const> bases, std::size_t reference)
{
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < bases.size(); ++i)
        if (bases[i]->size() > 0)
            kept.push_back(i);
    if (kept.size() < 2 || reference >= bases.size() || bases[reference]->size() == 0)
        throw Error("The stability of components needs at least 2 runs.");
    Stability result;
    result.perComponent.assign(static_cast<std::size_t>(bases[reference]->cols()), 0.0);
    std::size_t others = 0;
    for (const std::size_t i : kept)
        if (i != reference) {
            const Matching matching = matchColumns(*bases[reference], *bases[i]);
            for (std::size_t a = 0; a < matching.cosine.size(); ++a)
                result.perComponent[a] += matching.cosine[a];
            ++others;
        }
    for (double& cosine : result.perComponent)
        cosine /= static_cast<double>(others);
    // Every distance between two runs is met as often as any other as long as there is time for all; else the nearest
    // in the order of the seeds, which says nothing of the runs.
    for (std::size_t apart = 1; apart < kept.size() && result.pairs < mostPairs; ++apart)
        for (std::size_t i = 0; i + apart < kept.size() && result.pairs < mostPairs; ++i) {
            const Matrix<double>&one = *bases[kept[i]], &other = *bases[kept[i + apart]];
            result.stability += mean(matchColumns(one, other).cosine);
            result.instability += amariDistance(one, other);
            ++result.pairs;
        }
    result.stability /= static_cast<double>(result.pairs);
    result.instability /= static_cast<double>(result.pairs);
    return result;
}

} // namespace nmf
