#include "core/factorize.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/run_notes.h"
#include "core/termination.h"
#include "core/terms.h"
#include "core/typed_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <variant>

namespace nmf
{

namespace
{

/// After how many iterations penalised components are balanced and dead ones revived.
constexpr int maintenanceInterval = 10;
/// After how many iterations entries that are stuck at the floor of multiplicative rules are lifted.
constexpr int liftInterval = 20;

double secondsNow()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

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

    template <class Action>
    void timed(Action&& action)
    {
        const double start = secondsNow();
        action();
        seconds += secondsNow() - start;
    }

    void makeTyped()
    {
        if (!std::holds_alternative<std::monostate>(typed))
            return;
        if (options.precision == Precision::Single)
            typed = std::make_unique<TypedRun<float>>(*dataset, options);
        else
            typed = std::make_unique<TypedRun<double>>(*dataset, options);
    }

    void begin(const std::stop_token& stop)
    {
        makeTyped();
        withTyped([&](auto& state) {
            state.begin(options, stop);
            notes = startNotes(*dataset, options, zeros);
            noteEmptyLines(state);
            noteZerosOfStart(state);
            if (state.isBestComponent)
                notes.push_back("The best single component has a closed form: the run begins at it, whatever the "
                                "initialisation.");
            lastingNotes = notes.size();
            state.lastFinite = state.factors;
        });
        started = true;
    }

    void beginAt(const Position& position)
    {
        makeTyped();
        history = position.history;
        iteration = history.back().iteration;
        seconds = history.back().seconds;
        comparableFrom = std::min(position.comparableFrom, history.size());
        watchedFrom = history.size();
        withTyped([&](auto& state) { state.beginAt(position.factors, options); });
        notes = startNotes(*dataset, options, zeros);
        notes.push_back("The run was taken up at iteration " + std::to_string(iteration) + ": what " +
                        find(algorithms(), options.algorithm.id)->facts.name +
                        " remembers besides the factors, it has gathered anew since.");
        lastingNotes = notes.size();
        started = true;
    }

    Record recordNow()
    {
        return withTyped([&](auto& state) { return recordOf(state, state.steps.fit()); });
    }

    template <class Typed>
    Record recordOf(const Typed& state, const Fit& fit) const
    {
        const double norm = state.known ? state.knownSquaredNorm : state.V.squaredNorm(), scale = state.V.scale();
        const double relative = norm > 0 ? std::sqrt(std::max(fit.squaredResidual, 0.0) / norm) : 0.0;
        // Of nothing there is nothing in any unit, even one that is no number.
        const double objective = fit.objective == 0 ? 0 : fit.objective * std::pow(scale, state.beta);
        return {iteration, objective, relative, seconds, fit.objective};
    }

    void addRecord() { history.push_back(recordNow()); }

    /// Goes back to the last finite factors if there is no number for these; otherwise these are the last from here on.
    void keepFinite()
    {
        diverged = !std::isfinite(history.back().scaledObjective);
        withTyped([&](auto& state) {
            if (!diverged) {
                state.lastFinite.W = state.factors.W;
                state.lastFinite.Ht = state.factors.Ht;
                return;
            }
            state.factors = state.lastFinite;
            state.prepare(options);
        });
        if (!diverged)
            return;
        iteration = history[history.size() - 2].iteration;
        history.pop_back();
        comparableFrom = std::min(comparableFrom, history.size());
        watchedFrom = std::min(watchedFrom, history.size());
    }

    /// At the end of a run: H gets its best where the iterations left that open, and what multiplicative rules keep
    /// just off zero becomes zero. True if that was something.
    bool settle()
    {
        return withTyped([&](auto& state) {
            const std::optional<Fit> fit = settled(state);
            if (!fit)
                return false;
            unsettled = history.back();
            history.back() = recordOf(state, *fit);
            history.back().seconds = unsettled->seconds;
            return true;
        });
    }

    template <class Typed>
    std::optional<Fit> settled(Typed& state)
    {
        std::optional<Fit> fit;
        if (betweenHalves)
            return fit;
        if (state.steps.finish && iteration > 0) {
            state.steps.finish();
            fit = state.steps.fit();
        }
        if (state.steps.floor > 0)
            if (const std::optional<Fit> zeroed = state.zeros.settle(state.workOf(options), state.steps.floor))
                fit = zeroed;
        return fit;
    }

    /// Before a run goes on: as it was before settle().
    void unsettle()
    {
        withTyped([&](auto& state) {
            state.zeros.unsettle(state.factors);
            if (state.steps.finish)
                state.factors = state.lastFinite;
        });
        history.back() = *unsettled;
        unsettled.reset();
    }

