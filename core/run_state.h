#pragma once

#include "core/factorize.h"
#include "core/typed_run.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nmf
{

/// All that a run keeps besides what is in its precision, and the parts of an iteration.
struct Run::State
{
    /// What goes with TypedRun::ahead.
    struct Ahead
    {
        int iteration;
        bool betweenHalves;
        std::size_t notes, comparableFrom;
        std::vector<Record> history;
    };

    std::shared_ptr<const Dataset> dataset;
    Options options;
    std::variant<std::monostate, std::unique_ptr<TypedRun<float>>, std::unique_ptr<TypedRun<double>>> typed = {};
    bool started = false, betweenHalves = false;
    int iteration = 0;
    double seconds = 0;
    std::vector<Record> history = {};
    std::vector<std::string> notes = {};
    std::size_t lastingNotes = 0;         ///< those that do not belong to the end of the run
    Index zeros = 0;                      ///< entries of V
    std::size_t comparableFrom = 0;       ///< the first record with the present penalties
    std::size_t watchedFrom = 0;          ///< the first record of the present algorithm
    bool diverged = false;                ///< the last iteration came to nothing, and was taken back
    std::optional<Record> unsettled = {}; ///< the last record before settle()
    int violations = 0;                   ///< see Run::monotonicityViolations()
    std::optional<Ahead> ahead = {};      ///< before restAtBest()

    template <class Action>
    auto withTyped(Action&& action)
    {
        if (auto* single = std::get_if<std::unique_ptr<TypedRun<float>>>(&typed))
            return action(**single);
        return action(*std::get<std::unique_ptr<TypedRun<double>>>(typed));
    }

    static double secondsNow();

    template <class Action>
    void timed(Action&& action)
    {
        const double start = secondsNow();
        action();
        seconds += secondsNow() - start;
    }

    void makeTyped();

    void begin(const std::stop_token& stop);

    /// See Run::beginAt().
    void beginAt(const Position& position);

    Record recordNow();

    template <class Typed>
    Record recordOf(const Typed& state, const Fit& fit) const;

    void addRecord() { history.push_back(recordNow()); }

    /// Goes back to the last finite factors if there is no number for these; otherwise these are the last from here on.
    void keepFinite();

    /// At the end of a run: H gets its best where the iterations left that open, and what multiplicative rules keep
    /// just off zero becomes zero. True if that was something.
    bool settle();

    template <class Typed>
    std::optional<Fit> settled(Typed& state);

    /// Before a run goes on: as it was before settle().
    void unsettle();

    /// Throws Error if the file that V lies in is no longer what it was.
    void requireData() const;

    /// Half an iteration, or a whole one where the algorithm has no halves.
    void step();

    /// Counts what must not happen: a rise of the objective under an algorithm that promises that there is none.
    void watchRise();

    template <class Typed>
    void noteEmptyLines(const Typed& state);

    template <class Typed>
    void noteZerosOfStart(const Typed& state);

    /// What holds of these factors until the run goes on.
    void noteEnd(const Factors<double>& factors);

    /// Looks at the held-out entries where that is due; true if they say that the run shall end.
    bool lookAtHeldOut();

    /// For good: the iterations go on from there.
    void goBackToBest();

    void cutHistory();

    /// At the end of a run that watches its held-out entries: goes back to the factors that predicted them best, among
    /// them those of the last iteration, until takeUp(). True if these are others.
    bool restAtBest();

    /// Before a run goes on: as it was before restAtBest().
    void takeUp();

    void maintain();

    bool reviveDead();

    /// The rule of convergence that says that the run shall end.
    std::optional<Termination> convergence();

    std::optional<Termination> lookAtFactors();

    bool objectiveSettled() const;
};

} // namespace nmf
