#include "core/studies/held_out_blocks.h"

#include "core/drawn_groups.h"
#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// The groups of features are drawn from this stream, those of samples from the next.
constexpr std::uint64_t blockStream = 31;

double weightOf(const Dataset& dataset, Index feature, Index sample)
{
    return dataset.weights ? (*dataset.weights)(feature, sample) : 1;
}

/// The largest entry of each feature that is known outside the blocks.
Vector<double> largestFitted(const Dataset& dataset, const HeldOutBlocks& blocks)
{
    Vector<double> largest = Vector<double>::Zero(dataset.V.rows());
    for (Index j = 0; j < dataset.V.cols(); ++j) {
        const Vector<double> values = dataset.V.column(j);
        for (Index i = 0; i < values.size(); ++i)
            if (!blocks.holds(i, j) && values(i) > largest(i) && weightOf(dataset, i, j) != 0)
                largest(i) = values(i);
    }
    return largest;
}

} // namespace

HeldOutBlocks drawHeldOutBlocks(Index features, Index samples, double share, std::uint64_t seed)
{
    if (!(share > 0 && share <= 0.5))
        throw Error("The share of held-out entries must be above 0, and at most 0.5.");
    const Index fewest = std::min(features, samples);
    if (fewest < 2)
        throw Error("Of a single row or column no part can be held out.");
    const auto groups = static_cast<int>(std::clamp<Index>(std::lround(std::min(1 / share, 1e6)), 2, fewest));
    return {drawnGroups(features, groups, RandomNumbers(seed, blockStream)),
            drawnGroups(samples, groups, RandomNumbers(seed, blockStream + 1)), groups};
}

std::shared_ptr<const Dataset> withoutBlocks(const Dataset& dataset, const HeldOutBlocks& blocks)
{
    Matrix<double> weights(dataset.V.rows(), dataset.V.cols());
    for (Index j = 0; j < weights.cols(); ++j)
        for (Index i = 0; i < weights.rows(); ++i)
            weights(i, j) = blocks.holds(i, j) ? 0 : weightOf(dataset, i, j);
    auto result = std::make_shared<Dataset>(dataset);
    result->weights = DataMatrix(std::move(weights));
    return result;
}

double errorInBlocks(const Dataset& dataset, const HeldOutBlocks& blocks, const Factors<double>& factors)
{
    const Vector<double> largest = largestFitted(dataset, blocks);
    double missed = 0, all = 0;
    for (Index j = 0; j < dataset.V.cols(); ++j) {
        const Vector<double> values = dataset.V.column(j);
        const Vector<double> model = (factors.W * factors.Ht.row(j).transpose()).cwiseMin(largest);
        for (Index i = 0; i < values.size(); ++i) {
            const double weight = blocks.holds(i, j) ? weightOf(dataset, i, j) : 0;
            if (weight == 0 || std::isnan(values(i)))
                continue;
            missed += weight * (values(i) - model(i)) * (values(i) - model(i));
            all += weight * values(i) * values(i);
        }
    }
    return all > 0 ? std::sqrt(missed / all) : 0;
}

} // namespace nmf
