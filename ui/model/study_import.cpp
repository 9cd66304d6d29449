#include "core/error.h"
#include "ui/model/preview.h"
#include "ui/model/study.h"

namespace nmf::ui
{

namespace
{

/// Missing entries are unknown: most who bring them mean that, and are told.
ImportPlan plainPlan()
{
    return {.missingUnknown = true};
}

} // namespace

void Study::open(const QString& source)
{
    load(source, [path = source.toStdString()](const LoadControl& control) {
        return importedAsUsual(path, plainPlan(), control);
    });
}

void Study::open(const QString& source, const ImportPlan& plan)
{
    load(source, [path = source.toStdString(), plan](const LoadControl& control) {
        return Imported{imported(path, plan, control), plan};
    });
}

void Study::open(const Preview& preview, const ImportPlan& plan)
{
    load(QString::fromStdString(preview.source), [preview, plan, before = preview.plan](const LoadControl& control) {
        return Imported{readsAlike(before, plan) ? madeOf(*preview.raw, plan, control)
                                                 : imported(preview.source, plan, control),
                        plan};
    });
}

void Study::paste(const Pasted& pasted)
{
    load({}, [pasted](const LoadControl& control) {
        const Dataset raw = readPasted(pasted, control);
        const ImportPlan plan = withUnratedUnknown(plainPlan(), raw);
        return Imported{madeOf(raw, plan, control), plan};
    });
}

void Study::preview(const QString& source, const std::optional<ImportPlan>& plan)
{
    m_loader.start([this, path = source.toStdString(), plan](const std::stop_token& stop, const Worker::Tell& tell) {
        const LoadControl control = controlOf(stop, tell);
        const auto result =
            std::make_shared<const Preview>(plan ? previewOf(path, *plan, control) : previewOf(path, control));
        tell([this, result] { emit previewReady(result); });
    });
    emit loadingChanged();
}

void Study::reload()
{
    openAgain(m_plan);
}

void Study::openAgain(const ImportPlan& plan)
{
    if (!m_dataset)
        return;
    if (m_opened.isEmpty())
        emit message(Message::Error, tr("What was pasted lies in no file that could be read again."));
    else
        open(m_opened, plan);
}

void Study::attachWeights(const QString& table)
{
    ImportPlan plan = m_plan;
    plan.weights = table.toStdString();
    openAgain(plan);
}

void Study::transpose()
{
    if (!m_dataset)
        return;
    ImportPlan plan = m_plan;
    plan.exchanged = !plan.exchanged;
    m_loader.start(
        [this, dataset = m_dataset, plan, source = m_opened](const std::stop_token&, const Worker::Tell& tell) {
            Loaded result = loaded(dataset->transposed(), source, plan);
            tell([this, result] {
                if (accept(result))
                    begin(false);
            });
        });
    emit loadingChanged();
}

LoadControl Study::controlOf(const std::stop_token& stop, const Worker::Tell& tell)
{
    return {.stop = stop,
            .progress = [this, &tell](double fraction) { tell([this, fraction] { emit loadingProgress(fraction); }); }};
}

void Study::load(const QString& source, Read read)
{
    m_loader.start([this, source, read = std::move(read)](const std::stop_token& stop, const Worker::Tell& tell) {
        Imported made = read(controlOf(stop, tell));
        const Loaded result = loaded(std::move(made.dataset), source, made.plan);
        tell([this, result] {
            const bool wasRunning = accept(result);
            emit opened(m_opened);
            if (wasRunning)
                begin(false);
        });
    });
    emit loadingChanged();
}

Study::Loaded Study::loaded(Dataset dataset, const QString& source, const ImportPlan& plan)
{
    const DataFacts facts = factsOf(dataset.V);
    const QImage montage = montageOf(dataset, montageColumns, montageRows);
    const QImage known =
        dataset.V.isSparse() ? montageOf(dataset, montageColumns, montageRows, Gaps::Unknown) : montage;
    return {std::make_shared<const Dataset>(std::move(dataset)), facts, montage, known, source, plan};
}

} // namespace nmf::ui