    /// Throws Error if the file that V lies in is no longer what it was.
    void requireData() const
    {
        if (const MappedFile* file = dataset->V.file())
            file->requireIntact();
    }

    /// Half an iteration, or a whole one where the algorithm has no halves.
    void step()
    {
        withTyped([&](auto& state) {
            if (state.steps.coefficients && !betweenHalves) {
                state.steps.coefficients();
                betweenHalves = true;
            } else {
                state.steps.basis();
                betweenHalves = false;
            }
        });
        if (!betweenHalves) {
            ++iteration;
            if (iteration % maintenanceInterval == 0)
                maintain();
            addRecord();
            // Of data that are gone nothing is true.
            requireData();
            keepFinite();
            watchRise();
        }
    }

    /// Counts what must not happen: a rise of the objective under an algorithm that promises that there is none.
    void watchRise()
    {
        const std::size_t now = history.size() - 1;
        // A start that the constraints had to be imposed on may be better than all that satisfy them.
        const std::size_t first = watchedFrom + (options.ofW.none() && options.ofH.none() ? 1 : 2);
        if (diverged || now < first || !find(algorithms(), options.algorithm.id)->monotone)
            return;
        const double before = history[now - 1].scaledObjective, after = history[now].scaledObjective;
        const bool rises = withTyped([&](const auto& state) { return after - before > state.rounding(before); });
        violations += rises;
    }

    template <class Typed>
    void noteEmptyLines(const Typed& state)
    {
        if (!state.known)
            return;
        // Neighbours say what a part is of which nothing else is known.
        const Index columns = options.onH.smoothness > 0 ? 0 : state.known->emptyLines(Side::Coefficients);
        const Index rows = options.onW.smoothness > 0 ? 0 : state.known->emptyLines(Side::Basis);
        if (columns > 0 || rows > 0)
            notes.push_back("Nothing is known of " + counted(rows, "row") + " and " + counted(columns, "column") +
                            ": their part of the factors is " +
                            (columns > 0 && options.ofH.sum > 0 ? "as it began" : "zero") + ", and undetermined.");
    }

    template <class Typed>
    void noteZerosOfStart(const Typed& state)
    {
        const Index count = state.zerosOfStart;
        if (count > 0 && state.steps.floor > 0)
            notes.push_back(std::to_string(count) + (count == 1 ? " entry" : " entries") + " of the start " +
                            (count == 1 ? "is" : "are") +
                            " zero, where multiplicative rules do not move them: they are held just above zero, and "
                            "lifted every " +
                            std::to_string(liftInterval) + " iterations if the objective falls then.");
    }

    /// What holds of these factors until the run goes on.
    void noteEnd(const Factors<double>& factors)
    {
        lastingNotes = notes.size();
        for (std::string& note : endNotes(options, factors, history.back(), violations))
            notes.push_back(std::move(note));
    }

    /// Looks at the held-out entries where that is due; true if they say that the run shall end.
    bool lookAtHeldOut()
    {
        return withTyped([&](auto& state) {
            if (!state.heldOut)
                return false;
            if (iteration % heldOutInterval == 0)
                state.heldOut->look(state.factors, iteration, options.patience > 0);
            return state.heldOut->exhausted(options.patience);
        });
    }

    /// For good: the iterations go on from there.
    void goBackToBest()
    {
        withTyped([&](auto& state) {
            iteration = state.heldOut->bestIteration();
            state.heldOut->beginAnew();
            state.goBackToBest(options);
        });
        cutHistory();
    }

    void cutHistory()
    {
        history.resize(static_cast<std::size_t>(iteration) + 1);
        comparableFrom = std::min(comparableFrom, history.size());
        watchedFrom = std::min(watchedFrom, history.size());
    }

    /// At the end of a run that watches its held-out entries: goes back to the factors that predicted them best, among
    /// them those of the last iteration, until takeUp(). True if these are others.
    bool restAtBest()
    {
        const bool rests = withTyped([&](auto& state) {
            if (!state.heldOut || options.patience == 0)
                return false;
            ahead = Ahead{iteration, betweenHalves, notes.size(), comparableFrom, history};
            state.keepAhead();
            if (!betweenHalves && iteration % heldOutInterval != 0)
                state.heldOut->look(state.factors, iteration, true);
            if (!betweenHalves && state.heldOut->bestIteration() == iteration)
                return false;
            notes.push_back("After iteration " + std::to_string(iteration) + " the run went back to the factors of " +
                            "iteration " + std::to_string(state.heldOut->bestIteration()) +
                            ", which predicted the held-out entries best.");
            iteration = state.heldOut->bestIteration();
            betweenHalves = false;
            state.goBackToBest(options);
            return true;
        });
        if (rests)
            cutHistory();
        return rests;
    }

