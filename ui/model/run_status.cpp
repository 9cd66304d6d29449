#include "ui/model/run_status.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace nmf::ui
{

namespace
{

QString tr(const char* text)
{
    return QCoreApplication::translate("RunStatus", text);
}

QString duration(double seconds)
{
    if (seconds < 60)
        return tr("%1 s").arg(QLocale().toString(std::max(1.0, std::ceil(seconds)), 'f', 0));
    if (seconds < 3600)
        return tr("%1 min").arg(QLocale().toString(std::ceil(seconds / 60), 'f', 0));
    return tr("%1 h").arg(QLocale().toString(seconds / 3600, 'f', 1));
}

} // namespace

RunStatus runStatus(const Study& study)
{
    using Phase = Study::Phase;
    if (study.loading())
        return {tr("Reading…"), {}, -1};
    const auto& snapshot = study.snapshot();
    switch (study.phase()) {
    case Phase::Empty:
        return {tr("Open data or choose a sample"), {}, -1};
    case Phase::Ready:
        return {tr("Ready: press Space to run"), {}, -1};
    case Phase::Finished:
        return {snapshot ? QString::fromStdString(snapshot->endSentence) : QString(), {}, -1};
    default:
        break;
    }
    if (!snapshot)
        return {tr("Computing the start…"), {}, 0};
    const int limit = study.iterationLimit(), iteration = snapshot->record.iteration;
    RunStatus status;
    status.text = (study.phase() == Phase::Paused ? tr("Paused at iteration %1 of %2%3") : tr("Iteration %1 of %2%3"))
                      .arg(QLocale().toString(iteration), QLocale().toString(limit),
                           snapshot->betweenHalves ? tr(" and a half: H has moved, W comes next") : QString());
    status.progress = limit > 0 ? std::min(1.0, static_cast<double>(iteration) / limit) : 0;
    if (study.phase() == Phase::Running && snapshot->iterationsPerSecond > 0)
        status.remaining = tr("at most %1 left").arg(duration((limit - iteration) / snapshot->iterationsPerSecond));
    return status;
}

} // namespace nmf::ui
