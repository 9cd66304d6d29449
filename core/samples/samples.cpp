#include "core/samples/samples.h"

#include "core/error.h"
#include "core/random_numbers.h"
#include "core/samples/generators.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// The sample with a generator that also says where its data came from.
Sample labelled(Sample sample)
{
    sample.make = [make = std::move(sample.make), id = sample.facts.id, name = sample.facts.name](std::uint64_t seed) {
        Dataset dataset = make(seed);
        dataset.title = name;
        dataset.source = "sample:" + id;
        return dataset;
    };
    return sample;
}

} // namespace

const std::vector<Sample>& samples()
{
    static const std::vector<Sample> table{
        labelled(cartoonFaces()),  labelled(swimmer()),   labelled(bars()),           labelled(mixedSpectra()),
        labelled(newsTopics()),    labelled(ratings()),   labelled(geneExpression()), labelled(piano()),
        labelled(workedExample()), labelled(twoMinima()), labelled(zeroLock()),       labelled(manyAnswers()),
        labelled(rankGap())};
    return table;
}

const Sample& sampleNamed(std::string_view id)
{
    if (const Sample* sample = find(samples(), id))
        return *sample;
    throw Error("There is no built-in sample \"" + std::string(id) + "\"; there are " + listOfIds(samples()) + ".");
}

void addNoise(Dataset& dataset, std::uint64_t seed, double share)
{
    Matrix<double> V = *dataset.V.dense<double>();
    const double size = share * V.norm() / std::sqrt(static_cast<double>(V.size()));
    for (Index sample = 0; sample < V.cols(); ++sample) {
        constexpr std::uint64_t ownStreams = 1'000'000;
        const RandomNumbers random(seed, ownStreams + static_cast<std::uint64_t>(sample));
        for (Index feature = 0; feature < V.rows(); ++feature)
            V(feature, sample) =
                std::max(0.0, V(feature, sample) + size * random.normal(static_cast<std::uint64_t>(feature)));
    }
    dataset.V = DataMatrix(std::move(V));
}

Dataset datasetOf(Factors<double> truth, Axis features, const std::string& noun)
{
    Dataset dataset;
    dataset.V = Matrix<double>(truth.W * truth.Ht.transpose());
    dataset.features = std::move(features);
    std::vector<std::string> names;
    for (Index sample = 0; sample < truth.Ht.rows(); ++sample)
        names.push_back(noun + " " + std::to_string(sample + 1));
    dataset.samples = Axis::named(std::move(names));
    dataset.samples.noun = noun;
    dataset.truth = std::make_shared<const Factors<double>>(std::move(truth));
    return dataset;
}

} // namespace nmf
