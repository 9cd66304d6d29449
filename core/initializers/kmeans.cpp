#include "core/clustering.h"
#include "core/initializers/initializers.h"

namespace nmf
{

namespace
{

Facts kMeansFacts()
{
    return {.id = "kmeans",
            .name = "k-means",
            .summary = "Each part is the mean of a cluster of samples, from the seed.",
            .source = "Arthur & Vassilvitskii 2007; Dhillon & Modha 2001",
            .parameters = {{.id = "spherical",
                            .name = "By angle",
                            .help = "1: samples are alike that differ in their size only (spherical k-means); 0: not.",
                            .initial = 0,
                            .minimum = 0,
                            .maximum = 1,
                            .whole = true}}};
}

/// W the centres, H one for the own cluster and a little for the others, as large as the sample where the centres have
/// no size.
template <class Scalar>
Factors<Scalar> makeKMeans(const Values& values, const StartRequest<Scalar>& request)
{
    const bool byAngle = valueOf(kMeansFacts(), values, "spherical") == 1;
    constexpr int mostRounds = 30;
    const Clusters<Scalar> clusters =
        clusterSamples(request.V, request.rank, request.seed, request.blocks, request.stop, mostRounds,
                       byAngle ? Nearness::Angle : Nearness::Distance);
    Matrix<Scalar> Ht = Matrix<Scalar>::Constant(request.V.cols(), request.rank, Scalar(0.2));
    for (Index j = 0; j < Ht.rows(); ++j) {
        Ht(j, clusters.owner[static_cast<std::size_t>(j)]) += 1;
        if (byAngle)
            Ht.row(j) *= request.V.columns(j, 1).norm();
    }
    return {clusters.centres, Ht};
}

} // namespace

Initializer kMeans()
{
    return {.facts = kMeansFacts(), .usesSeed = true, .make = {makeKMeans<float>, makeKMeans<double>}};
}

} // namespace nmf
