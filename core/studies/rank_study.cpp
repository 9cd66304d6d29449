#include "core/studies/rank_study.h"

#include "core/error.h"
#include "core/measures/consensus.h"
#include "core/rank_sweep.h"
#include "core/run_memory.h"
#include "core/studies/permuted_data.h"
#include "core/studies/side_by_side.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace nmf
{

namespace
{

using Kind = RankFitKey::Kind;

/// So many numbers of all factors together are kept.
constexpr double mostKept = 3e7;

Options optionsOf(const RankPlan& plan, const RankFitKey& key, const Dataset& dataset)
{
    Options options = plan.options;
    options.rank = key.rank;
    // As many bits as the window's field for the seed holds.
    options.seed = seedOfRun(plan.options.seed, key.rank, key.run) >> 22;
    options.threads = 1;
    if (key.kind != Kind::HeldOut)
        return options;
    options.algorithm = suitedAlgorithm(options, true);
    if (dataset.V.isSparse()) {
        options.heldOut = plan.heldOut;
        options.heldOutSeed = plan.options.heldOutSeed + static_cast<std::uint64_t>(key.run);
    }
    return options;
}

/// What a fit is made of, which lives as long as the fit.
struct Task
{
    std::shared_ptr<const Dataset> data;
    std::optional<HeldOutBlocks> blocks = {};
};

Task taskOf(const std::shared_ptr<const Dataset>& dataset, const RankPlan& plan, const RankFitKey& key)
{
    if (key.kind == Kind::Permuted)
        return {permutedWithinFeatures(*dataset, plan.options.seed + static_cast<std::uint64_t>(key.run),
                                       plan.options.unstoredUnknown ? Pattern::Kept : Pattern::Free)};
    if (key.kind == Kind::Whole || dataset->V.isSparse())
        return {dataset};
    HeldOutBlocks blocks = heldOutBlocksOf(plan, *dataset, key.run);
    std::shared_ptr<const Dataset> data = withoutBlocks(*dataset, blocks);
    return {std::move(data), std::move(blocks)};
}

/// False if it was stopped.
bool perform(const std::shared_ptr<const Dataset>& dataset, const RankPlan& plan, const std::stop_token& stop,
             RankFit& fit)
{
    const Task task = taskOf(dataset, plan, fit.key);
    Run run(task.data, fit.options);
    fit.termination = run.advance(stop);
    if (fit.termination == Termination::Stopped || !run.started())
        return false;
    fit.last = run.history().back();
    if (!std::isfinite(fit.last.scaledObjective))
        throw Error(sentence(Termination::NotFinite, run.options(), run.history()) +
                    " Scale the data, or use double precision.");
    if (fit.key.kind == Kind::Permuted)
        return true;
    auto factors = std::make_shared<const Factors<double>>(run.factors());
    if (fit.key.kind == Kind::HeldOut) {
        fit.heldOutError = task.blocks ? errorInBlocks(*dataset, *task.blocks, *factors) : run.heldOut()->relativeError;
        return true;
    }
    fit.labels = labelsOf(*factors);
    fit.publishedLabels = publishedLabelsOf(*factors);
    fit.history = run.history();
    fit.factors = std::move(factors);
    return true;
}

/// The fit, or why there is none; null if it was stopped.
std::shared_ptr<RankFit> fitOf(const std::shared_ptr<const Dataset>& dataset, const RankPlan& plan,
                               const RankFitKey& key, const std::stop_token& stop)
{
    auto fit = std::make_shared<RankFit>(RankFit{.key = key, .options = optionsOf(plan, key, *dataset)});
    try {
        if (!perform(dataset, plan, stop, *fit))
            return nullptr;
    } catch (const Cancelled&) {
        return nullptr;
    } catch (const Error& error) {
        fit->failure = error.what();
    } catch (const std::bad_alloc&) {
        fit->failure = "There is not enough memory for this fit: use a smaller rank, less data or fewer threads.";
    }
    // As asked for: the number of threads changes nothing.
    fit->options.threads = plan.options.threads;
    return fit;
}

bool keepsFactors(const RankPlan& plan, const Dataset& dataset)
{
    double numbers = 0;
    for (const Index rank : plan.ranks)
        numbers += static_cast<double>(rank) * plan.runs *
                   (static_cast<double>(dataset.V.rows()) + static_cast<double>(dataset.V.cols()));
    return numbers <= mostKept;
}

std::vector<Kind> kindsOf(const RankPlan& plan)
{
    std::vector<Kind> kinds{Kind::Whole};
    if (plan.heldOut > 0)
        kinds.push_back(Kind::HeldOut);
    if (plan.permuted)
        kinds.push_back(Kind::Permuted);
    return kinds;
}

void requireCounts(const RankPlan& plan)
{
    if (plan.ranks.empty())
        throw Error("There is no rank to fit.");
    if (plan.runs < 1 || plan.runs > 10000)
        throw Error("The number of runs is " + std::to_string(plan.runs) + ": it must be from 1 to 10000.");
    if (plan.ranks.size() * static_cast<std::size_t>(plan.runs) > 100000)
        throw Error("These are " + std::to_string(plan.ranks.size()) + " ranks, " + std::to_string(plan.runs) +
                    " runs each: choose fewer, at most 100000 runs together.");
    if (!(plan.heldOut >= 0 && plan.heldOut <= 0.5))
        throw Error("The share of held-out entries must be from 0 to 0.5.");
}

} // namespace

Options optionsForStudy(Options options, std::string& note)
{
    if (!options.lockW.none() || !options.lockH.none())
        throw Error("Parts are locked, and what is locked belongs to one start: unlock everything to compare runs from "
                    "many starts.");
    if (options.start)
        note = "Every run begins at random: from the given start all would be the same.";
    options.start.reset();
    // The standard start differs between seeds by what fills its zeros alone.
    if (!restartFault(options).empty() || options.initializer.id == Options().initializer.id) {
        if (note.empty())
            note = "Every run begins at random: from " + options.initializer.id +
                   " all would begin at the same place, or nearly so.";
        options.initializer = {"random", {}};
    }
    options.heldOut = 0;
    options.patience = 0;
    return options;
}

std::vector<RankFitKey> fitsOf(const RankPlan& plan)
{
    std::vector<RankFitKey> fits;
    for (int run = 0; run < plan.runs; ++run)
        for (const Index rank : plan.ranks)
            for (const Kind kind : kindsOf(plan))
                fits.push_back({rank, run, kind});
    return fits;
}

void requirePossible(const RankPlan& plan, const Dataset& dataset)
{
    requireCounts(plan);
    if (const std::string fault = restartFault(plan.options); plan.runs > 1 && !fault.empty())
        throw Error(fault);
    for (const Index rank : plan.ranks)
        for (const Kind kind : kindsOf(plan)) {
            Options options = optionsOf(plan, {rank, 0, kind}, dataset);
            // Blocks ask for what single entries do.
            options.heldOut = kind == Kind::HeldOut ? plan.heldOut : 0;
            requireConsistent(options, dataset);
            const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
            requireRunMemory(dataset, options, plan.options.threads > 0 ? plan.options.threads : cores);
        }
    if (plan.heldOut > 0 && !dataset.V.isSparse())
        heldOutBlocksOf(plan, dataset, 0);
}

HeldOutBlocks heldOutBlocksOf(const RankPlan& plan, const Dataset& dataset, int run)
{
    return drawHeldOutBlocks(dataset.V.rows(), dataset.V.cols(), plan.heldOut,
                             plan.options.heldOutSeed + static_cast<std::uint64_t>(run));
}

void studyRanks(std::shared_ptr<const Dataset> dataset, const RankPlan& plan, const std::set<RankFitKey>& done,
                const std::stop_token& stop, const std::function<void(const std::shared_ptr<const RankFit>&)>& report)
{
    requirePossible(plan, *dataset);
    // What is wrong with the data is told once, not by every fit.
    Options options = plan.options;
    options.rank = plan.ranks.front();
    const Run checked(dataset, options);
    std::vector<RankFitKey> left = fitsOf(plan);
    std::erase_if(left, [&](const RankFitKey& key) { return done.contains(key); });
    const bool keeps = keepsFactors(plan, *dataset);
    std::mutex mutex;
    doSideBySide(left.size(), plan.options.threads, stop, [&](std::size_t i) {
        const std::shared_ptr<RankFit> fit = fitOf(dataset, plan, left[i], stop);
        if (!fit)
            return;
        if (!keeps)
            fit->factors.reset();
        const std::lock_guard lock(mutex);
        report(fit);
    });
}

std::shared_ptr<const RankFit> fitAgain(std::shared_ptr<const Dataset> dataset, const RankPlan& plan,
                                        const RankFitKey& key, const std::stop_token& stop)
{
    std::shared_ptr<const RankFit> fit = fitOf(dataset, plan, key, stop);
    if (!fit)
        throw Cancelled();
    if (!fit->usable())
        throw Error(fit->failure);
    return fit;
}

} // namespace nmf
