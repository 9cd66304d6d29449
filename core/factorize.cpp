#include "core/factorize.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/revival.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <variant>

namespace nmf
{

namespace
{

/// Over how many iterations the relative change is looked at.
constexpr int changeWindow = 10;
/// After how many iterations penalised components are balanced and dead ones revived, and how often one is revived.
constexpr int maintenanceInterval = 10;
constexpr int mostRevivals = 3;

double secondsNow()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 3).ptr};
}

} // namespace

std::string idOf(Termination termination)
{
    switch (termination) {
    case Termination::Converged:
        return "converged";
    case Termination::IterationLimit:
        return "iteration-limit";
    case Termination::TimeLimit:
        return "time-limit";
    case Termination::Stopped:
        return "stopped";
    case Termination::NotFinite:
        return "not-finite";
    }
    return {};
}

std::string sentence(Termination termination, const Options& options, const std::vector<Record>& history)
{
    const int iteration = history.empty() ? 0 : history.back().iteration;
    const std::string count = std::to_string(iteration) + (iteration == 1 ? " iteration" : " iterations");
    std::string falling;
    if (iteration >= changeWindow && history.back().objective > 0) {
        const double before = history[history.size() - 1 - changeWindow].objective;
        const double share = 100 * (before - history.back().objective) / before;
        falling = share > 0 ? "; the loss still falls by " + shortNumber(share) + " % in " +
                                  std::to_string(changeWindow) + " iterations"
                            : std::string();
    }
    switch (termination) {
    case Termination::Converged:
        return "Converged after " + count + ": the loss fell by less than " + shortNumber(options.tolerance) +
               " of itself in " + std::to_string(changeWindow) + " iterations.";
    case Termination::IterationLimit:
        return "Not converged: reached the limit of " + count + falling + ".";
    case Termination::TimeLimit:
        return "Not converged: reached the time limit of " + shortNumber(options.timeLimit) + " s after " + count +
               falling + ".";
    case Termination::Stopped:
        return "Stopped after " + count + falling + ".";
    case Termination::NotFinite:
        return "Diverged after " + count + ": the loss is no longer a finite number.";
    }
    return {};
}

/// What a run keeps in its precision.
template <class Scalar>
struct Run::TypedState
{
    TypedState(const Dataset& dataset, const Options& options) : blocks(options.threads), V(dataset.V, blocks) {}

    void begin(const Options& options, const std::stop_token& stop)
    {
        factors = options.start ? given(*options.start) : computed(options, stop);
        prepare(options);
        if (options.start)
            return;
        // A start of our own making has its shape from the rule and its size from the data: a wrong size would cost the
        // first iterations, and dwarf the rest of the loss curve.
        const double scale = steps.bestScale();
        if (scale > 0 && std::isfinite(scale)) {
            factors.W *= static_cast<Scalar>(std::sqrt(scale));
            factors.Ht *= static_cast<Scalar>(std::sqrt(scale));
            prepare(options);
        }
        balance(options, 0);
    }

