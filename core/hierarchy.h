#pragma once

#include "core/matrix.h"

#include <vector>

namespace nmf
{

/// Two clusters that become one. Items are the clusters 0 … n − 1; merger i makes the cluster n + i.
struct Merger
{
    Index one = 0, other = 0; ///< the one that holds the smallest item first
    double height = 0;        ///< the mean distance between their items
    double pairs = 0;         ///< how many pairs of items they join
    Index size = 0;           ///< items of both together
};

/// Items merged step by step, the nearest first.
struct Hierarchy
{
    std::vector<Merger> mergers; ///< of rising height, n − 1 of them
    std::vector<Index> order;    ///< the items as they stand below the tree, so that no two of its lines cross
};

/// Agglomerative clustering with average linkage (UPGMA) of a symmetric matrix of distances, by chains of nearest
/// neighbours (Murtagh 1983): n² steps and no memory beyond the matrix. Of equal distances that to the earlier item
/// counts, so the result is the same on any machine; of two branches the one with the smallest item stands first.
Hierarchy averageLinkage(Matrix<double> distance);

/// 1 − cosine of the angle between each two rows; a row of zeros is as far from all others as can be.
Matrix<double> angularDistances(const Matrix<double>& rows);

} // namespace nmf
