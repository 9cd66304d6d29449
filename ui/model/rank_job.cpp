#include "ui/model/rank_job.h"

namespace nmf::ui
{

RankJob::RankJob(QObject* parent) : QObject(parent)
{
    connect(&m_fits, &FitJob::fitted, this, [this](const std::shared_ptr<const RankFit>& fit) {
        m_late.insert(fit->key.rank);
        if (!m_measurer.busy())
            measure();
    });
    connect(&m_fits, &FitJob::cleared, this, &RankJob::forget);
    connect(&m_fits, &FitJob::phaseChanged, this, &RankJob::pointsChanged);
    connect(&m_measurer, &Worker::finished, this, &RankJob::measure);
}

std::vector<RankPoint> RankJob::points() const
{
    std::vector<RankPoint> result;
    for (const auto& [rank, point] : m_points)
        result.push_back(point);
    return result;
}

/// Looks at a rank that has news. The consensus of many samples takes its time, so it is not for the window's thread,
/// and fits that come meanwhile are looked at together.
void RankJob::measure()
{
    if (m_late.empty())
        return;
    // In turn, else quick fits of one rank would keep the others waiting.
    auto next = m_late.upper_bound(m_measured);
    if (next == m_late.end())
        next = m_late.begin();
    const Index rank = m_measured = *next;
    m_late.erase(next);
    m_measurer.start([this, rank, fits = m_fits.list()](const std::stop_token&, const Worker::Tell& tell) {
        const RankPoint point = rankPointOf(fits, rank);
        tell([this, rank, point] {
            m_points[rank] = point;
            m_suggestions = suggestedRanks(points(), m_fits.list());
            emit pointsChanged();
        });
    });
}

void RankJob::forget()
{
    m_late.clear();
    m_points.clear();
    m_suggestions.clear();
    if (m_measurer.busy())
        m_measurer.start([](const std::stop_token&, const Worker::Tell&) {});
    emit pointsChanged();
}

} // namespace nmf::ui
