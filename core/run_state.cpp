#include "core/run_state.h"

#include "core/algorithms/algorithms.h"
#include "core/run_notes.h"
#include "core/termination.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace nmf
{

namespace
{

/// After how many iterations penalised components are balanced and dead ones revived.
constexpr int maintenanceInterval = 10;
/// After how many iterations entries that are stuck at the floor of multiplicative rules are lifted.
constexpr int liftInterval = 20;

} // namespace

double Run::State::secondsNow()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void Run::State::makeTyped()
{
    if (!std::holds_alternative<std::monostate>(typed))
        return;
    if (options.precision == Precision::Single)
        typed = std::make_unique<TypedRun<float>>(*dataset, options);
    else
        typed = std::make_unique<TypedRun<double>>(*dataset, options);
}

void Run::State::begin(const std::stop_token& stop)
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

void Run::State::beginAt(const Position& position)
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

Record Run::State::recordNow()
{
    return withTyped([&](auto& state) { return recordOf(state, state.steps.fit()); });
}

template <class Typed>
Record Run::State::recordOf(const Typed& state, const Fit& fit) const
{
    const double norm = state.known ? state.knownSquaredNorm : state.V.squaredNorm(), scale = state.V.scale();
    const double relative = norm > 0 ? std::sqrt(std::max(fit.squaredResidual, 0.0) / norm) : 0.0;
    // Of nothing there is nothing in any unit, even one that is no number.
    const double objective = fit.objective == 0 ? 0 : fit.objective * std::pow(scale, state.beta);
    return {iteration, objective, relative, seconds, fit.objective};
}

void Run::State::keepFinite()
{
    diverged = !std::isfinite(history.back().scaledObjective);
    withTyped([&](auto& state) {
        if (!diverged) {
            state.keepFinite();
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

bool Run::State::settle()
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
std::optional<Fit> Run::State::settled(Typed& state)
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

void Run::State::unsettle()
{
    withTyped([&](auto& state) {
        state.zeros.unsettle(state.factors);
        if (state.steps.finish)
            state.factors = state.lastFinite;
    });
    history.back() = *unsettled;
    unsettled.reset();
}

void Run::State::requireData() const
{
    if (const MappedFile* file = dataset->V.file())
        file->requireIntact();
}

void Run::State::step()
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

void Run::State::watchRise()
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
void Run::State::noteEmptyLines(const Typed& state)
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
void Run::State::noteZerosOfStart(const Typed& state)
{
    const Index count = state.zerosOfStart;
    if (count > 0 && state.steps.floor > 0)
        notes.push_back(std::to_string(count) + (count == 1 ? " entry" : " entries") + " of the start " +
                        (count == 1 ? "is" : "are") +
                        " zero, where multiplicative rules do not move them: they are held just above zero, and "
                        "lifted every " +
                        std::to_string(liftInterval) + " iterations if the objective falls then.");
}

void Run::State::noteEnd(const Factors<double>& factors)
{
    lastingNotes = notes.size();
    for (std::string& note : endNotes(options, factors, history.back(), violations))
        notes.push_back(std::move(note));
}

bool Run::State::lookAtHeldOut()
{
    return withTyped([&](auto& state) {
        if (!state.heldOut)
            return false;
        if (iteration % heldOutInterval == 0)
            state.heldOut->look(state.factors, iteration, options.patience > 0);
        return state.heldOut->exhausted(options.patience);
    });
}

void Run::State::goBackToBest()
{
    withTyped([&](auto& state) {
        iteration = state.heldOut->bestIteration();
        state.heldOut->beginAnew();
        state.goBackToBest(options);
    });
    cutHistory();
}

void Run::State::cutHistory()
{
    history.resize(static_cast<std::size_t>(iteration) + 1);
    comparableFrom = std::min(comparableFrom, history.size());
    watchedFrom = std::min(watchedFrom, history.size());
}

bool Run::State::restAtBest()
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

void Run::State::takeUp()
{
    withTyped([](auto& state) { state.takeUp(); });
    iteration = ahead->iteration;
    betweenHalves = ahead->betweenHalves;
    notes.resize(ahead->notes);
    comparableFrom = ahead->comparableFrom;
    history = std::move(ahead->history);
    ahead.reset();
}

void Run::State::maintain()
{
    withTyped([&](auto& state) { state.balance(options, state.steps.rescaled ? 1e-9 : 1e-3); });
    reviveDead();
    if (iteration % liftInterval == 0)
        withTyped([&](auto& state) { state.liftZeros(options); });
}

bool Run::State::reviveDead()
{
    const int revived = withTyped([&](auto& state) { return state.reviveDead(options); });
    if (revived > 0)
        notes.push_back("After iteration " + std::to_string(iteration) + " " +
                        (revived == 1 ? "a component that had" : std::to_string(revived) + " components that had") +
                        " died began anew from the worst fitted sample.");
    return revived > 0;
}

std::optional<Termination> Run::State::convergence()
{
    if (objectiveSettled())
        return Termination::Converged;
    return lookAtFactors();
}

std::optional<Termination> Run::State::lookAtFactors()
{
    if (options.kktTolerance == 0 && options.stepTolerance == 0 && options.connectivityLooks == 0)
        return {};
    return withTyped([&](auto& state) { return state.rules.look(options, iteration, state.workOf(options)); });
}

bool Run::State::objectiveSettled() const
{
    const auto now = history.size() - 1;
    if (!(options.tolerance > 0) || now < comparableFrom + static_cast<std::size_t>(changeWindow))
        return false;
    const double before = history[now - changeWindow].scaledObjective;
    return before - history[now].scaledObjective <= options.tolerance * before;
}

} // namespace nmf
