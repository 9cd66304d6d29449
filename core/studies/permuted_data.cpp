#include "core/studies/permuted_data.h"

#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace nmf
{

namespace
{

constexpr std::uint64_t permutationStream = 33;

/// Which number a feature has drawn in its place `at`, of `count`.
std::uint64_t drawn(const RandomNumbers& random, Index feature, Index samples, std::size_t at, std::size_t count)
{
    return random.below(count, static_cast<std::uint64_t>(feature) * static_cast<std::uint64_t>(samples) + at);
}

DataMatrix permutedDense(const Dataset& dataset, const RandomNumbers& random)
{
    Matrix<double> values = *dataset.V.dense<double>();
    std::vector<Index> known;
    for (Index i = 0; i < values.rows(); ++i) {
        known.clear();
        for (Index j = 0; j < values.cols(); ++j)
            if (!std::isnan(values(i, j)) && (!dataset.weights || (*dataset.weights)(i, j) != 0))
                known.push_back(j);
        for (std::size_t at = 0; at + 1 < known.size(); ++at)
            std::swap(values(i, known[at]),
                      values(i, known[at + drawn(random, i, values.cols(), at, known.size() - at)]));
    }
    return values;
}

struct Kept
{
    int column;
    double value;
};

/// The entries of one feature in other columns, any of them.
class Mover
{
public:
    explicit Mover(Index samples) : m_columns(static_cast<std::size_t>(samples))
    {
        std::iota(m_columns.begin(), m_columns.end(), 0);
    }

    /// The first draws of a permutation of all columns; what they have exchanged is put back for the next feature.
    void move(std::vector<Kept>& entries, Index feature, const RandomNumbers& random)
    {
        const auto samples = static_cast<Index>(m_columns.size());
        m_partners.clear();
        for (std::size_t at = 0; at < entries.size(); ++at) {
            m_partners.push_back(at + drawn(random, feature, samples, at, m_columns.size() - at));
            std::swap(m_columns[at], m_columns[m_partners.back()]);
            entries[at].column = m_columns[at];
        }
        for (std::size_t at = entries.size(); at > 0; --at)
            std::swap(m_columns[at - 1], m_columns[m_partners[at - 1]]);
    }

private:
    std::vector<int> m_columns;
    std::vector<std::size_t> m_partners;
};

DataMatrix permutedSparse(const Dataset& dataset, const RandomNumbers& random, Pattern pattern)
{
    std::vector<std::vector<Kept>> features(static_cast<std::size_t>(dataset.V.rows()));
    for (Index j = 0; j < dataset.V.cols(); ++j)
        dataset.V.visitStored(j, [&](Index row, double value) {
            features[static_cast<std::size_t>(row)].push_back({static_cast<int>(j), value});
        });
    Mover mover(dataset.V.cols());
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(static_cast<std::size_t>(dataset.V.stored()));
    for (std::size_t i = 0; i < features.size(); ++i) {
        std::vector<Kept>& kept = features[i];
        const auto feature = static_cast<Index>(i);
        if (pattern == Pattern::Free)
            mover.move(kept, feature, random);
        else
            for (std::size_t at = 0; at + 1 < kept.size(); ++at)
                std::swap(kept[at].value,
                          kept[at + drawn(random, feature, dataset.V.cols(), at, kept.size() - at)].value);
        for (const Kept& entry : kept)
            entries.emplace_back(static_cast<int>(i), entry.column, entry.value);
    }
    SparseMatrix<double> values(dataset.V.rows(), dataset.V.cols());
    values.setFromTriplets(entries.begin(), entries.end());
    return values;
}

} // namespace

std::shared_ptr<const Dataset> permutedWithinFeatures(const Dataset& dataset, std::uint64_t seed, Pattern pattern)
{
    const RandomNumbers random(seed, permutationStream);
    auto result = std::make_shared<Dataset>(dataset);
    result->V = dataset.V.isSparse() ? permutedSparse(dataset, random, dataset.weights ? Pattern::Kept : pattern)
                                     : permutedDense(dataset, random);
    result->truth.reset();
    return result;
}

} // namespace nmf
