#include "core/restarts.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/measures/consensus.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

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

/// The runs at work: each thread takes the next one that nobody has.
class Programme
{
public:
    Programme(std::shared_ptr<const Dataset> dataset, const Options& options, int count, std::stop_token stop,
              const std::function<void(const RestartProgress&)>& report)
        : m_dataset(std::move(dataset)), m_options(options), m_stop(std::move(stop)), m_report(report)
    {
        const auto size = static_cast<double>(m_dataset->V.rows()) * static_cast<double>(options.rank);
        m_keepsBases = size * count <= mostKept;
        m_restarts.runs.resize(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < m_restarts.runs.size(); ++i)
            m_restarts.runs[i].seed = options.seed + i;
    }

    Restarts run()
    {
        const std::size_t cores = m_options.threads > 0 ? static_cast<std::size_t>(m_options.threads)
                                                        : std::max<std::size_t>(1, std::thread::hardware_concurrency());
        {
            std::vector<std::jthread> helpers;
            for (std::size_t i = 1; i < std::min(cores, m_restarts.runs.size()); ++i)
                helpers.emplace_back([this] { takeRuns(); });
            takeRuns();
        }
        if (m_thrown)
            std::rethrow_exception(m_thrown);
        if (!m_bestSoFar) {
            for (const RestartOutcome& outcome : m_restarts.runs)
                if (!outcome.failure.empty())
                    throw Error(outcome.failure);
            throw Cancelled();
        }
        m_restarts.best = *m_bestSoFar;
        m_restarts.options = optionsOf(*m_bestSoFar);
        // As asked for: the number of threads changes nothing.
        m_restarts.options.threads = m_options.threads;
        m_restarts.stopped = std::any_of(m_restarts.runs.begin(), m_restarts.runs.end(), [](const RestartOutcome& one) {
            return one.termination == Termination::Stopped && one.failure.empty();
        });
        return std::move(m_restarts);
    }

private:
    Options optionsOf(std::size_t index) const
    {
        Options options = m_options;
        options.seed = m_restarts.runs[index].seed;
        options.threads = 1;
        return options;
    }

    void takeRuns()
    {
        for (std::size_t i = m_next.fetch_add(1); i < m_restarts.runs.size(); i = m_next.fetch_add(1)) {
            if (m_stop.stop_requested())
                return;
            try {
                make(i);
            } catch (const Error& error) {
                m_restarts.runs[i].failure = error.what();
            } catch (const std::bad_alloc&) {
                m_restarts.runs[i].failure =
                    "There is not enough memory for this run: use a smaller rank, less data or fewer threads.";
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                m_thrown = std::current_exception();
                m_next = m_restarts.runs.size();
                return;
            }
            finish();
        }
    }

    void make(std::size_t index)
    {
        Run run(m_dataset, optionsOf(index));
        RestartOutcome& outcome = m_restarts.runs[index];
        outcome.termination = advanceWholeIterations(run, m_stop);
        outcome.begun = run.started();
        if (!run.started())
            return;
        outcome.last = run.history().back();
        if (!std::isfinite(outcome.last.objective)) {
            outcome.failure = sentence(Termination::NotFinite, run.options(), run.history()) +
                              " Scale the data, or use double precision.";
            return;
        }
        Factors<double> factors = run.factors();
        outcome.labels = labelsOf(factors);
        if (m_keepsBases)
            outcome.W = factors.W;
        const std::lock_guard lock(m_mutex);
        if (!better(index))
            return;
        m_bestSoFar = index;
        m_restarts.result = {std::move(factors), run.history(), outcome.termination, run.notes(), run.heldOut()};
    }

    /// Not a matter of which run ended first.
    bool better(std::size_t index) const
    {
        if (!m_bestSoFar)
            return true;
        const double mine = m_restarts.runs[index].last.objective;
        const double lowest = m_restarts.runs[*m_bestSoFar].last.objective;
        return mine < lowest || (mine == lowest && index < *m_bestSoFar);
    }

    void finish()
    {
        const std::lock_guard lock(m_mutex);
        ++m_finished;
        if (m_report)
            m_report(
                {m_finished, m_restarts.runs.size(), m_bestSoFar ? m_restarts.runs[*m_bestSoFar].last.objective : 0.0});
    }

    std::shared_ptr<const Dataset> m_dataset;
    const Options& m_options;
    std::stop_token m_stop;
    const std::function<void(const RestartProgress&)>& m_report;
    bool m_keepsBases = true;
    std::atomic<std::size_t> m_next = 0;
    std::mutex m_mutex; ///< for what follows, but for each run's own outcome
    Restarts m_restarts;
    std::optional<std::size_t> m_bestSoFar = {};
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
    // Told once, not by every run.
    const Run checked(dataset, options);
    return Programme(std::move(dataset), options, count, std::move(stop), report).run();
}

} // namespace nmf
