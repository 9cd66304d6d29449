#include "ui/open_actions.h"

#include "core/samples/samples.h"
#include "ui/panels/importer.h"
#include "ui/session_actions.h"
#include "ui/views/start_page.h"
#include "ui/widgets/message_bar.h"
#include "ui/window_files.h"

#include <QFileInfo>
#include <QUrl>

namespace nmf::ui
{

OpenActions::OpenActions(Study& study, SessionActions& sessions, Settings& settings, MessageBar& messages,
                         QMainWindow& window)
    : QObject(&window), m_study(study), m_sessions(sessions), m_settings(settings), m_messages(messages),
      m_window(window), m_importer(new Importer(study, &window))
{
    const auto add = [this](const QString& text, const QKeySequence& key) {
        auto* action = new QAction(text, &m_window);
        action->setShortcut(key);
        return action;
    };
    file = add(tr("&Open file…"), QKeySequence::Open);
    m_folder = add(tr("Open &folder of images…"), QKeySequence("Ctrl+Shift+O"));
    m_preview = add(tr("Open with &preview…"), QKeySequence("Ctrl+Alt+O"));
    m_preview->setStatusTip(tr("Says how a file is understood before it is opened"));
    m_reload = add(tr("Re&load"), QKeySequence("F5"));
    m_reload->setStatusTip(tr("Reads what is open again, in the same way"));
    m_weights = add(tr("Attach &weights…"), {});
    m_weights->setStatusTip(tr("A table of how much each entry counts"));
    transpose = add(tr("E&xchange rows and columns"), QKeySequence("Ctrl+T"));
    transpose->setStatusTip(tr("For tables with a sample in each row"));
    connect(file, &QAction::triggered, this, [this] { chooseFile(false); });
    connect(m_preview, &QAction::triggered, this, [this] { chooseFile(true); });
    connect(m_reload, &QAction::triggered, this, [this] { m_sessions.leaveResults([this] { m_study.reload(); }); });
    connect(m_weights, &QAction::triggered, this, &OpenActions::chooseWeights);
    connect(m_folder, &QAction::triggered, this, &OpenActions::chooseFolder);
    connect(transpose, &QAction::triggered, this, [this] { m_sessions.leaveResults([this] { m_study.transpose(); }); });
    makeMenus();
    connect(&m_study, &Study::opened, this, &OpenActions::onOpened);
}

void OpenActions::makeMenus()
{
    recent = new QMenu(tr("Open &recent"), &m_window);
    samples = new QMenu(tr("&Samples"), &m_window);
    for (const Sample& sample : nmf::samples()) {
        const QString id = QString::fromStdString(sample.facts.id);
        QAction* action = samples->addAction(QString::fromStdString(sample.facts.name), this,
                                             [this, id] { open(QStringLiteral("sample:") + id); });
        action->setStatusTip(QString::fromStdString(sample.facts.summary));
    }
    connect(recent, &QMenu::aboutToShow, this, &OpenActions::fillRecent);
}

void OpenActions::addTo(QMenu* menu)
{
    menu->addActions({file, m_folder, m_preview});
    menu->addMenu(recent);
    menu->addMenu(samples);
    menu->addActions({m_reload, m_weights});
}

void OpenActions::showSense()
{
    for (QAction* action : {transpose, m_reload, m_weights})
        action->setEnabled(m_study.dataset() != nullptr);
}

bool OpenActions::drop(const QMimeData& data)
{
    const QList<QUrl> urls = data.urls();
    if (urls.isEmpty() || !urls.first().isLocalFile()) {
        m_messages.showMessage(MessageBar::Kind::Error,
                               tr("Only files and folders of this computer can be dropped here."));
        return false;
    }
    QStringList paths;
    for (const QUrl& url : urls)
        paths << url.toLocalFile();
    importFrom(paths.join('\n'));
    return true;
}

void OpenActions::open(const QString& source, bool thenRun)
{
    m_sessions.leaveResults([this, source, thenRun] {
        m_messages.dismiss();
        m_runWhenOpened = thenRun ? std::optional(source) : std::nullopt;
        isSessionPath(source) ? m_study.openSession(source) : m_study.open(source);
    });
}

void OpenActions::importFrom(const QString& source, bool always)
{
    m_sessions.leaveResults([this, source, always] {
        m_messages.dismiss();
        m_runWhenOpened.reset();
        always ? m_importer->openWithPreview(source) : m_importer->open(source);
    });
}

void OpenActions::reopen(const QString& source)
{
    m_sessions.leaveResults([this, source] {
        m_messages.dismiss();
        m_runWhenOpened.reset();
        m_importer->reopen(source);
    });
}

void OpenActions::onOpened(const QString& source)
{
    // What was pasted has no source, and what another program left is in no place of the user's.
    if (!source.isEmpty() && !source.startsWith(recoveryFolder())) {
        if (!source.startsWith("sample:"))
            m_settings.setLastFolder(QFileInfo(source.section('\n', 0, 0)).absolutePath());
        m_settings.addRecentSource(source);
    }
    emit opened();
    if (m_runWhenOpened == source)
        m_study.run();
    m_runWhenOpened.reset();
}

void OpenActions::chooseFile(bool withPreview)
{
    askForFile(&m_window, m_settings.lastFolder(),
               [this, withPreview](const QString& path) { importFrom(path, withPreview); });
}

void OpenActions::chooseWeights()
{
    askForFile(&m_window, m_settings.lastFolder(),
               [this](const QString& path) { m_sessions.leaveResults([this, path] { m_study.attachWeights(path); }); });
}

void OpenActions::chooseFolder()
{
    askForFolder(&m_window, m_settings.lastFolder(), [this](const QString& path) { importFrom(path); });
}

void OpenActions::fillRecent()
{
    recent->clear();
    for (const QString& source : m_settings.recentSources()) {
        QAction* action = recent->addAction(nameOfSource(source), this, [this, source] { reopen(source); });
        action->setToolTip(source);
        action->setStatusTip(source);
    }
    if (recent->isEmpty()) {
        recent->addAction(tr("Nothing yet"))->setEnabled(false);
        return;
    }
    recent->addSeparator();
    recent->addAction(tr("Clear the list"), this, [this] { m_settings.clearRecentSources(); });
}

} // namespace nmf::ui
