#include "core/samples/generators.h"

namespace nmf
{

namespace
{

/// A table small enough to follow every step with pencil and paper.
Dataset make(std::uint64_t)
{
    Matrix<double> V(3, 3);
    V << 5, 3, 0, //
        3, 7, 4,  //
        6, 2, 5;
    Dataset dataset;
    dataset.V = std::move(V);
    dataset.features = Axis::named({"row 1", "row 2", "row 3"});
    dataset.features.noun = "row";
    dataset.samples = Axis::named({"column 1", "column 2", "column 3"});
    dataset.samples.noun = "column";
    return dataset;
}

} // namespace

Sample workedExample()
{
    return {.facts = {.id = "worked-example",
                      .name = "Worked example",
                      .summary = "A 3 × 3 table that two parts cannot quite reproduce; small enough to check by hand."},
            .suggestedRank = 2,
            .make = make};
}

} // namespace nmf
