#include "core/sparse_projection.h"

#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// Entries above a threshold.
struct Active
{
    Index count = 0;
    double mean = 0, squares = 0; ///< Σ(x − mean)²
};

Active above(const Eigen::Ref<Vector<double>>& x, double threshold)
{
    Active active;
    double sum = 0, rest = 0;
    for (const double value : x)
        if (value > threshold) {
            ++active.count;
            sum += value;
        }
    const auto count = static_cast<double>(active.count);
    active.mean = sum / count;
    for (const double value : x)
        if (value > threshold)
            rest += value - active.mean;
    active.mean += rest / count;
    for (const double value : x)
        if (value > threshold)
            active.squares += (value - active.mean) * (value - active.mean);
    return active;
}

/// All entries above the threshold are equal and more than needed: whatever lies on them is as near. One stands out.
void breakTie(Eigen::Ref<Vector<double>> x, double threshold, Index count, double ratio)
{
    const auto n = static_cast<double>(count);
    const double first = (ratio + std::sqrt((n - 1) * (n - ratio * ratio))) / n;
    const double other = count > 1 ? std::max((ratio - first) / (n - 1), 0.0) : 0;
    bool isFirst = true;
    for (double& value : x) {
        value = value > threshold ? (isFirst ? first : other) : 0.0;
        isFirst = isFirst && value == 0;
    }
}

} // namespace

double normRatio(double sparseness, Index length)
{
    const double root = std::sqrt(static_cast<double>(length));
    return root - sparseness * (root - 1);
}

/// The nearest point is a multiple of [x − τ]₊. For a set of entries that holds all above τ the threshold that would
/// give them the right norms is never above τ, so entries at or below it can be left out until none is.
void projectOnSparseness(Eigen::Ref<Vector<double>> x, double sparseness)
{
    if (x.size() == 0)
        return;
    const double ratio = normRatio(sparseness, x.size());
    x.array() -= x.maxCoeff();
    if (const double range = -x.minCoeff(); range > 0)
        x /= range;
    double threshold = -std::numeric_limits<double>::infinity();
    for (;;) {
        const Active active = above(x, threshold);
        const auto count = static_cast<double>(active.count);
        const double spare = count - ratio * ratio;
        if (!(active.squares > 0) && spare > 0) {
            breakTie(x, threshold, active.count, ratio);
            break;
        }
        if (!(spare > 0)) {
            // So many as the ratio needs at least, and all alike.
            x = (x.array() > threshold).select(Vector<double>::Ones(x.size()), 0.0);
            break;
        }
        const double shift = ratio * std::sqrt(active.squares / (count * spare)), next = active.mean - shift;
        Index kept = 0;
        for (const double value : x)
            kept += value > threshold && value > next;
        if (kept == active.count) {
            for (double& value : x)
                value = value > threshold ? value - active.mean + shift : 0.0;
            break;
        }
        threshold = next;
    }
    x /= x.norm();
}

} // namespace nmf
