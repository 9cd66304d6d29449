#include "core/samples/generators.h"

namespace nmf
{

namespace
{

/// A table whose rows and columns are numbered.
Sample table(Facts facts, Index rank, Matrix<double> V)
{
    return {.facts = std::move(facts), .suggestedRank = rank, .make = [V = std::move(V)](std::uint64_t) {
                Dataset dataset;
                std::vector<std::string> rows, columns;
                for (Index row = 0; row < V.rows(); ++row)
                    rows.push_back("row " + std::to_string(row + 1));
                for (Index column = 0; column < V.cols(); ++column)
                    columns.push_back("column " + std::to_string(column + 1));
                dataset.V = V;
                dataset.features = Axis::named(std::move(rows));
                dataset.features.noun = "row";
                dataset.samples = Axis::named(std::move(columns));
                dataset.samples.noun = "column";
                return dataset;
            }};
}

Matrix<double> square(std::initializer_list<double> values)
{
    const auto side = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(values.size()))));
    Matrix<double> V(side, side);
    Index place = 0;
    for (const double value : values) {
        V(place / side, place % side) = value;
        ++place;
    }
    return V;
}

} // namespace

Sample twoMinima()
{
    return table({.id = "two-minima",
                  .name = "Two minima",
                  .summary = "A 3 × 3 table on which runs end at one of two local minima, 2 or 2.479, by their start."},
                 2,
                 square({0, 3, 0, //
                         4, 3, 0, //
                         0, 0, 2}));
}

Sample zeroLock()
{
    return table({.id = "zero-lock",
                  .name = "Zero lock",
                  .summary =
                      "A 3 × 3 table on which some runs are stuck where no minimum is: a component that is zero in "
                      "both factors stays so."},
                 2,
                 square({3, 0, 0, //
                         0, 2, 0, //
                         0, 0, 1}));
}

Sample manyAnswers()
{
    return table({.id = "many-answers",
                  .name = "Many answers",
                  .summary =
                      "A 3 × 3 table with a continuum of equally good answers: the loss is always a half, and WH "
                      "hardly ever the same."},
                 2,
                 square({1, 0, 0, //
                         0, 1, 0, //
                         0, 0, 1}));
}

Sample rankGap()
{
    return table({.id = "rank-gap",
                  .name = "Rank gap",
                  .summary = "A 4 × 4 table of rank three that three non-negative parts cannot make: it takes four."},
                 3,
                 square({1, 1, 0, 0, //
                         1, 0, 1, 0, //
                         0, 1, 0, 1, //
                         0, 0, 1, 1}));
}

} // namespace nmf
