#pragma once

#include "core/solver_data.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace nmf
{

/// Samples sorted by the nearest of k centres.
template <class Scalar>
struct Clusters
{
    Matrix<Scalar> centres;   ///< m × k, as divided by SolverData::scale()
    std::vector<Index> owner; ///< the centre of each sample
};

/// Which centre is near: by distance, or by the angle alone, the centres then being of length one (Dhillon & Modha
/// 2001).
enum class Nearness { Distance, Angle };

/// k-means with centres drawn far apart (Arthur & Vassilvitskii 2007). Ends when no sample changes, or after so many
/// rounds. Throws Cancelled.
template <class Scalar>
Clusters<Scalar> clusterSamples(const SolverData<Scalar>& V, Index rank, std::uint64_t seed, Blocks& blocks,
                                const std::stop_token& stop, int mostRounds = 30,
                                Nearness nearness = Nearness::Distance);

} // namespace nmf