    /// Before a run goes on: as it was before restAtBest().
    void takeUp()
    {
        withTyped([](auto& state) { state.takeUp(); });
        iteration = ahead->iteration;
        betweenHalves = ahead->betweenHalves;
        notes.resize(ahead->notes);
        comparableFrom = ahead->comparableFrom;
        history = std::move(ahead->history);
        ahead.reset();
    }

    void maintain()
    {
        withTyped([&](auto& state) { state.balance(options, state.steps.rescaled ? 1e-9 : 1e-3); });
        reviveDead();
        if (iteration % liftInterval == 0)
            withTyped([&](auto& state) { state.liftZeros(options); });
    }

    bool reviveDead()
    {
        const int revived = withTyped([&](auto& state) { return state.reviveDead(options); });
        if (revived > 0)
            notes.push_back("After iteration " + std::to_string(iteration) + " " +
                            (revived == 1 ? "a component that had" : std::to_string(revived) + " components that had") +
                            " died began anew from the worst fitted sample.");
        return revived > 0;
    }

    /// The rule of convergence that says that the run shall end.
    std::optional<Termination> convergence()
    {
        if (objectiveSettled())
            return Termination::Converged;
        return lookAtFactors();
    }

    std::optional<Termination> lookAtFactors()
    {
        if (options.kktTolerance == 0 && options.stepTolerance == 0 && options.connectivityLooks == 0)
            return {};
        return withTyped([&](auto& state) { return state.rules.look(options, iteration, state.workOf(options)); });
    }

