#include "core/measures/consensus.h"

#include "core/error.h"
#include "core/hierarchy.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nmf
{

namespace
{

void requireComparable(std::span<const std::vector<int>> runs)
{
    if (runs.size() < 2)
        throw Error("A consensus needs at least 2 runs.");
    for (const std::vector<int>& labels : runs)
        if (labels.size() != runs.front().size())
            throw Error("A consensus needs runs over the same samples.");
}

/// Every sample, or a random part in rising order.
std::vector<std::size_t> chosenSamples(std::size_t count)
{
    std::vector<std::size_t> chosen(count);
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    const auto limit = static_cast<std::size_t>(consensusLimit);
    if (count <= limit)
        return chosen;
    const RandomNumbers random(1, 21);
    for (std::size_t i = 0; i < limit; ++i)
        std::swap(chosen[i], chosen[i + random.below(count - i, i)]);
    chosen.resize(limit);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

/// In which share of the runs samples j and l have the same label.
Matrix<double> agreement(std::span<const std::vector<int>> runs, const std::vector<std::size_t>& chosen)
{
    const auto n = static_cast<Index>(chosen.size());
    Matrix<double> C = Matrix<double>::Zero(n, n);
    for (const std::vector<int>& labels : runs)
        for (Index j = 0; j < n; ++j) {
            const int label = labels[chosen[static_cast<std::size_t>(j)]];
            C(j, j) += 1;
            for (Index l = j + 1; l < n; ++l)
                if (labels[chosen[static_cast<std::size_t>(l)]] == label)
                    C(l, j) += 1;
        }
    C /= static_cast<double>(runs.size());
    C.triangularView<Eigen::StrictlyUpper>() = C.transpose();
    return C;
}

/// The distances are used up.
double cophenetic(Matrix<double>& distance)
{
    const Index n = distance.rows();
    double sum = 0, squares = 0, least = 1, largest = 0;
    for (Index j = 0; j < n; ++j)
        for (Index l = j + 1; l < n; ++l) {
            const double d = distance(l, j);
            sum += d;
            squares += d * d;
            least = std::min(least, d);
            largest = std::max(largest, d);
        }
    // Nothing varies: all runs agree that all samples are alike, or that none are.
    if (least >= largest)
        return n < 2 || least == 0 || least == 1 ? 1 : std::numeric_limits<double>::quiet_NaN();
    const double pairs = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
    // The height of a merger is the mean distance of the pairs that it joins, so all that the correlation of distances
    // and heights needs is Σ pairs · height².
    double heights = 0;
    for (const Merger& merger : averageLinkage(std::move(distance)).mergers)
        heights += merger.pairs * merger.height * merger.height;
    const double varied = heights - sum * sum / pairs;
    // Heights that are all alike have no correlation with anything.
    if (!(varied > 1e-12 * squares))
        return std::numeric_limits<double>::quiet_NaN();
    return std::min(1.0, std::sqrt(varied / (squares - sum * sum / pairs)));
}

} // namespace

std::vector<int> labelsOf(const Factors<double>& factors)
{
    std::vector<int> labels(static_cast<std::size_t>(factors.Ht.rows()), -1);
    // Only ratios count; divided by the largest, products of huge entries stay numbers.
    const double largest = factors.W.size() > 0 ? factors.W.maxCoeff() : 0;
    if (!(largest > 0))
        return labels;
    const Vector<double> sums = (factors.W / largest).colwise().sum();
    for (Index j = 0; j < factors.Ht.rows(); ++j) {
        double most = 0;
        for (Index a = 0; a < factors.rank(); ++a)
            if (const double strength = sums(a) * factors.Ht(j, a); strength > most) {
                most = strength;
                labels[static_cast<std::size_t>(j)] = static_cast<int>(a);
            }
    }
    return labels;
}

std::vector<int> publishedLabelsOf(const Factors<double>& factors)
{
    std::vector<int> labels(static_cast<std::size_t>(factors.Ht.rows()), -1);
    for (Index j = 0; j < factors.Ht.rows(); ++j) {
        double most = 0;
        for (Index a = 0; a < factors.rank(); ++a)
            if (factors.Ht(j, a) > most) {
                most = factors.Ht(j, a);
                labels[static_cast<std::size_t>(j)] = static_cast<int>(a);
            }
    }
    return labels;
}

Consensus consensusOf(std::span<const std::vector<int>> runs)
{
    requireComparable(runs);
    Matrix<double> C = agreement(runs, chosenSamples(runs.front().size()));
    Consensus result;
    result.samples = C.rows();
    if (C.rows() == 0)
        return result;
    result.dispersion = 4 * (C.array() - 0.5).square().mean();
    Index unsure = 0;
    for (Index j = 0; j < C.cols(); ++j)
        for (Index l = j + 1; l < C.rows(); ++l)
            unsure += C(l, j) > 0.1 && C(l, j) < 0.9;
    const double pairs = static_cast<double>(C.rows()) * static_cast<double>(C.rows() - 1) / 2;
    result.ambiguous = pairs > 0 ? static_cast<double>(unsure) / pairs : 0;
    C = 1 - C.array();
    result.cophenetic = cophenetic(C);
    return result;
}

Matrix<double> consensusMatrix(std::span<const std::vector<int>> runs)
{
    requireComparable(runs);
    if (static_cast<Index>(runs.front().size()) > consensusLimit)
        throw Error("The consensus matrix of more than " + std::to_string(consensusLimit) +
                    " samples is too large: leave some out.");
    return agreement(runs, chosenSamples(runs.front().size()));
}

} // namespace nmf
