#pragma once

#include "ui/model/fit_job.h"

#include <set>

namespace nmf::ui
{

/// How many parts? Fits of several ranks, what they tell of each rank, and the rank that they suggest.
class RankJob : public QObject
{
    Q_OBJECT

public:
    explicit RankJob(QObject* parent = nullptr);

    FitJob& fits() { return m_fits; }
    const FitJob& fits() const { return m_fits; }
    /// What is known of the ranks, rising; a moment behind the fits while these come quickly.
    std::vector<RankPoint> points() const;
    const std::vector<RankSuggestion>& suggestions() const { return m_suggestions; }
    /// All fits that there are have been looked at.
    bool upToDate() const { return m_late.empty() && !m_measurer.busy(); }

signals:
    void pointsChanged();

private:
    void measure();
    void forget();

    FitJob m_fits;
    std::map<Index, RankPoint> m_points;
    std::vector<RankSuggestion> m_suggestions;
    std::set<Index> m_late; ///< ranks with fits that their points do not know yet
    Index m_measured = 0;   ///< the rank that was looked at last
    Worker m_measurer;      ///< last: stopped and joined before anything its job uses is gone
};

} // namespace nmf::ui
