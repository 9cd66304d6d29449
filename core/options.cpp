#include "core/options.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/known_entries.h"
#include "core/measures/kkt.h"
#include "core/run_memory.h"
#include "core/short_number.h"
#include "core/terms.h"

#include <cmath>
#include <tuple>

namespace nmf
{

namespace
{

template <class Table>
const auto& required(const Table& table, const std::string& what, const Choice& choice)
{
    const auto* entry = find(table, choice.id);
    if (!entry)
        throw Error("There is no " + what + " \"" + choice.id + "\": choose one of " + listOfIds(table) + ".");
    for (const auto& [id, value] : choice.values) {
        const Parameter* known = nullptr;
        for (const Parameter& parameter : entry->facts.parameters)
            if (parameter.id == id)
                known = &parameter;
        if (!known)
            throw Error(entry->facts.name + " has no parameter \"" + id + "\".");
        if (!(value >= known->minimum && value <= known->maximum))
            throw Error("The " + known->name + " of " + entry->facts.name + " is " + std::to_string(value) +
                        ": it must be from " + std::to_string(known->minimum) + " to " +
                        std::to_string(known->maximum) + ".");
    }
    return *entry;
}

constexpr int largestSparseBatch = 1024;

std::string shape(Index rows, Index columns)
{
    return std::to_string(rows) + " × " + std::to_string(columns);
}

void requireStart(const Options& options, const Dataset& dataset)
{
    const Factors<double>& start = *options.start;
    if (start.W.rows() != dataset.V.rows() || start.Ht.rows() != dataset.V.cols() || start.W.cols() != options.rank ||
        start.Ht.cols() != options.rank)
        throw Error("The given start has W " + shape(start.W.rows(), start.W.cols()) + " and H " +
                    shape(start.Ht.cols(), start.Ht.rows()) + ", but the data and the rank need W " +
                    shape(dataset.V.rows(), options.rank) + " and H " + shape(options.rank, dataset.V.cols()) + ".");
    const auto requireUsable = [](const Matrix<double>& factor, const std::string& name) {
        if (!factor.allFinite() || (factor.size() > 0 && factor.minCoeff() < 0))
            throw Error("The given start's " + name +
                        " has negative, infinite or missing entries: a start must be non-negative and finite.");
    };
    requireUsable(start.W, "W");
    requireUsable(start.Ht, "H");
}

std::string serversOfWeights(const Divergence& divergence, bool Algorithm::*serves)
{
    std::string list;
    for (const Algorithm& algorithm : algorithms())
        if (algorithm.*serves && algorithm.refuses(divergence).empty())
            list += (list.empty() ? "" : ", ") + algorithm.facts.id;
    return list;
}

/// Entries of a sparse table are left out whose gaps are zeros that count: only sums over whole lines can do that.
void requireServesZeros(const Dataset& dataset, const Algorithm& algorithm, const Divergence& divergence)
{
    if (!divergence.quadratic() && !divergence.kullbackLeibler())
        throw Error(dataset.title +
                    " is sparse, and the entries that it does not keep are zeros: with this loss unknown "
                    "or held-out entries are possible where these are taken for unknown, or in a dense "
                    "table; else choose the Frobenius or the Kullback-Leibler loss.");
    if (!algorithm.servesKnownZeros)
        throw Error(algorithm.facts.name +
                    " does not leave out entries of a sparse table whose gaps are zeros: choose " +
                    serversOfWeights(divergence, &Algorithm::servesKnownZeros) + ", or take the gaps for unknown.");
}

void requireKnown(const Options& options, const Dataset& dataset, const Algorithm& algorithm,
                  const Divergence& divergence)
{
    if (!(options.heldOut >= 0 && options.heldOut <= 0.9))
        throw Error("The share of held-out entries must be from 0 to 0.9.");
    if (options.patience < 0)
        throw Error("The patience is " + std::to_string(options.patience) + ": it must not be negative.");
    if (options.patience > 0 && options.heldOut == 0)
        throw Error("Patience waits for the loss of held-out entries, but none are held out: hold out a share of them, "
                    "or leave the patience at 0.");
    if (options.unstoredUnknown && !dataset.V.isSparse())
        throw Error(dataset.title + " is dense and keeps every entry: only entries that a sparse table does not keep "
                                    "can be taken for unknown; mark unknown entries of a dense one by NaN.");
    if (!isWeighted(options, dataset))
        return;
    if (!algorithm.servesWeights)
        throw Error(algorithm.facts.name + " does not serve unknown, weighted or held-out entries: choose " +
                    serversOfWeights(divergence, &Algorithm::servesWeights) + ".");
    if (zerosAreKnown(dataset, options))
        requireServesZeros(dataset, algorithm, divergence);
}

/// The ids of the algorithms that serve all of this.
std::string serversOf(const std::vector<Demand>& demands, const Divergence& divergence, bool weighted)
{
    std::string list;
    for (const Algorithm& algorithm : algorithms())
        if (algorithm.refuses(divergence).empty() && algorithm.servesAll(divergence, demands, weighted))
            list += (list.empty() ? "" : ", ") + algorithm.facts.id;
    return list;
}

void requireServed(const Options& options, const Dataset& dataset, const Algorithm& algorithm,
                   const Divergence& divergence)
{
    const bool weighted = isWeighted(options, dataset);
    const std::vector<Demand> demands = demandsOf(options);
    std::string refused;
    for (const Demand demand : demands)
        if (!algorithm.servesDemand(divergence, demand, weighted))
            refused += (refused.empty() ? "" : ", ") + phraseOf(demand);
    if (refused.empty())
        return;
    const std::string servers = serversOf(demands, divergence, weighted);
    throw Error(algorithm.facts.name + " does not serve " + refused + " with this loss" +
                (weighted ? " and unknown or weighted entries" : "") + ": " +
                (servers.empty() ? "no algorithm serves all that is asked for here, so ask for less. "
                                 : "choose " + servers + ", or leave it out. ") +
                algorithm.refusalOf(divergence, demands, weighted));
}

/// Of one factor.
void requireSoftLocks(const FactorLock& lock, const Options& options)
{
    for (const SoftLock& soft : lock.soft) {
        const std::string part = "Part " + std::to_string(soft.component + 1);
        if (soft.component < 0 || soft.component >= options.rank)
            throw Error(part + " is held softly, but there are only " + std::to_string(options.rank) +
                        ": hold parts from 1 to " + std::to_string(options.rank) + ".");
        if (!(soft.share > 0 && soft.share <= 1))
            throw Error(part + " may move by " + shortNumber(100 * soft.share) +
                        " %: it must be more than 0 and at most 100 %.");
        if (lock.holds(soft.component))
            throw Error(part + " is locked and held softly too: choose one of the two.");
    }
}

void requireLocks(const Options& options, const Dataset& dataset)
{
    if (options.lockW.none() && options.lockH.none())
        return;
    if (!options.start)
        throw Error("What is locked stays as the start gives it, but no start is given: give W and H to begin with, or "
                    "unlock everything.");
    for (const FactorLock* lock : {&options.lockW, &options.lockH})
        for (const Index component : lock->components)
            if (component < 0 || component >= options.rank)
                throw Error("Part " + std::to_string(component + 1) + " is locked, but there are only " +
                            std::to_string(options.rank) + ": lock parts from 1 to " + std::to_string(options.rank) +
                            ".");
    requireSoftLocks(options.lockW, options);
    requireSoftLocks(options.lockH, options);
    for (const auto& [lock, rows, place] : {std::tuple(&options.lockW, dataset.V.rows(), "W"),
                                            std::tuple(&options.lockH, dataset.V.cols(), "H transposed")})
        if (lock->entries && (lock->entries->rows() != rows || lock->entries->cols() != options.rank))
            throw Error("What tells the locked entries of " + std::string(place) + " is " +
                        shape(lock->entries->rows(), lock->entries->cols()) + ", but the factor is " +
                        shape(rows, options.rank) + ": give one number for each entry.");
}

} // namespace

bool isWeighted(const Options& options, const Dataset& dataset)
{
    return dataset.weights || options.nanUnknown || options.unstoredUnknown || options.heldOut > 0;
}

Choice suitedAlgorithm(const Options& options, bool weighted)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Algorithm* algorithm = find(algorithms(), options.algorithm.id);
    const std::vector<Demand> demands = demandsOf(options);
    if (algorithm && algorithm->refuses(divergence).empty() && (!weighted || algorithm->servesWeights) &&
        algorithm->servesAll(divergence, demands, weighted))
        return options.algorithm;
    return {automaticAlgorithm(divergence, weighted, demands), {}};
}

