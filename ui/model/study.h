#pragma once

#include "core/formats/formats.h"
#include "core/import_plan.h"
#include "ui/model/import.h"
#include "ui/model/montage.h"
#include "ui/model/pasted.h"
#include "ui/model/session.h"
#include "ui/model/worker.h"

#include <QElapsedTimer>
#include <QImage>
#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <deque>
#include <optional>

namespace nmf::ui
{

class RunControl;
struct Feed;
struct Preview;

/// What is open, chosen and known. Views listen to it; orders go to it; it alone talks to the worker threads.
class Study : public QObject
{
    Q_OBJECT

public:
    enum class Phase {
        Empty,   ///< no data
        Ready,   ///< data, no run
        Running, ///< iterating
        Paused,  ///< between two half-iterations
        Finished ///< a stopping rule has fired, or the run was stopped; it can be continued
    };
    enum class Message { Information, Warning, Error };

    /// How many pictures there are in the montage, side by side and one below the other.
    static constexpr int montageColumns = 6, montageRows = 4;

    explicit Study(QObject* parent = nullptr);
    ~Study() override;

    const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    /// How the file became the table.
    const ImportPlan& plan() const { return m_plan; }
    const DataFacts& dataFacts() const { return m_dataFacts; }
    /// Whether rows and columns are exchanged, beside how they are in the file.
    bool transposed() const { return m_plan.transpose != m_plan.exchanged; }
    /// What the entries are that the data do not keep.
    Gaps gaps() const { return m_options.unstoredUnknown ? Gaps::Unknown : Gaps::Zero; }
    /// The data at a glance.
    const QImage& montage() const { return gaps() == Gaps::Unknown ? m_montageOfKnown : m_montage; }
    const Options& options() const { return m_options; }
    Phase phase() const { return m_phase; }
    bool loading() const { return m_loader.busy(); }
    /// The newest factors of the present run; null before the first run.
    const std::shared_ptr<const Snapshot>& snapshot() const { return m_snapshot; }
    /// What the views show: the newest factors, or those of the past that are looked at.
    const std::shared_ptr<const Snapshot>& shown() const { return m_looked ? m_looked : m_snapshot; }
    bool showsNewest() const { return m_looked == nullptr; }
    /// What is known of the past of the runs.
    const History& history() const { return m_history; }
    void setHistoryBudget(std::size_t bytes) { m_history.setBudget(bytes); }
    /// The present run (last) and earlier ones on the same data.
    const std::deque<RunHistory>& runs() const { return m_runs; }
    /// The iteration at which the present run will end at the latest.
    int iterationLimit() const { return m_iterationLimit; }
    /// Where a run of these is, or was at an iteration (that of the nearest frame before it; none: where it is now);
    /// none if its factors are not known any more.
    std::optional<RunPlace> placeOf(std::uint64_t run, std::optional<int> iteration = {}) const;
    /// What a person has given the components of the run that is shown.
    const ComponentLabels& labels() const;
    /// The components of what is shown in the order in which views show them: by energy, or as a person has put them.
    std::vector<Index> shownOrder() const;
    /// What a session keeps of all this; there must be data.
    SavedSession session() const;

    /// Opens what a preview shows, by a plan; read again only where the plan reads otherwise.
    void open(const Preview& preview, const ImportPlan& plan);

public slots:
    /// Reads a file or folder, or makes a built-in sample ("sample:bars"), off the window's thread. What was open stays
    /// until the new data are there, and for good if they cannot be read.
    void open(const QString& source);
    /// The same by a plan.
    void open(const QString& source, const nmf::ImportPlan& plan);
    /// Reads and tells by previewReady(), but shows nothing: by a plan, or as is likeliest.
    void preview(const QString& source, const std::optional<nmf::ImportPlan>& plan = {});
    /// Reads again what is open, by the same plan.
    void reload();
    /// Reads again what is open, with a table of weights.
    void attachWeights(const QString& table);
    /// Takes up a saved session as open() takes data; `data` is where those lie now that it leads to, if it is known.
    void openSession(const QString& path, const QString& data = {});
    /// The same with what was pasted; opened() then names no source.
    void paste(const nmf::ui::Pasted& pasted);
    void cancelLoading();
    void transpose();

    /// New rank, data, seed, start, loss or precision: begins anew if a run is in progress. Another algorithm, other
    /// penalties: the run goes on with them. Other stopping rules: hold from now on.
    void setOptions(const nmf::Options& options);

