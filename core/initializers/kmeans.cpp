#include "core/clustering.h"
#include "core/initializers/initializers.h"

namespace nmf
{

namespace
{

/// W the centres, H one for the own cluster and a little for the others.
template <class Scalar>
Factors<Scalar> makeKMeans(const Values&, const StartRequest<Scalar>& request)
{
    const Clusters<Scalar> clusters =
        clusterSamples(request.V, request.rank, request.seed, request.blocks, request.stop);
    Matrix<Scalar> Ht = Matrix<Scalar>::Constant(request.V.cols(), request.rank, Scalar(0.2));
    for (Index j = 0; j < Ht.rows(); ++j)
        Ht(j, clusters.owner[static_cast<std::size_t>(j)]) += 1;
    return {clusters.centres, Ht};
}

} // namespace

Initializer kMeans()
{
    return {.facts = {.id = "kmeans",
                      .name = "k-means",
                      .summary = "Each part is the mean of a cluster of samples, from the seed.",
                      .source = "Arthur & Vassilvitskii 2007"},
            .usesSeed = true,
            .make = {makeKMeans<float>, makeKMeans<double>}};
}

} // namespace nmf
