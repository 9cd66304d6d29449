#include "ui/model/study.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/samples/samples.h"
#include "core/terms.h"
#include "ui/model/feed.h"
#include "ui/model/run_control.h"

#include <QFileInfo>

#include <algorithm>
#include <ctime>
#include <ranges>

namespace nmf::ui
{

namespace
{

/// The window looks at a run 30 times a second, and less often where looking would take more than a share of one core
/// away from the solver: an eighth, and of large problems, for whose end somebody waits, a twenty-fifth. But often
/// enough to see that it moves.
constexpr std::chrono::milliseconds shortestFrame{33}, longestFrame{250};
constexpr double restPerWork = 8, restPerWorkOfLarge = 25;

/// Whether a product of V and a factor takes more than a few milliseconds.
bool isLarge(const Dataset& dataset, Index rank)
{
    return static_cast<double>(dataset.V.stored()) * static_cast<double>(rank) > 1e8;
}

/// Seconds of processor time that this thread has used.
double workSeconds()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

/// Earlier runs are kept for their curves.
constexpr std::size_t mostRuns = 20;

/// Lives on the solver's thread for one run: iterates, holds, reports, and waits for more after the end.
class Session
{
public:
    Session(std::shared_ptr<const Dataset> dataset, const Options& options, std::uint64_t number,
            std::shared_ptr<RunControl> control, std::shared_ptr<Feed> feed, bool keepsFrames)
        : m_run(dataset, options), m_dataset(std::move(dataset)), m_number(number), m_control(std::move(control)),
          m_feed(std::move(feed)), m_keepsFrames(keepsFrames)
    {
    }

    /// Before perform(): goes on from where a run was saved.
    void takeUp(std::shared_ptr<const SavedSession> saved)
    {
        m_run.beginAt(saved->position());
        m_reported = m_run.history().size();
        m_saved = std::move(saved);
    }

    void perform(const std::stop_token& outer)
    {
        if (m_saved && m_saved->reached->ended) {
            m_control->ended();
            publish(m_saved->reached->ended, true);
            if (!m_control->waitForMore(m_run, outer))
                return;
        }
        const std::stop_callback stopWithJob(outer, [control = m_control] { control->stop(); });
        const Observer observer{.gate = [this](const Run&) { m_control->gate(m_run, [this] { publish({}, true); }); },
                                .report =
                                    [this](const Run& run) {
                                        if (run.betweenHalves())
                                            return;
                                        keep(run);
                                        if (m_feed->wants())
                                            publish({}, false);
                                    }};
        do {
            const Termination termination = m_run.advance(m_control->token(), observer);
            m_control->ended();
            if (outer.stop_requested() || !m_run.started())
                return;
            publish(termination, true);
        } while (m_control->waitForMore(m_run, outer));
    }

private:
    void keep(const Run& run)
    {
        // A run may have gone back to its best.
        m_lastFrame = std::min(m_lastFrame, run.iteration());
        if (!m_keepsFrames || !isFrameDue(run.iteration(), m_lastFrame))
            return;
        m_lastFrame = run.iteration();
        Factors<double> factors = run.factors();
        m_frames.push_back({.record = run.history().back(),
                            .W = std::make_shared<const Matrix<double>>(std::move(factors.W)),
                            .Ht = std::make_shared<const Matrix<double>>(std::move(factors.Ht))});
    }

    /// `resting`: the picture will stay, so its order is exact; a moving one keeps its order as long as it is nearly
    /// right.
    void publish(std::optional<Termination> ended, bool resting)
    {
        const std::shared_ptr<Snapshot> snapshot = snapshotOf(m_run, m_dataset, m_number);
        if (!resting)
            snapshot->order = steadyOrder(std::move(m_order), snapshot->shares);
        m_order = snapshot->order;
        snapshot->ended = ended;
        snapshot->resting = resting;
        if (ended)
            snapshot->endSentence = sentence(*ended, m_run.options(), m_run.history());
        snapshot->notes = m_run.notes();
        const std::vector<Record>& history = m_run.history();
        // As long as it rests where it was saved, what was said there holds.
        if (m_saved && history.size() == m_saved->runs.back().records.size() &&
            snapshot->betweenHalves == m_saved->reached->betweenHalves) {
            snapshot->notes = m_saved->reached->notes;
            snapshot->endSentence = m_saved->reached->endSentence;
        }
        // The last that was reported may have changed, and a run that goes back forgets what came after its best.
        const std::size_t first = std::min(std::max<std::size_t>(m_reported, 1), history.size()) - 1;
        if (resting && !snapshot->betweenHalves)
            m_frames.push_back({.record = snapshot->record, .W = snapshot->W, .Ht = snapshot->Ht});
        m_feed->put({snapshot,
                     {history.begin() + static_cast<std::ptrdiff_t>(first), history.end()},
                     first,
                     std::exchange(m_frames, {})});
        m_reported = history.size();
    }

