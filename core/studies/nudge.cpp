#include "core/studies/nudge.h"

#include "core/error.h"
#include "core/random_numbers.h"
#include "core/short_number.h"
#include "core/studies/side_by_side.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>

namespace nmf
{

namespace
{

/// The amounts for W are drawn from this stream, those for H from the next.
constexpr std::uint64_t nudgeStream = 35;
/// Objectives that differ by a smaller share of themselves, or of that of the start, are the same.
constexpr double alike = 1e-4, nothing = 1e-9;
/// So much more exactly than a run: near a saddle the way out is slow at first.
constexpr double exacter = 1e-3;
constexpr int longer = 4, fewestIterations = 1000;

struct Solved
{
    std::shared_ptr<const Factors<double>> factors;
    std::vector<Record> history;
    double objective() const { return history.back().objective; }
};

Options exactly(Options options, Index rank)
{
    options.rank = rank;
    options.tolerance *= exacter;
    options.maxIterations = std::max(longer * options.maxIterations, fewestIterations);
    options.patience = 0;
    options.connectivityLooks = 0;
    options.timeLimit = 0;
    options.threads = 1;
    return options;
}

Solved solve(const std::shared_ptr<const Dataset>& dataset, Options options,
             std::shared_ptr<const Factors<double>> start, const std::stop_token& stop)
{
    options.start = std::move(start);
    const Result result = factorize(dataset, options, stop);
    if (result.termination == Termination::Stopped || result.history.empty())
        throw Cancelled();
    return {std::make_shared<const Factors<double>>(result.factors), result.history};
}

/// Of a component's size only the product of its two halves is determined: both get the same norm, so that an amount is
/// as large beside one as beside the other.
Factors<double> balanced(const Factors<double>& factors, const Options& options)
{
    Factors<double> result = factors;
    if (!options.lockW.none() || !options.lockH.none() || options.ofW.bounds() || options.ofH.bounds())
        return result;
    for (Index a = 0; a < factors.rank(); ++a) {
        const double w = factors.W.col(a).stableNorm(), h = factors.Ht.col(a).stableNorm();
        if (!(w > 0 && h > 0))
            continue;
        const double ratio = std::sqrt(h / w);
        result.W.col(a) *= ratio;
        result.Ht.col(a) /= ratio;
    }
    return result;
}

void add(Matrix<double>& factor, double size, const FactorLock& lock, const RandomNumbers& random)
{
    for (Index a = 0; a < factor.cols(); ++a)
        for (Index i = 0; i < factor.rows() && !lock.holds(a); ++i)
            if (!lock.entries || !(*lock.entries)(i, a))
                factor(i, a) += size * random.uniform(static_cast<std::uint64_t>(a * factor.rows() + i));
}

std::shared_ptr<const Factors<double>> nudgedOnce(const Factors<double>& factors, const Options& options,
                                                  const NudgePlan& plan, std::uint64_t time)
{
    Factors<double> result = balanced(factors, options);
    const auto rootMeanSquare = [](const Matrix<double>& factor) {
        return factor.stableNorm() / std::sqrt(static_cast<double>(std::max<Index>(1, factor.size())));
    };
    // What is zero altogether has no size of its own.
    const double onW = rootMeanSquare(result.W), onH = rootMeanSquare(result.Ht);
    add(result.W, plan.size * (onW > 0 ? onW : 1), options.lockW, RandomNumbers(plan.seed + time, nudgeStream));
    add(result.Ht, plan.size * (onH > 0 ? onH : 1), options.lockH, RandomNumbers(plan.seed + time, nudgeStream + 1));
    return std::make_shared<const Factors<double>>(std::move(result));
}

/// Counts what became of them, and keeps the lowest of those that are lower.
void judge(const std::vector<std::optional<Solved>>& solved, double scale, Nudged& result)
{
    const double slack = alike * result.objective + nothing * scale;
    const Solved* best = nullptr;
    for (const std::optional<Solved>& one : solved) {
        const double objective = one->objective();
        result.objectives.push_back(objective);
        ++(objective < result.objective - slack   ? result.lower
           : objective > result.objective + slack ? result.higher
                                                  : result.returned);
        if (objective < result.objective - slack && (!best || objective < best->objective()))
            best = &*one;
    }
    result.verdict = result.lower > 0    ? Nudged::Verdict::Stuck
                     : result.higher > 0 ? Nudged::Verdict::Unsettled
                                         : Nudged::Verdict::Minimum;
    if (!best)
        return;
    result.best = best->factors;
    result.history = best->history;
}

std::string times(int count, std::size_t all)
{
    return std::to_string(count) + " of " + std::to_string(all) + " times";
}

} // namespace

double Nudged::lowest() const
{
    return objectives.empty() ? objective : std::min(objective, *std::ranges::min_element(objectives));
}

Nudged nudge(std::shared_ptr<const Dataset> dataset, const Options& options, const Factors<double>& factors,
             const NudgePlan& plan, const std::stop_token& stop, const std::function<void(int)>& report)
{
    if (plan.times < 1 || plan.times > 1000 || !(plan.size > 0 && plan.size <= 1))
        throw Error("A nudge is made from 1 to 1000 times, by a share above 0 and at most 1.");
    Nudged result{.options = exactly(options, factors.rank())};
    const auto count = static_cast<std::size_t>(plan.times);
    std::optional<Solved> asItIs;
    std::vector<std::optional<Solved>> solved(count);
    std::mutex mutex;
    int done = 0;
    doSideBySide(count + 1, options.threads, stop, [&](std::size_t i) {
        if (i == 0)
            asItIs = solve(dataset, result.options, std::make_shared<const Factors<double>>(factors), stop);
        else
            solved[i - 1] = solve(dataset, result.options, nudgedOnce(factors, options, plan, i), stop);
        const std::lock_guard lock(mutex);
        if (report && i > 0)
            report(++done);
    });
    if (!asItIs || !std::ranges::all_of(solved, [](const auto& one) { return one.has_value(); }))
        throw Cancelled();
    result.options.threads = options.threads;
    result.objective = asItIs->objective();
    double scale = 0;
    for (const std::optional<Solved>& one : solved)
        scale = std::max(scale, one->history.front().objective);
    judge(solved, scale, result);
    return result;
}

std::string sentence(const Nudged& nudged)
{
    const std::size_t all = nudged.objectives.size();
    const std::string here = shortNumber(nudged.objective);
    switch (nudged.verdict) {
    case Nudged::Verdict::Minimum:
        return "This is a minimum: nudged " + std::to_string(all) + " times, it always came back to " + here + ".";
    case Nudged::Verdict::Stuck:
        return "This was merely stuck: nudged, it fell below " + here + " " + times(nudged.lower, all) + ", down to " +
               shortNumber(nudged.lowest()) + ".";
    case Nudged::Verdict::Unsettled:
        break;
    }
    return "No nudge led lower than " + here + ": it came back " + times(nudged.returned, all) +
           ", and ended in a higher place " + times(nudged.higher, all) + ".";
}

} // namespace nmf
