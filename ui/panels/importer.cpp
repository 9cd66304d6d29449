#include "ui/panels/importer.h"

#include "ui/model/preview.h"
#include "ui/panels/import_dialog.h"

#include <QJsonDocument>

namespace nmf::ui
{

namespace
{

const QString plansKey = QStringLiteral("import/plans");

QString planKey(const std::string& kind)
{
    return QStringLiteral("import/") + QString::fromStdString(kind);
}

QString silentKey(const std::string& kind)
{
    return planKey(kind) + QStringLiteral("-silent");
}

/// Of what was chosen for one file what makes sense for another: not its shape, nor its parts.
ImportPlan habit(const ImportPlan& plan)
{
    ImportPlan kept;
    kept.transpose = plan.transpose;
    kept.missingUnknown = plan.missingUnknown;
    kept.infiniteUnknown = plan.infiniteUnknown;
    kept.repairs = plan.repairs;
    kept.normalisation = plan.normalisation;
    return kept;
}

} // namespace

Importer::Importer(Study& study, QWidget* window) : QObject(window), m_study(study), m_window(window)
{
    connect(&study, &Study::previewReady, this, [this](const std::shared_ptr<const Preview>& preview) {
        if (QString::fromStdString(preview->source) == m_source)
            onPreview(*preview);
    });
    // What is opened by another way is wanted instead.
    connect(&study, &Study::opened, this, &Importer::onOpened);
}

void Importer::onOpened(const QString& source)
{
    m_source.clear();
    if (m_dialog)
        m_dialog->close();
    rememberPlanOf(source);
}

void Importer::open(const QString& source)
{
    begin(source, false);
}

void Importer::reopen(const QString& source)
{
    const QJsonObject plans = isSessionPath(source)
                                  ? QJsonObject()
                                  : QJsonDocument::fromJson(m_settings.text(plansKey, {}).toUtf8()).object();
    if (plans.contains(source))
        m_study.open(source, importPlanOf(plans[source].toObject()));
    else
        open(source);
}

void Importer::openWithPreview(const QString& source)
{
    begin(source, true);
}

void Importer::begin(const QString& source, bool always)
{
    if (m_dialog)
        m_dialog->close();
    if (isSessionPath(source)) {
        m_study.openSession(source);
        return;
    }
    if (source.startsWith("sample:") && !always) {
        m_study.open(source);
        return;
    }
    m_source = source;
    m_always = always;
    m_study.preview(source);
}

void Importer::onPreview(const Preview& preview)
{
    if (m_dialog) {
        m_dialog->setPreview(preview);
        return;
    }
    Preview shown = preview;
    shown.plan = accustomed(preview);
    const std::string kind = kindOfSource(preview.source);
    if (m_always || (needsDecision(shown) && !silentFor(kind)))
        ask(shown);
    else
        m_study.open(preview, shown.plan);
}

void Importer::ask(const Preview& preview)
{
    m_dialog = new ImportDialog(m_looks, m_window);
    m_dialog->setSilent(silentFor(kindOfSource(preview.source)));
    m_dialog->setPreview(preview);
    connect(m_dialog, &ImportDialog::readingWanted, this,
            [this](const ImportPlan& plan) { m_study.preview(m_source, plan); });
    connect(m_dialog, &QDialog::accepted, this, [this] { accept(*m_dialog); });
    m_dialog->open();
}

void Importer::accept(ImportDialog& dialog)
{
    const ImportPlan plan = dialog.plan();
    remember(kindOfSource(dialog.preview().source), plan, dialog.silent());
    m_study.open(dialog.preview(), plan);
}

bool Importer::silentFor(const std::string& kind) const
{
    return m_settings.text(silentKey(kind), "0") == "1";
}

ImportPlan Importer::accustomed(const Preview& preview) const
{
    const std::string kind = kindOfSource(preview.source);
    const QString text = m_settings.text(planKey(kind), {});
    ImportPlan plan = preview.plan;
    if (text.isEmpty())
        return plan;
    const ImportPlan kept = importPlanOf(QJsonDocument::fromJson(text.toUtf8()).object());
    // A guess of pictures knows which way they lie.
    if (plan.height == 0 && plan.pictures == ImportPlan::Pictures::Whole)
        plan.transpose = kept.transpose;
    plan.missingUnknown = kept.missingUnknown;
    plan.infiniteUnknown = kept.infiniteUnknown;
    plan.repairs.negative = kept.repairs.negative;
    // So does a guess of ratings which entries nobody gave.
    if (plan.repairs.zeros == ImportPlan().repairs.zeros)
        plan.repairs.zeros = kept.repairs.zeros;
    plan.normalisation = kept.normalisation;
    return plan;
}

void Importer::rememberPlanOf(const QString& source)
{
    if (source.isEmpty() || isSessionPath(source))
        return;
    const QJsonObject before = QJsonDocument::fromJson(m_settings.text(plansKey, {}).toUtf8()).object();
    // Of what can be opened again by its name.
    QJsonObject plans{{source, importReport(m_study.plan())}};
    for (const QString& recent : m_settings.recentSources())
        if (recent != source && before.contains(recent))
            plans[recent] = before[recent];
    m_settings.setText(plansKey, QString::fromUtf8(QJsonDocument(plans).toJson(QJsonDocument::Compact)));
}

void Importer::remember(const std::string& kind, const ImportPlan& plan, bool silent)
{
    const QJsonDocument kept(importReport(habit(plan)));
    m_settings.setText(planKey(kind), QString::fromUtf8(kept.toJson(QJsonDocument::Compact)));
    m_settings.setText(silentKey(kind), silent ? "1" : "0");
}

} // namespace nmf::ui
