#include "core/restarts.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/measures/consensus.h"
#include "core/run_memory.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace nmf
{

namespace
{

/// So many numbers of all W together are kept to compare the runs.
constexpr double mostKept = 3e7;

/// Advances to the end, or to the end of the iteration in which a stop is asked for: between two halves the factors
/// have no record.
Termination advanceWholeIterations(Run& run, const std::stop_token& stop)
{
    std::stop_source own;
    std::atomic<bool> begun = false;
    const std::stop_callback whileBeginning(stop, [&] {
        if (!begun)
            own.request_stop();
    });
    return run.advance(own.get_token(), {.report = [&](const Run& now) {
                           begun = true;
                           if (!now.betweenHalves() && stop.stop_requested())
                               own.request_stop();
                       }});
}

std::size_t runsAtOnce(const Options& options, std::size_t runs)
{
    const std::size_t cores = options.threads > 0 ? static_cast<std::size_t>(options.threads)
                                                  : std::max<std::size_t>(1, std::thread::hardware_concurrency());
    return std::min(cores, runs);
}

/// The runs at work: each thread takes the next one that nobody has.
class Programme
{
public:
    Programme(std::shared_ptr<const Dataset> dataset, const std::vector<RestartGroup>& groups, std::stop_token stop,
              const std::function<void(const RestartProgress&)>& report)
        : m_dataset(std::move(dataset)), m_groups(groups), m_stop(std::move(stop)), m_report(report),
          m_restarts(groups.size()), m_bestSoFar(groups.size())
    {
        double size = 0;
        for (std::size_t group = 0; group < groups.size(); ++group) {
            const RestartGroup& given = groups[group];
            size += static_cast<double>(m_dataset->V.rows()) * static_cast<double>(given.options.rank) *
                    static_cast<double>(given.runs.size());
            m_restarts[group].options = given.options;
            m_restarts[group].runs.resize(given.runs.size());
            for (std::size_t i = 0; i < given.runs.size(); ++i) {
                m_restarts[group].runs[i].seed = given.runs[i].seed;
                m_restarts[group].runs[i].heldOutSeed = given.runs[i].heldOut;
                m_tasks.emplace_back(group, i);
            }
        }
        m_keepsBases = size <= mostKept;
        // The longest first, so that no core is left alone with one at the end.
        std::ranges::stable_sort(m_tasks, std::greater(),
                                 [&](const Task& task) { return groups[task.first].options.rank; });
    }

    std::vector<Restarts> run()
    {
        {
            std::vector<std::jthread> helpers;
            for (std::size_t i = 1; i < runsAtOnce(m_groups.front().options, m_tasks.size()); ++i)
                helpers.emplace_back([this] { takeRuns(); });
            takeRuns();
        }
        if (m_thrown)
            std::rethrow_exception(m_thrown);
        requireAny();
        for (std::size_t group = 0; group < m_groups.size(); ++group)
            complete(group);
        return std::move(m_restarts);
    }

private:
    using Task = std::pair<std::size_t, std::size_t>; ///< group and run

    RestartOutcome& outcomeOf(const Task& task) { return m_restarts[task.first].runs[task.second]; }

    Options optionsOf(const Task& task) const
    {
        const RestartGroup& group = m_groups[task.first];
        Options options = group.options;
        options.seed = group.runs[task.second].seed;
        options.heldOutSeed = group.runs[task.second].heldOut;
        options.threads = 1;
        return options;
    }

    void requireAny() const
    {
        if (std::ranges::any_of(m_bestSoFar, [](const auto& best) { return best.has_value(); }))
            return;
        for (const Restarts& restarts : m_restarts)
            for (const RestartOutcome& outcome : restarts.runs)
                if (!outcome.failure.empty())
                    throw Error(outcome.failure);
        throw Cancelled();
    }

    void complete(std::size_t group)
    {
        Restarts& restarts = m_restarts[group];
        restarts.stopped = std::ranges::any_of(restarts.runs, [](const RestartOutcome& one) {
            return one.termination == Termination::Stopped && one.failure.empty();
        });
        if (!m_bestSoFar[group])
            return;
        restarts.best = *m_bestSoFar[group];
        restarts.options = optionsOf({group, restarts.best});
        // As asked for: the number of threads changes nothing.
        restarts.options.threads = m_groups[group].options.threads;
    }

    void takeRuns()
    {
        for (std::size_t i = m_next.fetch_add(1); i < m_tasks.size(); i = m_next.fetch_add(1)) {
            if (m_stop.stop_requested())
                return;
            const Task& task = m_tasks[i];
            try {
                make(task);
            } catch (const Error& error) {
                outcomeOf(task).failure = error.what();
            } catch (const std::bad_alloc&) {
                outcomeOf(task).failure =
                    "There is not enough memory for this run: use a smaller rank, less data or fewer threads.";
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                m_thrown = std::current_exception();
                m_next = m_tasks.size();
                return;
            }
            finish();
        }
    }

    void make(const Task& task)
    {
        Run run(m_dataset, optionsOf(task));
        RestartOutcome& outcome = outcomeOf(task);
        outcome.termination = advanceWholeIterations(run, m_stop);
        outcome.begun = run.started();
        if (!run.started())
            return;
        outcome.last = run.history().back();
        if (!std::isfinite(outcome.last.scaledObjective)) {
            outcome.failure = sentence(Termination::NotFinite, run.options(), run.history()) +
                              " Scale the data, or use double precision.";
            return;
        }
        outcome.heldOut = run.heldOut();
        Factors<double> factors = run.factors();
        outcome.labels = labelsOf(factors);
        outcome.publishedLabels = publishedLabelsOf(factors);
        if (m_keepsBases)
            outcome.W = factors.W;
        const std::lock_guard lock(m_mutex);
        if (!better(task))
            return;
        m_bestSoFar[task.first] = task.second;
        m_restarts[task.first].result = {std::move(factors), run.history(),   outcome.termination,
                                         run.notes(),        outcome.heldOut, run.monotonicityViolations()};
        m_lowest = std::min(m_lowest, outcome.last.objective);
    }

    /// Not a matter of which run ended first.
    bool better(const Task& task)
    {
        const std::optional<std::size_t>& best = m_bestSoFar[task.first];
        if (!best)
            return true;
        // Of very large or very small data the objectives themselves may all be infinite, or zero.
        const double mine = outcomeOf(task).last.scaledObjective,
                     lowest = outcomeOf({task.first, *best}).last.scaledObjective;
        return mine < lowest || (mine == lowest && task.second < *best);
    }

    void finish()
    {
        const std::lock_guard lock(m_mutex);
        ++m_finished;
        if (m_report)
            m_report({m_finished, m_tasks.size(), std::isfinite(m_lowest) ? m_lowest : 0.0});
    }

    std::shared_ptr<const Dataset> m_dataset;
    const std::vector<RestartGroup>& m_groups;
    std::stop_token m_stop;
    const std::function<void(const RestartProgress&)>& m_report;
    std::vector<Task> m_tasks;
    bool m_keepsBases = true;
    std::atomic<std::size_t> m_next = 0;
    std::mutex m_mutex; ///< for what follows, but for each run's own outcome
    std::vector<Restarts> m_restarts;
    std::vector<std::optional<std::size_t>> m_bestSoFar;
    double m_lowest = std::numeric_limits<double>::infinity();
    std::size_t m_finished = 0;
    std::exception_ptr m_thrown;
};

} // namespace

std::string restartFault(const Options& options)
{
    const Algorithm* algorithm = find(algorithms(), options.algorithm.id);
    if (algorithm && algorithm->usesSeed)
        return {};
    if (options.start)
        return "Restarts from a given start would all be the same run: leave out the start or the restarts.";
    const Initializer* initializer = find(initializers(), options.initializer.id);
    if (!initializer || initializer->usesSeed)
        return {};
    return "The initialisation \"" + initializer->facts.id +
           "\" does not depend on the seed, so all restarts would be the same run: choose one that does, such as "
           "random, or leave out the restarts.";
}

Restarts restart(std::shared_ptr<const Dataset> dataset, const Options& options, int count, std::stop_token stop,
                 const std::function<void(const RestartProgress&)>& report)
{
    if (count < 1 || count > 10000)
        throw Error("The number of restarts is " + std::to_string(count) + ": it must be from 1 to 10000.");
    if (const std::string fault = restartFault(options); count > 1 && !fault.empty())
        throw Error(fault);
    RestartGroup group{options, {}};
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i)
        group.runs.push_back({options.seed + i, options.heldOutSeed});
    return std::move(restartGroups(std::move(dataset), {group}, std::move(stop), report).front());
}

std::vector<Restarts> restartGroups(std::shared_ptr<const Dataset> dataset, const std::vector<RestartGroup>& groups,
                                    std::stop_token stop, const std::function<void(const RestartProgress&)>& report)
{
    // Told once, not by every run.
    const Run checked(dataset, groups.front().options);
    std::size_t runs = 0;
    for (const RestartGroup& group : groups)
        runs += group.runs.size();
    for (const RestartGroup& group : groups) {
        requireConsistent(group.options, *dataset);
        requireRunMemory(*dataset, group.options, static_cast<int>(runsAtOnce(groups.front().options, runs)));
    }
    return Programme(std::move(dataset), groups, std::move(stop), report).run();
}

} // namespace nmf
