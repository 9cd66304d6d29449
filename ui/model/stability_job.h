#pragma once

#include "core/studies/nudge.h"
#include "core/studies/run_agreement.h"
#include "ui/model/fit_job.h"

#include <optional>

namespace nmf::ui
{

/// Is this the only answer? Runs of one rank from many starts, how far they agree, and whether one of them is a
/// minimum.
class StabilityJob : public QObject
{
    Q_OBJECT

public:
    explicit StabilityJob(QObject* parent = nullptr);

    FitJob& fits() { return m_fits; }
    const FitJob& fits() const { return m_fits; }
    /// Of the runs that there are; a moment behind while these come quickly.
    const RunAgreement& agreement() const { return m_agreement; }
    bool upToDate() const { return !m_late && !m_measurer.busy(); }

    bool nudging() const { return m_nudger.busy(); }
    /// What became of the last nudge, and of which run.
    const std::optional<Nudged>& nudged() const { return m_nudged; }
    int nudgedRun() const { return m_nudgedRun; }

public slots:
    /// Nudges a run of those that there are.
    void nudge(int run);
    void stopNudge();

signals:
    void agreementChanged();
    void nudgeProgress(int done, int total);
    void nudgeChanged(); ///< begun, ended or forgotten
    void failed(const QString& message);

private:
    void measure();
    void forget();

    FitJob m_fits;
    RunAgreement m_agreement;
    std::optional<Nudged> m_nudged;
    int m_nudgedRun = -1;
    bool m_late = false; ///< there are runs that the agreement does not know yet
    // Last: stopped and joined before anything their jobs use is gone.
    Worker m_measurer, m_nudger;
};

} // namespace nmf::ui