void requireConsistent(const Options& options, const Dataset& dataset)
{
    const Loss& loss = required(losses(), "loss", options.loss);
    const Algorithm& algorithm = required(algorithms(), "algorithm", options.algorithm);
    required(initializers(), "initialisation", options.initializer);
    const Divergence divergence = loss.make(options.loss.values);
    if (const std::string reason = algorithm.refuses(divergence); !reason.empty())
        throw Error(reason);
    // They read whole columns, zeros too, a batch at a time.
    if (const auto batch = options.algorithm.values.find("batch");
        dataset.V.isSparse() && batch != options.algorithm.values.end() && batch->second > largestSparseBatch)
        throw Error("A batch of a sparse table is held in memory with all its zeros: choose at most " +
                    std::to_string(largestSparseBatch) + " samples for one.");
    requireKnown(options, dataset, algorithm, divergence);
    if (const std::string fault = termsFault(options); !fault.empty())
        throw Error(fault);
    requireServed(options, dataset, algorithm, divergence);
    if (options.rank < 1)
        throw Error("The rank is " + std::to_string(options.rank) + ": it must be at least 1.");
    // Beyond every exact factorization components are only in the way; a slip of the keyboard must not fill the memory.
    const Index most = std::max<Index>(64, 4 * std::min(dataset.V.rows(), dataset.V.cols()));
    if (options.rank > most)
        throw Error("The rank is " + std::to_string(options.rank) + ", but V is only " +
                    shape(dataset.V.rows(), dataset.V.cols()) + ": choose a rank of at most " + std::to_string(most) +
                    ".");
    if (options.maxIterations < 0)
        throw Error("The largest number of iterations is " + std::to_string(options.maxIterations) +
                    ": it must not be negative.");
    for (const double tolerance : {options.tolerance, options.kktTolerance, options.stepTolerance})
        if (!(tolerance >= 0) || !std::isfinite(tolerance))
            throw Error("The tolerance must be a number from 0 up.");
    if (options.kktTolerance > 0 && !servesKkt(options))
        throw Error(
            "The rule of the projected gradient knows L1 and L2 penalties and locks alone: leave it out, or what "
            "else is asked of the factors.");
    if (options.connectivityLooks < 0)
        throw Error("The number of looks at the samples' strongest components is " +
                    std::to_string(options.connectivityLooks) + ": it must not be negative.");
    if (!(options.timeLimit >= 0))
        throw Error("The time limit must be a number of seconds from 0 up (0 for none).");
    if (options.threads < 0 || options.threads > 1024)
        throw Error("The number of threads is " + std::to_string(options.threads) +
                    ": it must be from 0 (all cores) to 1024.");
    if (options.start)
        requireStart(options, dataset);
    requireLocks(options, dataset);
    requireRunMemory(dataset, options);
}

std::string formula(const Options& options)
{
    const Loss* loss = find(losses(), options.loss.id);
    const bool partial = options.nanUnknown || options.unstoredUnknown || options.heldOut > 0;
    return (loss ? loss->formula : std::string()) + (partial ? " over the known entries" : "") + termsFormula(options);
}

} // namespace nmf