    Run m_run;
    std::shared_ptr<const Dataset> m_dataset;
    std::uint64_t m_number;
    std::shared_ptr<RunControl> m_control;
    std::shared_ptr<Feed> m_feed;
    std::size_t m_reported = 0;
    std::vector<Index> m_order;
    bool m_keepsFrames;
    std::vector<Frame> m_frames; ///< that are still to be delivered
    int m_lastFrame = -1;
    std::shared_ptr<const SavedSession> m_saved; ///< where the run was taken up; null if it began here
};

} // namespace

Study::Study(QObject* parent) : QObject(parent)
{
    m_nextFrame.setSingleShot(true);
    connect(&m_nextFrame, &QTimer::timeout, this, &Study::takeSnapshot);
    connect(&m_loader, &Worker::failed, this, [this](const QString& text) { emit message(Message::Error, text); });
    connect(&m_loader, &Worker::finished, this, &Study::loadingChanged);
    connect(&m_solver, &Worker::failed, this, [this](const QString& text) {
        endSession();
        emit message(Message::Error, text);
    });
    // A run that was stopped while its start was computed has nothing to show.
    connect(&m_solver, &Worker::finished, this, &Study::endSession);
}

Study::~Study() = default;

void Study::cancelLoading()
{
    m_loader.stop();
}

bool Study::accept(const Loaded& loaded)
{
    const bool wasRunning = m_phase == Phase::Running;
    m_solver.start([](const std::stop_token&, const Worker::Tell&) {});
    m_control.reset();
    m_feed.reset();
    m_snapshot.reset();
    m_looked.reset();
    m_runs.clear();
    m_history.clear();
    m_dataset = loaded.dataset;
    m_dataFacts = loaded.facts;
    m_montage = loaded.montage;
    m_montageOfKnown = loaded.montageOfKnown;
    m_opened = loaded.source;
    m_plan = loaded.plan;
    m_options.start.reset();
    const Index most = std::max<Index>(1, std::min(m_dataset->V.rows(), m_dataset->V.cols()));
    const Sample* sample = nullptr;
    for (const Sample& candidate : samples())
        if (m_dataset->source == "sample:" + candidate.facts.id)
            sample = &candidate;
    if (sample)
        m_options.rank = sample->suggestedRank;
    else if (!m_rankChosen || m_options.rank > most)
        m_options.rank = std::min<Index>(m_dataset->features.kind == Axis::Kind::Pixels ? 49 : 10, most);
    takeMissingForUnknown();
    setPhase(Phase::Ready);
    emit datasetChanged();
    emit optionsChanged();
    emit runsChanged();
    emit snapshotChanged();
    emit shownChanged();
    if (m_options.nanUnknown)
        emit message(Message::Information, tr("%1 of the %2 entries are missing (NaN): they are unknown, and only the "
                                              "others are fitted.")
                                               .arg(m_dataFacts.nans)
                                               .arg(m_dataset->V.size()));
    return wasRunning;
}

void Study::takeMissingForUnknown()
{
    const bool missing = m_dataFacts.nans > 0 && !m_dataset->V.isSparse() && takesMissingForUnknown(m_plan);
    const bool before = std::exchange(m_options.nanUnknown, missing);
    const bool zeros = m_options.unstoredUnknown || m_plan.repairs.zeros.id == "unknown";
    m_options.unstoredUnknown = zeros && m_dataset->V.isSparse();
    const Divergence divergence = nmf::find(losses(), m_options.loss.id)->make(m_options.loss.values);
    // What served the data before gives way where it cannot serve these, and comes back where it can.
    if (before && !m_options.nanUnknown && m_options.algorithm.id == automaticAlgorithm(divergence, true))
        m_options.algorithm = {automaticAlgorithm(divergence), {}};
    m_options.algorithm = suitedAlgorithm(m_options, isWeighted(m_options, *m_dataset));
}

void Study::setOptions(const Options& options)
{
    const Options before = std::exchange(m_options, options);
    m_rankChosen = m_rankChosen || options.rank != before.rank;
    leaveGivenStart(before);
    emit optionsChanged();
    const bool otherStart = options.rank != before.rank || options.loss != before.loss || options.seed != before.seed ||
                            options.initializer != before.initializer || options.start != before.start ||
                            options.nanUnknown != before.nanUnknown ||
                            options.unstoredUnknown != before.unstoredUnknown || options.heldOut != before.heldOut ||
                            options.heldOutSeed != before.heldOutSeed || options.patience != before.patience ||
                            options.precision != before.precision || options.threads != before.threads;
    if (!m_control)
        return;
    if (otherStart) {
        if (m_phase != Phase::Finished)
            begin(m_phase == Phase::Paused);
        return;
    }
    if (options.algorithm != before.algorithm || !sameTerms(options, before)) {
        if (!possible()) {
            if (m_phase != Phase::Finished)
                stop();
            return;
        }
        m_control->edit([options](Run& run) { run.setModel(options); });
    }
    if (options.maxIterations != before.maxIterations || options.tolerance != before.tolerance ||
        options.timeLimit != before.timeLimit || options.kktTolerance != before.kktTolerance ||
        options.stepTolerance != before.stepTolerance || options.connectivityLooks != before.connectivityLooks) {
        if (m_phase != Phase::Finished)
            m_iterationLimit = options.maxIterations;
        m_control->edit([rules = options](Run& run) { run.setRules(rules); });
    }
}

void Study::leaveGivenStart(const Options& before)
{
    const bool wanted =
        m_options.rank == before.rank && m_options.seed == before.seed && m_options.initializer == before.initializer;
    const bool putAway = before.start && !m_options.start;
    if (!putAway && (!m_options.start || m_options.start != before.start || wanted))
        return;
    m_options.start.reset();
    m_options.lockW = {};
    m_options.lockH = {};
    emit message(Message::Information, tr("Runs begin from the initialisation again: the factors that were given, and "
                                          "what was locked in them, are left."));
}

bool Study::possible()
{
    try {
        requireConsistent(m_options, *m_dataset);
        DataFacts facts = m_dataFacts;
        if (m_options.nanUnknown)
            facts.nans = 0;
        requireFactorizable(*m_dataset, facts);
        return true;
    } catch (const Error& error) {
        emit message(Message::Error, QString::fromStdString(error.what()));
        return false;
    }
}

void Study::begin(bool paused, ComponentLabels labels)
{
    if (!m_dataset)
        return;
    // What can be said at once is said here, and the factors on the screen stay.
    if (!possible()) {
        stop();
        return;
    }
    // Components of the same start can keep the names that they have.
    if (!m_runs.empty() && labels == ComponentLabels{} && haveSameStart(m_runs.back().options, m_options))
        labels = m_runs.back().labels;
    ++m_runNumber;
    m_iterationLimit = m_options.maxIterations;
    m_runs.push_back({m_runNumber, m_options, titleOf(m_runNumber, m_options), {}});
    m_runs.back().labels = std::move(labels);
    forgetOldRuns();
    showNewest();
    startSolver(m_options, paused ? Phase::Paused : Phase::Running);
    emit runsChanged();
}

void Study::forgetOldRuns()
{
    while (m_runs.size() > mostRuns) {
        const auto oldest = std::ranges::find(m_runs, false, &RunHistory::starred);
        if (oldest->number == m_runs.back().number)
            break;
        m_history.drop(oldest->number);
        m_runs.erase(oldest);
    }
    // Of runs before those that fit into memory only the curves stay.
    std::size_t bytes = 0;
    for (RunHistory& run : m_runs | std::views::reverse) {
        bytes += run.last ? run.last->bytes() : 0;
        if (bytes > m_history.budget() && !run.starred)
            run.last.reset();
    }
}

void Study::startSolver(const Options& options, Phase phase, std::shared_ptr<const SavedSession> from)
{
    m_control = std::make_shared<RunControl>();
    if (from && from->reached->betweenHalves)
        m_control->restBetweenHalves();
    else if (phase == Phase::Paused)
        m_control->pause();
    // The wake-up is an empty signal: what it announces is fetched under the feed's lock.
    m_feed = std::make_shared<Feed>([this] { QMetaObject::invokeMethod(this, &Study::news, Qt::QueuedConnection); });
    const auto numbers = static_cast<std::size_t>((m_dataset->V.rows() + m_dataset->V.cols()) * options.rank);
    m_solver.start([dataset = m_dataset, options, number = m_runNumber, control = m_control, feed = m_feed,
                    keepsFrames = numbers * sizeof(double) <= m_history.largestFrame(),
                    from = std::move(from)](const std::stop_token& stop, const Worker::Tell&) {
        Session session(dataset, options, number, control, feed, keepsFrames);
        if (from)
            session.takeUp(from);
        session.perform(stop);
    });
    setPhase(phase);
}

void Study::endSession()
{
    if (!m_control)
        return;
    takeSnapshot();
    m_control.reset();
    m_feed.reset();
    if (m_runs.back().records.empty()) {
        m_history.drop(m_runs.back().number);
        m_runs.pop_back();
        emit runsChanged();
    }
    setPhase(m_snapshot ? Phase::Finished : Phase::Ready);
}

void Study::news()
{
    // What a run rests on is not held back.
    if (m_feed && m_feed->rests()) {
        m_nextFrame.stop();
        takeSnapshot();
        return;
    }
    if (m_nextFrame.isActive())
        return;
    const qint64 passed = m_sinceFrame.isValid() ? m_sinceFrame.elapsed() : m_frame.count();
    if (passed >= m_frame.count() || m_phase != Phase::Running)
        takeSnapshot();
    else
        m_nextFrame.start(static_cast<int>(m_frame.count() - passed));
}

void Study::takeSnapshot()
{
    if (!m_feed)
        return;
    m_sinceFrame.start();
    const double work = workSeconds();
    const double perWork = isLarge(*m_dataset, m_options.rank) ? restPerWorkOfLarge : restPerWork;
    const auto rest = std::chrono::milliseconds(static_cast<int>(1000 * perWork * (work - m_workAtFrame)));
    m_workAtFrame = work;
    m_frame = std::clamp(rest, shortestFrame, longestFrame);
    Feed::Delivery delivery = m_feed->take(m_frame);
    // Of an earlier run: its feed was replaced together with m_runNumber.
    if (!delivery.snapshot || delivery.snapshot->run != m_runNumber)
        return;
    m_snapshot = std::move(delivery.snapshot);
    // If more was asked for in the meantime, another end follows.
    const bool atEnd = m_snapshot->ended && m_control->atEnd();
    RunHistory& run = m_runs.back();
    if (delivery.first + 1 < run.records.size())
        ++run.wentBack;
    Feed::append(run.records, delivery.first, delivery.records);
    run.last = m_snapshot;
    for (Frame& frame : delivery.frames)
        m_history.add(run.number, std::move(frame));
    // What came after the best to which a run has gone back is on no curve any more.
    m_history.cut(run.number, run.records.back().iteration);
    if (atEnd)
        setPhase(Phase::Finished);
    emit snapshotChanged();
    if (showsNewest())
        emit shownChanged();
}

void Study::run()
{
    if (m_phase == Phase::Paused) {
        m_control->resume();
        setPhase(Phase::Running);
    } else if (m_phase == Phase::Ready || m_phase == Phase::Finished) {
        begin(false);
    }
}

void Study::pause()
{
    if (m_phase != Phase::Running)
        return;
    m_control->pause();
    setPhase(Phase::Paused);
}

void Study::runOrPause()
{
    m_phase == Phase::Running ? pause() : run();
}

void Study::step()
{
    if (m_phase == Phase::Ready || (m_phase == Phase::Finished && !m_control))
        begin(true);
    if (!m_control || m_phase == Phase::Empty)
        return;
    m_control->step();
    setPhase(Phase::Paused);
}

void Study::halfStep()
{
    if (m_phase == Phase::Ready || (m_phase == Phase::Finished && !m_control))
        begin(true);
    if (!m_control || m_phase == Phase::Empty)
        return;
    m_control->halfStep();
    setPhase(Phase::Paused);
}

void Study::stop()
{
    if (m_control && (m_phase == Phase::Running || m_phase == Phase::Paused))
        m_control->stop();
}

void Study::restart()
{
    if (m_phase != Phase::Empty)
        begin(false);
}

void Study::continueFor(int iterations)
{
    if (!m_control || iterations < 1)
        return;
    const int reached = m_snapshot && m_snapshot->run == m_runNumber ? m_snapshot->record.iteration : 0;
    m_iterationLimit = (m_phase == Phase::Running ? m_iterationLimit : reached) + iterations;
    m_control->continueFor(iterations);
    setPhase(Phase::Running);
}

void Study::setPhase(Phase phase)
{
    if (phase == m_phase)
        return;
    m_phase = phase;
    emit phaseChanged();
}

} // namespace nmf::ui
