#include "ui/model/snapshot.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nmf::ui
{

namespace
{

/// Of each column the norm, and the mean of Hoyer's sparseness, in one walk over the memory: snapshots are made 30
/// times a second.
struct ColumnNumbers
{
    std::vector<double> norms;
    double sparseness = 0;
};

ColumnNumbers numbersOf(const Matrix<double>& columns)
{
    ColumnNumbers numbers;
    numbers.norms.reserve(static_cast<std::size_t>(columns.cols()));
    const double root = std::sqrt(static_cast<double>(columns.rows()));
    double total = 0;
    for (Index a = 0; a < columns.cols(); ++a) {
        const double sum = columns.col(a).sum(), norm = columns.col(a).norm();
        numbers.norms.push_back(norm);
        total += norm > 0 && root > 1 ? (root - sum / norm) / (root - 1) : 0;
    }
    numbers.sparseness = columns.cols() > 0 ? total / static_cast<double>(columns.cols()) : 0;
    return numbers;
}

/// Fills in what follows from the factors.
void measure(Snapshot& snapshot)
{
    const ColumnNumbers w = numbersOf(*snapshot.W), h = numbersOf(*snapshot.Ht);
    snapshot.sparsenessW = w.sparseness;
    snapshot.sparsenessH = h.sparseness;
    for (std::size_t a = 0; a < w.norms.size(); ++a)
        snapshot.shares.push_back(w.norms[a] * h.norms[a]);
    snapshot.order.resize(snapshot.shares.size());
    std::iota(snapshot.order.begin(), snapshot.order.end(), Index{0});
    std::ranges::stable_sort(snapshot.order, std::greater<>{},
                             [&](Index a) { return snapshot.shares[static_cast<std::size_t>(a)]; });
    constexpr double nothing = 1e-12;
    const double least =
        snapshot.order.empty() ? 0 : nothing * snapshot.shares[static_cast<std::size_t>(snapshot.order.front())];
    snapshot.alive = std::ranges::count_if(snapshot.shares, [&](double share) { return share > least; });
    const double total = std::accumulate(snapshot.shares.begin(), snapshot.shares.end(), 0.0);
    for (double& share : snapshot.shares)
        share = total > 0 ? share / total : 0;
    Matrix<double> scaledHt = *snapshot.Ht;
    for (Index a = 0; a < scaledHt.cols(); ++a)
        scaledHt.col(a) *= w.norms[static_cast<std::size_t>(a)];
    snapshot.scaledHt = std::make_shared<const Matrix<double>>(std::move(scaledHt));
}

} // namespace

std::shared_ptr<Snapshot> snapshotOf(const Frame& frame, std::shared_ptr<const Dataset> dataset, const Options& options,
                                     std::uint64_t number)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->run = number;
    snapshot->dataset = std::move(dataset);
    snapshot->options = options;
    snapshot->W = frame.W;
    snapshot->Ht = frame.Ht;
    measure(*snapshot);
    snapshot->record = frame.record;
    snapshot->iterationsPerSecond = frame.record.seconds > 0 ? frame.record.iteration / frame.record.seconds : 0;
    snapshot->resting = true;
    return snapshot;
}

std::vector<Index> steadyOrder(std::vector<Index> previous, const std::vector<double>& shares)
{
    const auto share = [&](Index a) { return shares[static_cast<std::size_t>(a)]; };
    if (previous.size() != shares.size()) {
        previous.resize(shares.size());
        std::iota(previous.begin(), previous.end(), Index{0});
        std::ranges::stable_sort(previous, std::greater<>{}, share);
        return previous;
    }
    constexpr double clearly = 1.1;
    for (std::size_t end = previous.size(); end > 1; --end)
        for (std::size_t i = 1; i < end; ++i)
            if (share(previous[i]) > clearly * share(previous[i - 1]))
                std::swap(previous[i], previous[i - 1]);
    return previous;
}

std::string titleOf(std::uint64_t number, const Options& options)
{
    return "Run " + std::to_string(number) + ": rank " + std::to_string(options.rank) + ", " + options.algorithm.id +
           ", " + (options.start ? "given start" : options.initializer.id) +
           (!options.start && options.initializer.id == "random" ? ", seed " + std::to_string(options.seed)
                                                                 : std::string());
}

bool haveSameStart(const Options& one, const Options& other)
{
    return one.rank == other.rank && one.loss == other.loss && one.initializer == other.initializer &&
           one.seed == other.seed && one.start == other.start;
}

} // namespace nmf::ui
