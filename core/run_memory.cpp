#include "core/run_memory.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/formats/formats.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf
{

namespace
{

/// How many times both factors an algorithm keeps at its peak; tst_memory measures it.
double timesTheFactors(std::string_view algorithm)
{
    // Most remember a product or two of the factors' shape; these keep pairs to extrapolate from and to return to, or a
    // few lines of V for each thread.
    constexpr std::array<std::pair<std::string_view, double>, 6> others{
        {{"ehals", 9}, {"ebpp", 9}, {"mue", 10}, {"jmmx", 9}, {"klcd", 12}, {"klcdx", 12}}};
    const auto found = std::ranges::find(others, algorithm, &std::pair<std::string_view, double>::first);
    return found == others.end() ? 5.5 : found->second;
}

/// What V takes anew for a run.
double dataCopies(const Dataset& dataset, const Options& options, double numberBytes)
{
    constexpr double indexBytes = sizeof(int), exact = sizeof(double);
    const auto stored = static_cast<double>(dataset.V.stored());
    const bool converted = dataset.V.isSingle() != (options.precision == Precision::Single);
    const double entry = numberBytes + (dataset.V.isSparse() ? indexBytes : 0);
    // A sparse table lies by columns and by rows.
    double bytes = stored * entry * ((converted ? 1 : 0) + (dataset.V.isSparse() ? 1 : 0));
    if (isWeighted(options, dataset)) {
        // The known entries, listed by columns and by rows, with their weights.
        const double known = exact + indexBytes + (dataset.weights ? exact : 0);
        bytes += 2 * stored * known;
        // V once more for the start, without what is not known.
        bytes += stored * entry * (dataset.V.isSparse() ? 2 : 1);
    }
    return bytes;
}

std::string gigabytes(double tenthsOfOne)
{
    const auto tenths = static_cast<std::uint64_t>(tenthsOfOne);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

} // namespace

double runMemory(const Dataset& dataset, const Options& options)
{
    const double numberBytes = options.precision == Precision::Single ? sizeof(float) : sizeof(double);
    const auto lines = static_cast<double>(dataset.V.rows()) + static_cast<double>(dataset.V.cols());
    const double factors = lines * static_cast<double>(options.rank) * numberBytes;
    // Where columns begin, sums of lines and the like.
    const double perLine = 8 * sizeof(double) * lines;
    double batches = 0;
    if (const Algorithm* algorithm = find(algorithms(), options.algorithm.id);
        algorithm &&
        std::ranges::find(algorithm->facts.parameters, "batch", &Parameter::id) != algorithm->facts.parameters.end())
        batches = 3 * numberBytes * valueOf(algorithm->facts, options.algorithm.values, "batch") *
                  static_cast<double>(dataset.V.rows());
    return dataCopies(dataset, options, numberBytes) + timesTheFactors(options.algorithm.id) * factors + perLine +
           batches;
}

void requireRunMemory(const Dataset& dataset, const Options& options, int runs)
{
    // What no machine is short of is not worth asking the system for.
    constexpr double always = 64e6;
    const double needed = runMemory(dataset, options) * runs;
    if (needed <= always)
        return;
    const auto limit = static_cast<double>(memoryLimit());
    if (needed > limit)
        throw Error((runs == 1 ? "A run of rank " : std::to_string(runs) + " runs of rank ") +
                    std::to_string(options.rank) + (runs == 1 ? " needs " : " beside each other need ") +
                    gigabytes(std::ceil(needed / 1e8)) + " of memory besides the data, but " +
                    gigabytes(std::floor(limit / 1e8)) +
                    " may be used; choose a lower rank, fewer threads, single precision or a part of the data.");
}

} // namespace nmf
