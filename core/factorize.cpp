#include "core/factorize.h"

#include "core/error.h"
#include "core/run_state.h"
#include "core/terms.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

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
    // An algorithm may refuse what its parameters ask for: nothing has changed then.
    if (m_state->started)
        m_state->withTyped([&](auto& state) { state.adopt(changed); });
    m_state->options = changed;
    // Half an iteration may have been made by the algorithm before.
    m_state->watchedFrom = m_state->history.size();
    if (!m_state->started)
        return;
    m_state->withTyped([&](auto& state) {
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