    /// Begins, goes on after a pause, or begins anew after an end.
    void run();
    void pause();
    void runOrPause();
    /// One whole iteration, or half of one; begins a paused run if there is none.
    void step();
    void halfStep();
    void stop();
    void restart();
    /// Makes so many iterations more and ends: from here if the run is paused or has ended, else from where it would
    /// have ended.
    void continueFor(int iterations);
    /// Begins a run with these options, which may give its start; it goes on if the present one does, else it rests.
    void beginWith(const nmf::Options& options, const nmf::ui::ComponentLabels& labels = {});
    /// Takes up a run where it was, or one that was made elsewhere on these data, as a new one, at rest.
    void adopt(const nmf::ui::RunPlace& place);
    /// The same with a whole run on the present data.
    void adoptFit(const std::shared_ptr<const nmf::Factors<double>>& factors, const nmf::Options& options,
                  const std::vector<nmf::Record>& history);

    /// Lets the views show a run at the last frame before an iteration, while the present run may go on.
    void showFrame(std::uint64_t run, int iteration);
    /// Lets them show the end of a run that was.
    void showRun(std::uint64_t run);
    void showNewest();

    void setLabels(std::uint64_t run, const nmf::ui::ComponentLabels& labels);
    void setNote(std::uint64_t run, const QString& note);
    /// A run with a star is not forgotten when there are too many.
    void setStarred(std::uint64_t run, bool starred);
    /// Forgets an earlier run.
    void deleteRun(std::uint64_t run);

signals:
    void datasetChanged();
    void optionsChanged();
    void phaseChanged();
    void snapshotChanged();
    void shownChanged(); ///< what the views show is another
    void runsChanged();  ///< a run was added or the list was cleared
    void labelsChanged();
    void runNoted(); ///< a note or a star was changed
    void loadingChanged();
    void loadingProgress(double fraction);
    void opened(const QString& source);
    void previewReady(const std::shared_ptr<const nmf::ui::Preview>& preview);
    /// Comes before opened().
    void sessionOpened(const QString& path, const nmf::ui::SavedSession& session);
    /// The data that a session leads to must be looked for.
    void dataMissing(const QString& session, const QString& sentence);
    void message(nmf::ui::Study::Message kind, const QString& text);

private:
    struct Loaded
    {
        std::shared_ptr<const Dataset> dataset;
        DataFacts facts;
        QImage montage, montageOfKnown;
        QString source;
        ImportPlan plan;
    };
    using Read = std::function<Imported(const LoadControl&)>;

    /// For the loader's thread.
    static Loaded loaded(Dataset dataset, const QString& source, const ImportPlan& plan);
    /// What is open, from where it came.
    void openAgain(const ImportPlan& plan);
    LoadControl controlOf(const std::stop_token& stop, const Worker::Tell& tell);
    void load(const QString& source, Read read);
    /// Shows other data; true if a run was going on, to begin anew on them.
    bool accept(const Loaded& loaded);
    /// Missing entries of the present data are unknown; the algorithm is one that serves them.
    void takeMissingForUnknown();
    void restore(const Loaded& loaded, SavedSession session, const QString& path);
    /// Puts the saved run on the solver's thread, where it rests.
    void takeUp(std::shared_ptr<const SavedSession> session);
    /// Who asks for another rank, seed or initialisation does not mean the start that was given.
    void leaveGivenStart(const Options& before);
    /// Whether a run with the options can be made; says why not.
    bool possible();
    void begin(bool paused, ComponentLabels labels = {});
    /// Puts the newest of the runs on the solver's thread, from where it was saved if that is given.
    void startSolver(const Options& options, Phase phase, std::shared_ptr<const SavedSession> from = {});
    void forgetOldRuns();
    RunHistory* runNumbered(std::uint64_t number);
    void look(std::shared_ptr<const Snapshot> snapshot);
    void setPhase(Phase phase);
    void news();
    void takeSnapshot();
    /// When the solver's thread has left the run.
    void endSession();

    std::shared_ptr<const Dataset> m_dataset;
    DataFacts m_dataFacts;
    QImage m_montage, m_montageOfKnown; ///< what is not kept is zero in the one, unknown in the other
    QString m_opened;                   ///< what opens the data again
    ImportPlan m_plan;
    Options m_options;
    Phase m_phase = Phase::Empty;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::shared_ptr<const Snapshot> m_looked; ///< of the past, if that is looked at
    History m_history;
    std::deque<RunHistory> m_runs;
    std::uint64_t m_runNumber = 0;
    int m_iterationLimit = 0;
    bool m_rankChosen = false;
    std::shared_ptr<RunControl> m_control;
    std::shared_ptr<Feed> m_feed;
    std::chrono::milliseconds m_frame{33}; ///< until the next look at the run
    double m_workAtFrame = 0;
    QElapsedTimer m_sinceFrame;
    QTimer m_nextFrame;
    // Last: stopped and joined before anything their jobs use is gone.
    Worker m_loader, m_solver;
};

/// Lets runs with the options `to` end when those with `from` do.
void takeRules(Options& to, const Options& from);

} // namespace nmf::ui
