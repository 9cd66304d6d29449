#include "core/run_notes.h"

#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "core/measures/components.h"
#include "core/terms.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nmf
{

namespace
{

/// How many rows and columns of V have nothing but zeros.
struct EmptyLines
{
    Index rows = 0, columns = 0;
};

EmptyLines emptyLinesOf(const DataMatrix& V)
{
    EmptyLines empty;
    std::vector<char> seen(static_cast<std::size_t>(V.rows()), 0);
    for (Index column = 0; column < V.cols(); ++column) {
        bool any = false;
        V.visitStored(column, [&](Index row, double value) {
            any = any || value != 0;
            seen[static_cast<std::size_t>(row)] |= value != 0;
        });
        empty.columns += !any;
    }
    empty.rows = std::count(seen.begin(), seen.end(), 0);
    return empty;
}

/// Nothing that could keep a row of a factor off zero is asked for.
bool onlyShrinks(const Options& options)
{
    const std::vector<Demand> demands = demandsOf(options);
    return std::all_of(demands.begin(), demands.end(),
                       [](Demand demand) { return demand == Demand::L1 || demand == Demand::L2; });
}

std::string emptyNote(const Dataset& dataset, const Options& options)
{
    const EmptyLines empty = emptyLinesOf(dataset.V);
    if (empty.rows == 0 && empty.columns == 0)
        return {};
    const std::string lines = (empty.rows > 0 ? counted(empty.rows, "row") : std::string()) +
                              (empty.rows > 0 && empty.columns > 0 ? " and " : "") +
                              (empty.columns > 0 ? counted(empty.columns, "column") : std::string());
    const bool one = empty.rows + empty.columns == 1;
    const std::string part = empty.rows == 0      ? "coefficients are"
                             : empty.columns == 0 ? "part of W is"
                                                  : "part of the factors is";
    return lines + " of V " + (one ? "is" : "are") + " zero throughout" +
           (onlyShrinks(options) ? ": " + std::string(one ? "its " : "their ") + part + " zero." : ".");
}

/// Known entries of each row and of each column of V.
std::pair<std::vector<Index>, std::vector<Index>> knownIn(const DataMatrix& V)
{
    std::vector<Index> rows(static_cast<std::size_t>(V.rows()), 0), columns(static_cast<std::size_t>(V.cols()), 0);
    for (Index column = 0; column < V.cols(); ++column)
        V.visitStored(column, [&](Index row, double value) {
            if (!std::isnan(value)) {
                ++rows[static_cast<std::size_t>(row)];
                ++columns[static_cast<std::size_t>(column)];
            }
        });
    return {std::move(rows), std::move(columns)};
}

/// What few ratings leave open is settled by nothing but a penalty, and may come out as any size.
std::string undeterminedNote(const Dataset& dataset, const Options& options)
{
    if (!(dataset.V.isSparse() ? options.unstoredUnknown : options.nanUnknown))
        return {};
    const auto [rows, columns] = knownIn(dataset.V);
    // What nothing at all is known of is zero, or what its neighbours are.
    const auto few = [&](Index known) { return known > 0 && known < options.rank; };
    const auto settled = [](const Penalty& on) { return on.l2 > 0 || on.smoothness > 0; };
    const Index openRows = settled(options.onW) ? 0 : std::ranges::count_if(rows, few),
                openColumns = settled(options.onH) ? 0 : std::ranges::count_if(columns, few);
    if (openRows + openColumns == 0)
        return {};
    const std::string lines = (openRows > 0 ? counted(openRows, "row") : std::string()) +
                              (openRows > 0 && openColumns > 0 ? " and " : "") +
                              (openColumns > 0 ? counted(openColumns, "column") : std::string());
    return lines + " of V " + (openRows + openColumns == 1 ? "has" : "have") +
           " fewer known entries than there are components, which leaves factors open that may grow without bound and "
           "predict badly: give W and H L2 penalties.";
}

} // namespace

std::vector<std::string> startNotes(const Dataset& dataset, const Options& options, Index zeros)
{
    std::vector<std::string> notes;
    // A line of zeros has as many as the other side is long.
    if (zeros >= std::min(dataset.V.rows(), dataset.V.cols()) && !isWeighted(options, dataset))
        notes.push_back(emptyNote(dataset, options));
    notes.push_back(paddedNote(dataset, options));
    notes.push_back(undeterminedNote(dataset, options));
    std::erase(notes, std::string());
    return notes;
}

std::vector<std::string> endNotes(const Options& options, const Factors<double>& factors, const Record& last,
                                  int monotonicityViolations)
{
    std::vector<std::string> notes;
    const Index alive = aliveComponents(factors);
    if (alive < factors.rank())
        notes.push_back(std::to_string(factors.rank() - alive) + " of " + counted(factors.rank(), "component") +
                        (factors.rank() - alive == 1 ? " is" : " are") + " zero, so that the rank is " +
                        std::to_string(alive) + " in effect" +
                        (options.onW.l1 > 0 || options.onH.l1 > 0
                             ? ": the L1 penalty makes more of them cost more than they explain."
                             : "."));
    if (std::isinf(last.objective) && std::isfinite(last.scaledObjective))
        notes.push_back("The objective of data of this size is larger than any number, so it is shown as infinite; the "
                        "relative error is right.");
    if (last.objective == 0 && last.scaledObjective > 0)
        notes.push_back("The objective of data of this size is smaller than any number, so it is shown as zero; the "
                        "relative error is right.");
    if (monotonicityViolations > 0)
        notes.push_back("The objective rose " + counted(monotonicityViolations, "time") + ", which " +
                        find(algorithms(), options.algorithm.id)->facts.name +
                        " promises never to let happen: this is a defect of the program, and the factors may not be "
                        "the best it can find.");
    return notes;
}

std::string paddedNote(const Dataset& dataset, const Options& options)
{
    const Index most = std::min(dataset.V.rows(), dataset.V.cols());
    const Initializer* initializer = find(initializers(), options.initializer.id);
    if (options.start || options.rank <= most || !initializer || !initializer->endsAtTheSmallerSide)
        return {};
    return "The rank is above the smaller side of V, and " + initializer->facts.name + " has no more than " +
           counted(most, "component") + " there: the other " + std::to_string(options.rank - most) +
           (options.rank - most == 1 ? " begins as" : " begin as") + " small random numbers.";
}

std::string counted(Index count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace nmf
