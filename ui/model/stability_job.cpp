#include "ui/model/stability_job.h"

namespace nmf::ui
{

StabilityJob::StabilityJob(QObject* parent) : QObject(parent)
{
    connect(&m_fits, &FitJob::fitted, this, [this] {
        m_late = true;
        if (!m_measurer.busy())
            measure();
    });
    connect(&m_fits, &FitJob::cleared, this, &StabilityJob::forget);
    connect(&m_fits, &FitJob::failed, this, &StabilityJob::failed);
    connect(&m_measurer, &Worker::finished, this, [this] {
        if (m_late)
            measure();
    });
    connect(&m_nudger, &Worker::failed, this, &StabilityJob::failed);
    connect(&m_nudger, &Worker::finished, this, &StabilityJob::nudgeChanged);
}

void StabilityJob::measure()
{
    m_late = false;
    m_measurer.start([this, fits = m_fits.list()](const std::stop_token&, const Worker::Tell& tell) {
        const RunAgreement agreement = agreementOfRuns(fits);
        tell([this, agreement] {
            m_agreement = agreement;
            emit agreementChanged();
        });
    });
}

void StabilityJob::nudge(int run)
{
    const RankPlan& plan = m_fits.plan();
    if (plan.ranks.empty())
        return;
    const RankFitKey key{plan.ranks.front(), run, RankFitKey::Kind::Whole};
    const auto found = m_fits.fits().find(key);
    if (found == m_fits.fits().end() || !found->second->usable())
        return;
    m_nudged.reset();
    m_nudgedRun = run;
    m_nudger.start([this, fit = found->second, dataset = m_fits.dataset(), plan, key](const std::stop_token& stop,
                                                                                      const Worker::Tell& tell) {
        const auto factors = fit->factors ? fit->factors : fitAgain(dataset, plan, key, stop)->factors;
        const NudgePlan nudges;
        const Nudged nudged = nmf::nudge(dataset, fit->options, *factors, nudges, stop, [&](int done) {
            tell([this, done, total = nudges.times] { emit nudgeProgress(done, total); });
        });
        tell([this, nudged] { m_nudged = nudged; });
    });
    emit nudgeChanged();
}

void StabilityJob::stopNudge()
{
    m_nudger.stop();
}

void StabilityJob::forget()
{
    m_late = false;
    m_agreement = {};
    m_nudged.reset();
    m_nudgedRun = -1;
    for (Worker* worker : {&m_measurer, &m_nudger})
        if (worker->busy())
            worker->start([](const std::stop_token&, const Worker::Tell&) {});
    emit agreementChanged();
    emit nudgeChanged();
}

} // namespace nmf::ui
