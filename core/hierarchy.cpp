#include "core/hierarchy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nmf
{

namespace
{

/// The mergers in the order in which chains find them. A cluster is named by one of its items.
std::vector<Merger> mergersByChains(Matrix<double>& distance)
{
    const Index n = distance.rows();
    std::vector<double> size(static_cast<std::size_t>(n), 1.0), height(static_cast<std::size_t>(n), 0.0);
    std::vector<Index> alive(static_cast<std::size_t>(n));
    std::iota(alive.begin(), alive.end(), Index{0});
    std::vector<Index> chain;
    std::vector<Merger> mergers;
    while (alive.size() > 1) {
        if (chain.empty())
            chain.push_back(alive.front());
        const Index last = chain.back();
        // Of equal neighbours the one before in the chain, so that chains end.
        Index nearest = chain.size() > 1 ? chain[chain.size() - 2] : -1;
        double least = nearest < 0 ? std::numeric_limits<double>::infinity() : distance(nearest, last);
        for (const Index other : alive)
            if (other != last && distance(other, last) < least) {
                least = distance(other, last);
                nearest = other;
            }
        if (chain.size() < 2 || nearest != chain[chain.size() - 2]) {
            chain.push_back(nearest);
            continue;
        }
        chain.resize(chain.size() - 2);
        const double mine = size[static_cast<std::size_t>(last)], its = size[static_cast<std::size_t>(nearest)];
        // No merger is below those that it stands on, were it not for rounding.
        double& raised = height[static_cast<std::size_t>(nearest)];
        raised = std::max({least, raised, height[static_cast<std::size_t>(last)]});
        mergers.push_back({last, nearest, raised, mine * its, static_cast<Index>(mine + its)});
        alive.erase(std::find(alive.begin(), alive.end(), last));
        for (const Index other : alive) {
            const double mean = (mine * distance(other, last) + its * distance(other, nearest)) / (mine + its);
            distance(other, nearest) = distance(nearest, other) = mean;
        }
        size[static_cast<std::size_t>(nearest)] = mine + its;
    }
    return mergers;
}

/// Gives the clusters of mergers, which name them by items, their numbers in order of height.
void numberClusters(std::vector<Merger>& mergers, Index items)
{
    // Of equal heights the order in which chains found them keeps a merger behind those that it stands on.
    std::ranges::stable_sort(mergers, {}, &Merger::height);
    std::vector<Index> parent(static_cast<std::size_t>(items) + mergers.size());
    std::iota(parent.begin(), parent.end(), Index{0});
    std::vector<Index> smallest = parent;
    const auto rootOf = [&](Index cluster) {
        while (parent[static_cast<std::size_t>(cluster)] != cluster) {
            Index& up = parent[static_cast<std::size_t>(cluster)];
            up = parent[static_cast<std::size_t>(up)];
            cluster = up;
        }
        return cluster;
    };
    for (std::size_t i = 0; i < mergers.size(); ++i) {
        const auto made = static_cast<std::size_t>(items) + i;
        Merger& merger = mergers[i];
        merger.one = rootOf(merger.one);
        merger.other = rootOf(merger.other);
        const auto one = static_cast<std::size_t>(merger.one), other = static_cast<std::size_t>(merger.other);
        if (smallest[other] < smallest[one])
            std::swap(merger.one, merger.other);
        smallest[made] = std::min(smallest[one], smallest[other]);
        parent[one] = parent[other] = static_cast<Index>(made);
    }
}

std::vector<Index> leavesOf(const std::vector<Merger>& mergers, Index items)
{
    std::vector<Index> order, open;
    if (items > 0)
        open.push_back(items + static_cast<Index>(mergers.size()) - 1);
    while (!open.empty()) {
        const Index cluster = open.back();
        open.pop_back();
        if (cluster < items) {
            order.push_back(cluster);
            continue;
        }
        const Merger& merger = mergers[static_cast<std::size_t>(cluster - items)];
        open.push_back(merger.other);
        open.push_back(merger.one);
    }
    return order;
}

} // namespace

Hierarchy averageLinkage(Matrix<double> distance)
{
    Hierarchy result;
    const Index items = distance.rows();
    result.mergers = mergersByChains(distance);
    numberClusters(result.mergers, items);
    result.order = leavesOf(result.mergers, items);
    return result;
}

Matrix<double> angularDistances(const Matrix<double>& rows)
{
    Matrix<double> directions = rows;
    for (Index i = 0; i < directions.rows(); ++i)
        if (const double norm = directions.row(i).stableNorm(); norm > 0 && std::isfinite(norm))
            directions.row(i) /= norm;
        else
            directions.row(i).setZero();
    Matrix<double> distance = directions * directions.transpose();
    distance = (1 - distance.array()).cwiseMax(0);
    distance.diagonal().setZero();
    return distance;
}

} // namespace nmf
