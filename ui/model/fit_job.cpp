#include "ui/model/fit_job.h"

#include <algorithm>
#include <set>

namespace nmf::ui
{

FitJob::FitJob(QObject* parent) : QObject(parent)
{
    connect(&m_fitter, &Worker::failed, this, [this](const QString& message) {
        m_failed = true;
        emit failed(message);
    });
    connect(&m_fitter, &Worker::finished, this, [this] {
        setPhase(m_fits.empty() && m_failed ? Phase::Empty : m_done < m_total ? Phase::Stopped : Phase::Done);
    });
    connect(&m_opener, &Worker::failed, this, &FitJob::failed);
}

RankFits FitJob::list() const
{
    RankFits result;
    for (const auto& [key, fit] : m_fits)
        result.push_back(fit);
    return result;
}

void FitJob::start(std::shared_ptr<const Dataset> dataset, const RankPlan& plan)
{
    m_fits.clear();
    m_dataset = std::move(dataset);
    m_plan = plan;
    emit cleared();
    run();
}

void FitJob::stop()
{
    m_fitter.stop();
}

void FitJob::goOn(const std::vector<Index>& ranks, int runs)
{
    if (!m_dataset)
        return;
    m_plan.ranks = ranks;
    m_plan.runs = runs;
    run();
}

void FitJob::clear()
{
    // A job in the place of the other, of which nothing is heard any more.
    m_fitter.start([](const std::stop_token&, const Worker::Tell&) {});
    m_opener.start([](const std::stop_token&, const Worker::Tell&) {});
    m_fits.clear();
    m_dataset.reset();
    m_plan = {};
    m_total = m_done = 0;
    m_failed = true;
    emit cleared();
    setPhase(Phase::Empty);
}

void FitJob::run()
{
    std::set<RankFitKey> made;
    for (const auto& [key, fit] : m_fits)
        made.insert(key);
    const std::vector<RankFitKey> wanted = fitsOf(m_plan);
    m_total = static_cast<int>(wanted.size());
    m_done = static_cast<int>(std::ranges::count_if(wanted, [&](const auto& key) { return m_fits.contains(key); }));
    m_failed = false;
    m_fitter.start(
        [this, dataset = m_dataset, plan = m_plan, made](const std::stop_token& stop, const Worker::Tell& tell) {
            studyRanks(dataset, plan, made, stop, [&](const std::shared_ptr<const RankFit>& fit) {
                tell([this, fit] {
                    m_fits[fit->key] = fit;
                    ++m_done;
                    emit fitted(fit);
                });
            });
        });
    setPhase(Phase::Running);
}

void FitJob::open(const RankFitKey& key)
{
    const auto found = m_fits.find(key);
    if (found == m_fits.end() || !found->second->usable())
        return;
    if (found->second->factors) {
        emit opened(found->second);
        return;
    }
    m_opener.start(
        [this, dataset = m_dataset, plan = m_plan, key](const std::stop_token& stop, const Worker::Tell& tell) {
            const std::shared_ptr<const RankFit> fit = fitAgain(dataset, plan, key, stop);
            tell([this, fit] { emit opened(fit); });
        });
}

void FitJob::setPhase(Phase phase)
{
    if (phase == m_phase)
        return;
    m_phase = phase;
    emit phaseChanged();
}

} // namespace nmf::ui