    /// Scales the halves of each component against each other, if that moves any by more than this share.
    void balance(const Options& options, double least)
    {
        const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
        const Penalty onW = scaled(options.onW, divergence), onH = scaled(options.onH, divergence);
        if (!options.balanced || onW.none() || onH.none())
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

    /// Gives components that have died new life, each `mostRevivals` times at most; how many it were. One that costs
    /// more in penalties than it could gain stays dead.
    int reviveDead(const Options& options)
    {
        if (beta != 2 || (!options.balanced && !(options.onW.none() && options.onH.none())))
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

    void prepare(const Options& options)
    {
        const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
        beta = divergence.beta;
        steps = find(algorithms(), options.algorithm.id)
                    ->make.template of<Scalar>()(options.algorithm.values,
                                                 Work<Scalar>{V, factors, blocks, divergence, options.seed,
                                                              scaled(options.onW, divergence),
                                                              scaled(options.onH, divergence)});
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
        return {weigh(penalty.l1, 0.5 - divergence.beta), weigh(penalty.l2, 1 - divergence.beta)};
    }

    Factors<double> unscaled() const
    {
        const double scale = V.factorScale();
        return {factors.W.template cast<double>() * scale, factors.Ht.template cast<double>() * scale};
    }

    Blocks blocks;
    SolverData<Scalar> V;
    Factors<Scalar> factors;
    Steps<Scalar> steps;
    std::vector<int> revivals = {}; ///< of each component
    double beta = 2;                ///< of the loss: D(cV|cX) = c^β D(V|X)
};

struct Run::State
{
    std::shared_ptr<const Dataset> dataset;
    Options options;
    std::variant<std::monostate, std::unique_ptr<TypedState<float>>, std::unique_ptr<TypedState<double>>> typed = {};
    bool started = false, betweenHalves = false;
    int iteration = 0;
    double seconds = 0;
    std::vector<Record> history = {};
    std::vector<std::string> notes = {};
    std::size_t comparableFrom = 0; ///< the first record with the present penalties
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
        withTyped([&](auto& state) { state.begin(options, stop); });
        started = true;
    }

    struct Numbers
    {
        Record record;
        double scaledObjective = 0;
    };

    Numbers numbersNow()
    {
        return withTyped([&](auto& state) {
            const Fit fit = state.steps.fit();
            const double norm = state.V.squaredNorm(), scale = state.V.scale();
            const double relative = norm > 0 ? std::sqrt(std::max(fit.squaredResidual, 0.0) / norm) : 0.0;
            return Numbers{{iteration, fit.objective * std::pow(scale, state.beta), relative, seconds}, fit.objective};
        });
    }

    void addRecord()
    {
        const Numbers numbers = numbersNow();
        scaledObjectives.push_back(numbers.scaledObjective);
        history.push_back(numbers.record);
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
        }
    }

    void maintain()
    {
        withTyped([&](auto& state) { state.balance(options, state.steps.rescaled ? 1e-9 : 1e-3); });
        reviveDead();
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

    bool converged() const
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
    const DataFacts facts = factsOf(dataset->V);
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
        try {
            state.timed([&] {
                state.begin(stop);
                state.addRecord();
            });
        } catch (const Cancelled&) {
            return Termination::Stopped;
        }
        state.history.back().seconds = state.seconds;
        report();
    }
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
        if (!std::isfinite(state.scaledObjectives.back()))
            return Termination::NotFinite;
        if (state.converged() && !state.reviveDead())
            return Termination::Converged;
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

void Run::setAlgorithm(const Choice& algorithm)
{
    Options changed = m_state->options;
    changed.algorithm = algorithm;
    change(changed);
}

void Run::setPenalties(const Penalty& onW, const Penalty& onH)
{
    Options changed = m_state->options;
    changed.onW = onW;
    changed.onH = onH;
    change(changed);
    // What is minimised is another thing from here on.
    m_state->comparableFrom = m_state->scaledObjectives.size();
}

void Run::change(const Options& changed)
{
    requireConsistent(changed, *m_state->dataset);
    m_state->options = changed;
    if (!m_state->started)
        return;
    m_state->withTyped([&](auto& state) { state.prepare(changed); });
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

Factors<double> Run::factors() const
{
    if (!m_state->started)
        return {Matrix<double>::Zero(m_state->dataset->V.rows(), m_state->options.rank),
                Matrix<double>::Zero(m_state->dataset->V.cols(), m_state->options.rank)};
    return m_state->withTyped([](const auto& state) { return state.unscaled(); });
}

Result factorize(std::shared_ptr<const Dataset> dataset, const Options& options, std::stop_token stop,
                 const Observer& observer)
{
    Run run(std::move(dataset), options);
    const Termination termination = run.advance(std::move(stop), observer);
    return {run.factors(), run.history(), termination, run.notes()};
}

} // namespace nmf
