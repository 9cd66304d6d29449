#pragma once

#include "core/studies/rank_choice.h"
#include "ui/model/worker.h"

#include <QObject>

#include <map>
#include <memory>

namespace nmf::ui
{

/// Many fits in the background, which can be stopped and gone on with; what is done is kept until others begin.
class FitJob : public QObject
{
    Q_OBJECT

public:
    enum class Phase {
        Empty,   ///< nothing was fitted yet
        Running, ///< fits are under way
        Stopped, ///< some are left to be made
        Done     ///< all were made
    };

    explicit FitJob(QObject* parent = nullptr);

    Phase phase() const { return m_phase; }
    const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    const RankPlan& plan() const { return m_plan; }
    /// In the order of their keys.
    const std::map<RankFitKey, std::shared_ptr<const RankFit>>& fits() const { return m_fits; }
    RankFits list() const;
    /// How many fits the plan has, and how many of these are there.
    int total() const { return m_total; }
    int done() const { return m_done; }

public slots:
    void start(std::shared_ptr<const nmf::Dataset> dataset, const nmf::RankPlan& plan);
    /// Those under way are given up; they are made anew by goOn().
    void stop();
    /// Makes what is left of the plan, with other ranks and another number of runs if these are given.
    void goOn(const std::vector<nmf::Index>& ranks, int runs);
    /// Forgets all.
    void clear();
    /// Tells of a fit by opened(), with its factors: where they were not kept it is made again.
    void open(const nmf::RankFitKey& key);

signals:
    void phaseChanged();
    void fitted(const std::shared_ptr<const nmf::RankFit>& fit);
    /// All are gone.
    void cleared();
    void opened(const std::shared_ptr<const nmf::RankFit>& fit);
    void failed(const QString& message);

private:
    void run();
    void setPhase(Phase phase);

    std::shared_ptr<const Dataset> m_dataset;
    RankPlan m_plan;
    std::map<RankFitKey, std::shared_ptr<const RankFit>> m_fits;
    Phase m_phase = Phase::Empty;
    int m_total = 0, m_done = 0;
    bool m_failed = false;
    // Last: stopped and joined before anything their jobs use is gone.
    Worker m_fitter, m_opener;
};

} // namespace nmf::ui
