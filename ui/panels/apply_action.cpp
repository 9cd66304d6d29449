#include "ui/panels/apply_action.h"

#include "ui/model/import.h"
#include "ui/model/settings.h"
#include "ui/panels/newcomers_dialog.h"
#include "ui/window_files.h"

#include <QDropEvent>
#include <QMimeData>
#include <QUrl>

namespace nmf::ui
{

ApplyAction::ApplyAction(Study& study, Exporter& exporter, QWidget* basis, QWidget* window)
    : QObject(window), action(new QAction(tr("Apply &basis to new samples…"), window)), m_study(study),
      m_exporter(exporter), m_window(window)
{
    action->setObjectName("apply");
    action->setStatusTip(tr("Find the coefficients of other samples for this basis; dropping a file on the basis does "
                            "so too"));
    const auto showSense = [this] { action->setEnabled(m_study.shown() != nullptr); };
    connect(&m_study, &Study::snapshotChanged, this, showSense);
    connect(action, &QAction::triggered, this, &ApplyAction::choose);
    connect(&m_applier, &Applier::applied, this, &ApplyAction::show);
    connect(&m_applier, &Applier::failed, this, &ApplyAction::refused);
    showSense();
    basis->setAcceptDrops(true);
    basis->installEventFilter(this);
}

bool ApplyAction::eventFilter(QObject* watched, QEvent* event)
{
    const bool entering = event->type() == QEvent::DragEnter;
    if ((!entering && event->type() != QEvent::Drop) || !m_study.shown())
        return QObject::eventFilter(watched, event);
    auto* drop = static_cast<QDropEvent*>(event);
    std::vector<std::filesystem::path> files;
    for (const QUrl& url : drop->mimeData()->urls())
        if (url.isLocalFile())
            files.emplace_back(url.toLocalFile().toStdString());
    if (files.empty())
        return QObject::eventFilter(watched, event);
    drop->acceptProposedAction();
    if (!entering)
        apply(QString::fromStdString(sourceOf(files)));
    return true;
}

void ApplyAction::choose()
{
    askForFile(m_window, Settings().lastFolder(), [this](const QString& path) { apply(path); });
}

void ApplyAction::apply(const QString& source)
{
    if (const auto& snapshot = m_study.shown())
        m_applier.apply(snapshot, m_study.plan(), source);
}

void ApplyAction::show(const std::shared_ptr<const Newcomers>& newcomers)
{
    (new NewcomersDialog(newcomers, m_exporter, m_window))->show();
}

} // namespace nmf::ui