    bool objectiveSettled() const
    {
        const auto now = history.size() - 1;
        if (!(options.tolerance > 0) || now < comparableFrom + static_cast<std::size_t>(changeWindow))
            return false;
        const double before = history[now - changeWindow].scaledObjective;
        return before - history[now].scaledObjective <= options.tolerance * before;
    }
};

Run::Run(std::shared_ptr<const Dataset> dataset, Options options)
{
    requireConsistent(options, *dataset);
    const DataFacts facts = isWeighted(options, *dataset) ? factsOfKnown(*dataset, options) : factsOf(dataset->V);
    requireFactorizable(*dataset, facts);
    const Loss& loss = *find(losses(), options.loss.id);
    if (loss.make(options.loss.values).needsPositiveData())
        requirePositive(*dataset, facts, loss.facts.name);
    m_state = std::make_unique<State>(std::move(dataset), std::move(options));
    m_state->zeros = facts.zeros;
}

Run::~Run() = default;
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;

Termination Run::advance(std::stop_token stop, const Observer& observer)
{
    State& state = *m_state;
    const auto report = [&] {
        if (observer.report)
            observer.report(*this);
    };
    if (!state.started) {
        std::optional<Termination> atOnce;
        try {
            state.timed([&] {
                state.begin(stop);
                state.addRecord();
                atOnce = state.lookAtFactors();
            });
            state.requireData();
            state.lookAtHeldOut();
        } catch (const Cancelled&) {
            return Termination::Stopped;
        }
        state.history.back().seconds = state.seconds;
        report();
        if (atOnce) {
            state.noteEnd(factors());
            return *atOnce;
        }
    }
    takeUp();
    state.notes.resize(std::min(state.notes.size(), state.lastingNotes));
    const Termination termination = iterate(stop, observer);
    if (termination != Termination::HeldOutLimit && state.restAtBest())
        report();
    // Who stops a run wants it back at once.
    if (termination != Termination::Stopped && termination != Termination::NotFinite && state.settle())
        report();
    state.noteEnd(factors());
    return termination;
}

void Run::beginAt(const Position& position)
{
    Options asked = m_state->options;
    asked.start = std::make_shared<const Factors<double>>(position.factors);
    requireConsistent(asked, *m_state->dataset);
    const std::vector<Record>& history = position.history;
    bool whole = !history.empty();
    for (std::size_t i = 0; i < history.size(); ++i)
        whole = whole && history[i].iteration == static_cast<int>(i) && std::isfinite(history[i].scaledObjective);
    if (!whole)
        throw Error("The run cannot be taken up: its records do not lead from its start to its factors.");
    m_state->beginAt(position);
    m_state->betweenHalves = position.betweenHalves && canHalve();
    m_state->lookAtHeldOut();
}

void Run::takeUp()
{
    if (m_state->unsettled)
        m_state->unsettle();
    if (m_state->ahead)
        m_state->takeUp();
}

Termination Run::iterate(const std::stop_token& stop, const Observer& observer)
{
    State& state = *m_state;
    const auto report = [&] {
        if (observer.report)
            observer.report(*this);
    };
    for (;;) {
        if (!state.betweenHalves && state.iteration >= state.options.maxIterations)
            return Termination::IterationLimit;
        if (observer.gate && !stop.stop_requested())
            observer.gate(*this);
        if (stop.stop_requested())
            return Termination::Stopped;
        state.timed([&] { state.step(); });
        state.requireData();
        if (!state.betweenHalves)
            state.history.back().seconds = state.seconds;
        report();
        if (state.betweenHalves)
            continue;
        if (state.diverged)
            return Termination::NotFinite;
        if (state.lookAtHeldOut()) {
            state.goBackToBest();
            report();
            return Termination::HeldOutLimit;
        }
        std::optional<Termination> convergence;
        state.timed([&] { convergence = state.convergence(); });
        if (convergence && !state.reviveDead())
            return *convergence;
        if (state.options.timeLimit > 0 && state.seconds >= state.options.timeLimit)
            return Termination::TimeLimit;
    }
}

const Dataset& Run::dataset() const
{
    return *m_state->dataset;
}

const Options& Run::options() const
{
    return m_state->options;
}

void Run::setLimits(int maxIterations, double tolerance, double timeLimit)
{
    m_state->options.maxIterations = maxIterations;
    m_state->options.tolerance = tolerance;
    m_state->options.timeLimit = timeLimit;
    m_state->options.kktTolerance = m_state->options.stepTolerance = 0;
    m_state->options.connectivityLooks = 0;
}

void Run::setRules(const Options& rules)
{
    setLimits(rules.maxIterations, rules.tolerance, rules.timeLimit);
    Options& options = m_state->options;
    options.kktTolerance = rules.kktTolerance;
    options.stepTolerance = rules.stepTolerance;
    options.connectivityLooks = rules.connectivityLooks;
}

void Run::setModel(const Options& model)
{
    Options changed = m_state->options;
    changed.algorithm = model.algorithm;
    takeTerms(changed, model);
    const bool otherTerms = !sameTerms(changed, m_state->options);
    change(changed);
    // What is minimised is another thing from here on.
    if (otherTerms)
        m_state->comparableFrom = m_state->history.size();
}

void Run::change(const Options& changed)
{
    requireConsistent(changed, *m_state->dataset);
    m_state->options = changed;
    // Half an iteration may have been made by the algorithm before.
    m_state->watchedFrom = m_state->history.size();
    if (!m_state->started)
        return;
    m_state->withTyped([&](auto& state) {
        state.adopt(changed);
        state.rules.beginAnew();
        // Where the iterations were is of no use to another rule: they go on from the best factors.
        if (state.ahead)
            state.heldOut->beginAnew();
        state.ahead.reset();
    });
    m_state->unsettled.reset();
    m_state->ahead.reset();
    // An iteration that was half made is made whole by the second half under the new rule.
    m_state->betweenHalves = m_state->betweenHalves && canHalve();
}

Record Run::current() const
{
    return m_state->recordNow();
}

bool Run::started() const
{
    return m_state->started;
}

int Run::iteration() const
{
    return m_state->iteration;
}

bool Run::betweenHalves() const
{
    return m_state->betweenHalves;
}

bool Run::canHalve() const
{
    return m_state->started &&
           m_state->withTyped([](const auto& state) { return static_cast<bool>(state.steps.coefficients); });
}

const std::vector<Record>& Run::history() const
{
    return m_state->history;
}

std::size_t Run::comparableFrom() const
{
    return m_state->comparableFrom;
}

const std::vector<std::string>& Run::notes() const
{
    return m_state->notes;
}

int Run::monotonicityViolations() const
{
    return m_state->violations;
}

std::optional<HeldOutFit> Run::heldOut() const
{
    if (!m_state->started)
        return {};
    return m_state->withTyped([](const auto& state) -> std::optional<HeldOutFit> {
        if (!state.heldOut)
            return {};
        return state.heldOut->fitOf(state.factors);
    });
}

Factors<double> Run::factors() const
{
    if (!m_state->started)
        return {Matrix<double>::Zero(m_state->dataset->V.rows(), m_state->options.rank),
                Matrix<double>::Zero(m_state->dataset->V.cols(), m_state->options.rank)};
    return m_state->withTyped([&](const auto& state) { return state.unscaled(m_state->options); });
}

Result factorize(std::shared_ptr<const Dataset> dataset, const Options& options, std::stop_token stop,
                 const Observer& observer)
{
    Run run(std::move(dataset), options);
    const Termination termination = run.advance(std::move(stop), observer);
    return {run.factors(), run.history(), termination, run.notes(), run.heldOut(), run.monotonicityViolations()};
}

} // namespace nmf
