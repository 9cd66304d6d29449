#include "core/faults.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/losses/losses.h"
#include "core/run_notes.h"
#include "core/terms.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace nmf
{

namespace
{

constexpr std::size_t mostMends = 3;

template <class Table>
std::string nameIn(const Table& table, const Choice& choice)
{
    const auto* entry = find(table, choice.id);
    return entry ? entry->facts.name : choice.id;
}

bool needsPositive(const Options& options)
{
    const Loss* loss = find(losses(), options.loss.id);
    return loss && loss->make(options.loss.values).needsPositiveData();
}

/// Why no run can be made; empty if one can.
std::string impossibility(const Options& options, const Dataset& dataset, const DataFacts& facts)
{
    try {
        requireConsistent(options, dataset);
        DataFacts known = facts;
        if (options.nanUnknown)
            known.nans = 0;
        requireFactorizable(dataset, known);
        // Of other entries that are unknown or held out it takes a walk over V to tell whether they are the zeros.
        Options whole = options;
        whole.nanUnknown = false;
        if (needsPositive(options) && !isWeighted(whole, dataset))
            requirePositive(dataset, facts, nameIn(losses(), options.loss));
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

/// Finds what takes a fault away.
class Mender
{
public:
    Mender(const Options& options, const Dataset& dataset, const DataFacts& facts)
        : m_options(options), m_dataset(dataset), m_facts(facts), m_fault(impossibility(options, dataset, facts))
    {
    }

    const std::string& fault() const { return m_fault; }

    /// Offers a change if a run can be made with it; with the algorithm that serves what is asked for then.
    void offer(const std::string& text, const std::function<void(Options&)>& edit)
    {
        if (m_mends.size() == mostMends)
            return;
        const auto apply = [edit, weights = m_dataset.weights.has_value()](Options& options) {
            edit(options);
            const bool weighted = weights || options.nanUnknown || options.unstoredUnknown || options.heldOut > 0;
            options.algorithm = suitedAlgorithm(options, weighted);
        };
        Options tried = m_options;
        apply(tried);
        if (!impossibility(tried, m_dataset, m_facts).empty())
            return;
        const bool other = find(algorithms(), m_options.algorithm.id) && tried.algorithm.id != m_options.algorithm.id;
        m_mends.push_back({other ? text + ", by " + nameIn(algorithms(), tried.algorithm) : text, apply});
    }

    std::vector<Mend> take() { return std::move(m_mends); }

private:
    const Options& m_options;
    const Dataset& m_dataset;
    const DataFacts& m_facts;
    std::string m_fault;
    std::vector<Mend> m_mends;
};

Index smallerSide(const Dataset& dataset)
{
    return std::min(dataset.V.rows(), dataset.V.cols());
}

/// What concerns the data: the most that can be kept of what was asked for comes first.
void offerForData(Mender& mender, const Options& options, const Dataset& dataset)
{
    const Index most = std::max<Index>(1, smallerSide(dataset));
    if (options.rank > most || options.rank < 1)
        mender.offer("Take rank " + std::to_string(options.rank < 1 ? 1 : most),
                     [rank = options.rank < 1 ? Index{1} : most](Options& o) { o.rank = rank; });
    if (needsPositive(options))
        mender.offer("Take the Kullback-Leibler loss", [](Options& o) { o.loss = {"kl", {}}; });
    if (!options.nanUnknown)
        mender.offer("Take missing entries for unknown", [](Options& o) { o.nanUnknown = true; });
    if (options.unstoredUnknown)
        mender.offer("Take what is not stored for zero", [](Options& o) { o.unstoredUnknown = false; });
    if (options.start)
        mender.offer("Begin without the given start", [](Options& o) {
            o.start.reset();
            o.lockW = o.lockH = {};
        });
}

/// What concerns rules and the way to solve.
void offerForRules(Mender& mender, const Options& options)
{
    if (!find(algorithms(), options.algorithm.id) || !options.algorithm.values.empty())
        mender.offer("Take the algorithm as it is usual", [](Options& o) { o.algorithm.values.clear(); });
    if (options.patience > 0 && options.heldOut == 0)
        mender.offer("Hold out 10 % of the entries", [](Options& o) { o.heldOut = 0.1; });
    if (options.patience > 0)
        mender.offer("Have no patience", [](Options& o) { o.patience = 0; });
    if (options.kktTolerance > 0)
        mender.offer("Leave out the rule of the gradient", [](Options& o) { o.kktTolerance = 0; });
    if (options.heldOut > 0)
        mender.offer("Hold out nothing", [](Options& o) { o.heldOut = o.patience = 0; });
    if (options.precision == Precision::Double)
        mender.offer("Compute in single precision", [](Options& o) { o.precision = Precision::Single; });
}

/// What is asked of the factors: to ask the same of both, or to leave one demand out.
void offerForTerms(Mender& mender, const Options& options)
{
    if (!options.onW.none() && options.onH.none())
        mender.offer("Give the rows of H length one", [](Options& o) { o.ofH.norm = 2; });
    if (!options.onH.none() && options.onW.none())
        mender.offer("Give the columns of W length one", [](Options& o) { o.ofW.norm = 2; });
    for (const Term& term : terms())
        if (term.of(options) != 0)
            mender.offer("Leave out: " + term.parameter.name, [&term](Options& o) { term.of(o) = 0; });
    if (!options.lockW.none() || !options.lockH.none())
        mender.offer("Unlock everything", [](Options& o) { o.lockW = o.lockH = {}; });
}

/// Its steps multiply, so that from a zero no entry can grow but over many iterations from the floor.
bool multiplies(const Choice& algorithm)
{
    return algorithm.id == "mu" || algorithm.id == "mue" || algorithm.id == "jmm" || algorithm.id == "jmmx";
}

std::optional<Fault> zerosThatStay(const Options& options)
{
    if (options.start || options.initializer.id != "nndsvd" || !multiplies(options.algorithm))
        return {};
    return Fault{Fault::Severity::Foolish,
                 "NNDSVD begins with many zeros, and " + nameIn(algorithms(), options.algorithm) +
                     " multiplies: an entry that is zero grows very slowly, if at all. NNDSVDar has small random "
                     "numbers there.",
                 {{"Begin with NNDSVDar", [](Options& o) {
                       o.initializer = {"nndsvdar", {}};
                   }}}};
}

std::optional<Fault> moreThanTheStartHas(const Options& options, const Dataset& dataset)
{
    const std::string note = paddedNote(dataset, options);
    if (note.empty())
        return {};
    const Index most = smallerSide(dataset);
    return Fault{Fault::Severity::Foolish,
                 note,
                 {{"Take rank " + std::to_string(most), [most](Options& o) { o.rank = most; }},
                  {"Begin with random numbers", [](Options& o) {
                       o.initializer = {"random", {}};
                   }}}};
}

} // namespace

std::vector<Fault> faultsOf(const Options& options, const Dataset& dataset, const DataFacts& facts)
{
    std::vector<Fault> faults;
    Mender mender(options, dataset, facts);
    if (!mender.fault().empty()) {
        if (find(losses(), options.loss.id)) {
            mender.offer("Take the algorithm that serves this", [](Options&) {});
            offerForData(mender, options, dataset);
            offerForTerms(mender, options);
            offerForRules(mender, options);
        }
        faults.push_back({Fault::Severity::Impossible, mender.fault(), mender.take()});
    }
    for (const auto& foolish : {zerosThatStay(options), moreThanTheStartHas(options, dataset)})
        if (foolish)
            faults.push_back(*foolish);
    return faults;
}

} // namespace nmf
