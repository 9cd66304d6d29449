#include "core/factorize.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/feasible.h"
#include "core/held_out.h"
#include "core/initializers/initializers.h"
#include "core/revival.h"
#include "core/stopping_rules.h"
#include "core/termination.h"
#include "core/terms.h"
#include "core/zeros.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <variant>

namespace nmf
{

namespace
{

/// After how many iterations penalised components are balanced and dead ones revived, and how often one is revived.
constexpr int maintenanceInterval = 10;
constexpr int mostRevivals = 3;
/// After how many iterations entries that are stuck at the floor of multiplicative rules are lifted.
constexpr int liftInterval = 20;

double secondsNow()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string counted(Index count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace

/// What a run keeps in its precision.
template <class Scalar>
struct Run::TypedState
{
    TypedState(const Dataset& dataset, const Options& options)
        : blocks(options.threads), known(isWeighted(options, dataset) ? std::make_unique<KnownEntries>(dataset, options)
                                                                      : std::unique_ptr<KnownEntries>()),
          V(known ? known->filled(!dataset.V.isSparse()) : dataset.V, blocks)
    {
        if (!known)
            return;
        known->divide(V.scale());
        knownSquaredNorm = known->squaredNorm();
        if (!known->heldOut().empty())
            heldOut.emplace(*known, find(losses(), options.loss.id)->make(options.loss.values), V.scale());
    }

    void begin(const Options& options, const std::stop_token& stop)
    {
        factors = options.start ? given(*options.start) : computed(options, stop);
        adopt(options);
        if (options.start)
            return;
        // A start of our own making has its shape from the rule and its size from the data: a wrong size would cost the
        // first iterations, and dwarf the rest of the loss curve.
        const double scale = steps.bestScale();
        if (scale > 0 && std::isfinite(scale)) {
            scaleFree(factors, scale, options.ofW, options.ofH);
            prepare(options);
        }
        balance(options, 0);
    }

    /// Scales the halves of each component against each other, if that moves any by more than this share.
    void balance(const Options& options, double least)
    {
        const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
        const Penalty onW = scaled(options.onW, divergence), onH = scaled(options.onH, divergence);
        if (!options.balanced || onW.none() || onH.none() || !leavesScaleFree(options))
            return;
        const ColumnScales scales = bestBalance(factors, onW, onH);
        if (!((scales.onW.array() - 1).abs().maxCoeff() > least))
            return;
        scaleColumns(factors, scales);
        if (steps.rescaled)
            steps.rescaled(scales);
        else
            prepare(options);
    }

    /// Whether nothing but norms is asked of the factors, so that their halves may be scaled against each other.
    static bool leavesScaleFree(const Options& options)
    {
        // Asked during iterations, which ask for no memory: so not by a list of demands.
        return options.lockW.none() && options.lockH.none() &&
               std::all_of(terms().begin(), terms().end(), [&](const Term& term) {
                   return term.of(options) == 0 || term.demand == Demand::L1 || term.demand == Demand::L2 ||
                          term.demand == Demand::Dropout;
               });
    }

    /// Gives components that have died new life, each `mostRevivals` times at most; how many it were. One that costs
    /// more in penalties than it could gain stays dead.
    int reviveDead(const Options& options)
    {
        if (known || beta != 2 || (!options.balanced && !(options.onW.none() && options.onH.none())) ||
            !leavesScaleFree(options) || options.together.dropout != 0)
            return 0;
        const Divergence divergence{.beta = beta};
        const Penalty onW = scaled(options.onW, divergence), onH = scaled(options.onH, divergence);
        int revived = 0;
        revivals.resize(static_cast<std::size_t>(factors.rank()), 0);
        for (const Index a : deadComponents(factors, V)) {
            int& times = revivals[static_cast<std::size_t>(a)];
            if (times >= mostRevivals || !revive(factors, a, V, onW, onH, blocks))
                continue;
            ++times;
            ++revived;
        }
        if (revived > 0)
            prepare(options);
        return revived;
    }

    /// Begins with factors that may not satisfy the constraints yet.
    void adopt(const Options& options)
    {
        makeFeasible(factors, scaled(options.ofW), scaled(options.ofH), options.lockW, options.lockH,
                     1 / V.factorScale());
        prepare(options);
    }

    void prepare(const Options& options)
    {
        const Work<Scalar> work = workOf(options);
        beta = work.divergence.beta;
        steps = find(algorithms(), options.algorithm.id)->make.template of<Scalar>()(options.algorithm.values, work);
        zeros.forget();
    }

    Work<Scalar> workOf(const Options& options)
    {
        const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
        return {.V = V,
                .factors = factors,
                .blocks = blocks,
                .divergence = divergence,
                .seed = options.seed,
                .onW = scaled(options.onW, divergence),
                .onH = scaled(options.onH, divergence),
                .known = known.get(),
                .ofW = scaled(options.ofW),
                .ofH = scaled(options.ofH),
                .together = scaled(options.together, divergence),
                .lockW = options.lockW,
                .lockH = options.lockH,
                .unit = 1 / V.factorScale()};
    }

    void liftZeros(const Options& options)
    {
        if (steps.floor > 0 && Zeros<Scalar>::lift(workOf(options), steps.floor))
            prepare(options);
    }

    Factors<Scalar> given(const Factors<double>& start) const
    {
        const double inverse = 1 / V.factorScale();
        return {(start.W * inverse).template cast<Scalar>(), (start.Ht * inverse).template cast<Scalar>()};
    }

    Factors<Scalar> computed(const Options& options, const std::stop_token& stop)
    {
        return find(initializers(), options.initializer.id)
            ->make.template of<Scalar>()(options.initializer.values,
                                         StartRequest<Scalar>{V, options.rank, options.seed, blocks, stop});
    }

    /// The penalty on factors divided by √c that weighs against the fit as the given one does, for V divided by c.
    Penalty scaled(const Penalty& penalty, const Divergence& divergence) const
    {
        // A weight of zero stays zero however extreme the scale.
        const auto weigh = [&](double weight, double exponent) {
            return weight == 0 ? 0 : weight * std::pow(V.scale(), exponent);
        };
        return {weigh(penalty.l1, 0.5 - divergence.beta), weigh(penalty.l2, 1 - divergence.beta),
                weigh(penalty.overlap, 1 - divergence.beta), weigh(penalty.smoothness, 1 - divergence.beta)};
    }

    Constraint scaled(Constraint constraint) const
    {
        constraint.upper /= V.factorScale();
        return constraint;
    }

    JointTerms scaled(JointTerms terms, const Divergence& divergence) const
    {
        terms.traceBound /= V.scale();
        if (terms.varianceShares != 0)
            terms.varianceShares *= std::pow(V.scale(), -divergence.beta);
        if (terms.varianceSums != 0)
            terms.varianceSums *= std::pow(V.scale(), 0.5 - divergence.beta);
        return terms;
    }

    /// As they belong to the data as they came. What is locked is as it was given, to the last bit.
    Factors<double> unscaled(const Options& options) const
    {
        const double scale = V.factorScale();
        Factors<double> all{factors.W.template cast<double>() * scale, factors.Ht.template cast<double>() * scale};
        if (options.start) {
            restore(all.W, options.start->W, options.lockW);
            restore(all.Ht, options.start->Ht, options.lockH);
        }
        return all;
    }

    static void restore(Matrix<double>& factor, const Matrix<double>& start, const FactorLock& lock)
    {
        for (const Index a : lock.components)
            factor.col(a) = start.col(a);
        if (lock.entries)
            factor = lock.entries->select(start, factor);
    }

    Blocks blocks;
    std::unique_ptr<KnownEntries> known; ///< null if all entries count, and alike
    SolverData<Scalar> V;                ///< where entries are unknown: V as the initialisers see it
    double knownSquaredNorm = 0;
    std::optional<HeldOutWatch<Scalar>> heldOut = {};
    Factors<Scalar> factors;
    Factors<Scalar> lastFinite; ///< as of the last record, to go back to from what is no number
    Zeros<Scalar> zeros;        ///< of the end of the run
    Steps<Scalar> steps;
    StoppingRules<Scalar> rules;
    std::vector<int> revivals = {}; ///< of each component
    double beta = 2;                ///< of the loss: D(cV|cX) = c^β D(V|X)
};

struct Run::State
{
    struct Numbers
    {
        Record record;
        double scaledObjective = 0;
    };

    std::shared_ptr<const Dataset> dataset;
    Options options;
    std::variant<std::monostate, std::unique_ptr<TypedState<float>>, std::unique_ptr<TypedState<double>>> typed = {};
    bool started = false, betweenHalves = false;
    int iteration = 0;
    double seconds = 0;
    std::vector<Record> history = {};
    std::vector<std::string> notes = {};
    std::size_t comparableFrom = 0;        ///< the first record with the present penalties
    bool diverged = false;                 ///< the last iteration came to nothing, and was taken back
    std::optional<Numbers> unsettled = {}; ///< the last record before settle()
    std::vector<double> scaledObjectives =
        {}; ///< what the stopping rule looks at: those of tiny data may vanish unscaled

    template <class Action>
    auto withTyped(Action&& action)
    {
        if (auto* single = std::get_if<std::unique_ptr<TypedState<float>>>(&typed))
            return action(**single);
        return action(*std::get<std::unique_ptr<TypedState<double>>>(typed));
    }

    template <class Action>
    void timed(Action&& action)
    {
        const double start = secondsNow();
        action();
        seconds += secondsNow() - start;
    }

    void begin(const std::stop_token& stop)
    {
        if (std::holds_alternative<std::monostate>(typed)) {
            if (options.precision == Precision::Single)
                typed = std::make_unique<TypedState<float>>(*dataset, options);
            else
                typed = std::make_unique<TypedState<double>>(*dataset, options);
        }
        withTyped([&](auto& state) {
            state.begin(options, stop);
            noteEmptyLines(state);
            state.lastFinite = state.factors;
        });
        started = true;
    }

    Numbers numbersNow()
    {
        return withTyped([&](auto& state) { return numbersOf(state, state.steps.fit()); });
    }

    template <class Typed>
    Numbers numbersOf(const Typed& state, const Fit& fit) const
    {
        const double norm = state.known ? state.knownSquaredNorm : state.V.squaredNorm(), scale = state.V.scale();
        const double relative = norm > 0 ? std::sqrt(std::max(fit.squaredResidual, 0.0) / norm) : 0.0;
        return {{iteration, fit.objective * std::pow(scale, state.beta), relative, seconds}, fit.objective};
    }

    void addRecord()
    {
        const Numbers numbers = numbersNow();
        scaledObjectives.push_back(numbers.scaledObjective);
        history.push_back(numbers.record);
    }

    /// Goes back to the last finite factors if there is no number for these; otherwise these are the last from here on.
    void keepFinite()
    {
        diverged = !std::isfinite(scaledObjectives.back());
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
        scaledObjectives.pop_back();
        comparableFrom = std::min(comparableFrom, history.size());
    }

    /// At the end of a run: what multiplicative rules keep just off zero becomes zero. True if that was something.
    bool settle()
    {
        return withTyped([&](auto& state) {
            if (betweenHalves || !(state.steps.floor > 0))
                return false;
            const std::optional<Fit> fit = state.zeros.settle(state.workOf(options), state.steps.floor);
            if (!fit)
                return false;
            unsettled = {history.back(), scaledObjectives.back()};
            const double spent = history.back().seconds;
            const Numbers numbers = numbersOf(state, *fit);
            history.back() = numbers.record;
            history.back().seconds = spent;
            scaledObjectives.back() = numbers.scaledObjective;
            return true;
        });
    }

    /// Before a run goes on: as it was before settle().
    void unsettle()
    {
        withTyped([&](auto& state) { state.zeros.unsettle(state.factors); });
        history.back() = unsettled->record;
        scaledObjectives.back() = unsettled->scaledObjective;
        unsettled.reset();
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
            keepFinite();
        }
    }

    template <class Typed>
    void noteEmptyLines(const Typed& state)
    {
        if (!state.known)
            return;
        const Index columns = state.known->emptyLines(Side::Coefficients), rows = state.known->emptyLines(Side::Basis);
        if (columns > 0 || rows > 0)
            notes.push_back("Nothing is known of " + counted(rows, "row") + " and " + counted(columns, "column") +
                            ": their part of the factors is zero, and undetermined.");
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

    /// Makes the factors that predicted the held-out entries best the present ones.
    void goBackToBest()
    {
        withTyped([&](auto& state) {
            iteration = state.heldOut->bestIteration();
            state.factors = state.heldOut->best();
            state.heldOut->beginAnew();
            state.prepare(options);
            state.lastFinite = state.factors;
        });
        history.resize(static_cast<std::size_t>(iteration) + 1);
        scaledObjectives.resize(history.size());
        comparableFrom = std::min(comparableFrom, history.size());
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
        const auto now = scaledObjectives.size() - 1;
        if (!(options.tolerance > 0) || now < comparableFrom + static_cast<std::size_t>(changeWindow))
            return false;
        const double before = scaledObjectives[now - changeWindow];
        return before - scaledObjectives[now] <= options.tolerance * before;
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
            state.lookAtHeldOut();
        } catch (const Cancelled&) {
            return Termination::Stopped;
        }
        state.history.back().seconds = state.seconds;
        report();
        if (atOnce)
            return *atOnce;
    }
    if (state.unsettled)
        state.unsettle();
    const Termination termination = iterate(stop, observer);
    // Who stops a run wants it back at once.
    if (termination != Termination::Stopped && termination != Termination::NotFinite && state.settle())
        report();
    return termination;
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
        m_state->comparableFrom = m_state->scaledObjectives.size();
}

void Run::change(const Options& changed)
{
    requireConsistent(changed, *m_state->dataset);
    m_state->options = changed;
    if (!m_state->started)
        return;
    m_state->withTyped([&](auto& state) {
        state.adopt(changed);
        state.rules.beginAnew();
    });
    m_state->unsettled.reset();
    // An iteration that was half made is made whole by the second half under the new rule.
    m_state->betweenHalves = m_state->betweenHalves && canHalve();
}

Record Run::current() const
{
    return m_state->numbersNow().record;
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

const std::vector<std::string>& Run::notes() const
{
    return m_state->notes;
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
    return {run.factors(), run.history(), termination, run.notes(), run.heldOut()};
}

} // namespace nmf
