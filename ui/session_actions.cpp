#include "ui/session_actions.h"

#include "ui/view_state.h"
#include "ui/widgets/message_bar.h"
#include "ui/window_files.h"

#include <QActionGroup>
#include <QFileInfo>
#include <QLocale>
#include <QPushButton>

#include <utility>

namespace nmf::ui
{

namespace
{

const QString embeddingKey = QStringLiteral("session/embedding"), askKey = QStringLiteral("session/ask");
const QString no = QStringLiteral("no"), yes = QStringLiteral("yes");

/// A question that does not block; it is gone when it is answered.
QMessageBox* question(QWidget* parent, const QString& title, const QString& text)
{
    auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::NoButton, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    return box;
}

} // namespace

SessionActions::SessionActions(Study& study, Selection& selection, Settings& settings, QMainWindow& window)
    : QObject(&window), m_study(study), m_settings(settings), m_window(window), m_keeper(study, recoveryFolder()),
      m_save(new QAction(tr("&Save session"), this)), m_saveAs(new QAction(tr("Save session &as…"), this))
{
    m_save->setShortcut(QKeySequence::Save);
    m_saveAs->setShortcut(QKeySequence("Ctrl+Shift+S"));
    m_save->setStatusTip(tr("Data, options, factors and curves in one file"));
    connect(m_save, &QAction::triggered, this, [this] { save(); });
    connect(m_saveAs, &QAction::triggered, this, [this] { saveAs(); });
    const auto enable = [this] {
        m_save->setEnabled(m_study.dataset() != nullptr);
        m_saveAs->setEnabled(m_study.dataset() != nullptr);
    };
    connect(&study, &Study::datasetChanged, this, enable);
    enable();
    connect(&study, &Study::dataMissing, this, &SessionActions::askForData);
    m_keeper.setViewSource([&window, &selection] { return viewState(window, selection); });
    // When everybody has heard of the session, and shows it.
    connect(
        &m_keeper, &SessionKeeper::viewOpened, this,
        [&](const QJsonObject& state) { showViewState(state, window, selection, study); }, Qt::QueuedConnection);
    connect(&m_keeper, &SessionKeeper::stateChanged, this, &SessionActions::titleChanged);
    connect(&m_keeper, &SessionKeeper::saved, this, &SessionActions::afterSave);
    connect(&m_keeper, &SessionKeeper::failed, this, [this](const QString& text) {
        m_whenSaved = {};
        m_messages->showMessage(MessageBar::Kind::Error, text);
    });
    connect(&m_keeper, &SessionKeeper::autosaveFailed, this, &SessionActions::warn);
}

void SessionActions::addTo(QMenu* file)
{
    file->addAction(m_save);
    file->addAction(m_saveAs);
    addPreferences(file);
}

void SessionActions::addPreferences(QMenu* file)
{
    QMenu* menu = file->addMenu(tr("Sessio&ns"));
    auto* group = new QActionGroup(menu);
    const QString chosen = m_settings.text(embeddingKey, "0");
    const QStringList names{tr("Hold data up to 64 MB, else link to their file"), tr("Always hold the data"),
                            tr("Link to the file of the data")};
    for (int index = 0; index < names.size(); ++index) {
        QAction* action = group->addAction(names[index]);
        menu->addAction(action);
        action->setCheckable(true);
        action->setChecked(chosen == QString::number(index));
        connect(action, &QAction::triggered, this, [this, index] {
            m_settings.setText(embeddingKey, QString::number(index));
            m_keeper.setEmbedding(static_cast<Embedding>(index));
        });
        if (action->isChecked())
            m_keeper.setEmbedding(static_cast<Embedding>(index));
    }
    menu->addSeparator();
    QAction* ask = menu->addAction(tr("Ask before leaving unsaved results"));
    ask->setCheckable(true);
    ask->setChecked(m_settings.text(askKey, yes) == yes);
    connect(ask, &QAction::toggled, this, [this](bool on) { m_settings.setText(askKey, on ? yes : no); });
}

QString SessionActions::title() const
{
    if (!m_keeper.path().isEmpty())
        return QFileInfo(m_keeper.path()).completeBaseName();
    return m_study.dataset() ? QString::fromStdString(m_study.dataset()->title) : QString();
}

void SessionActions::save(const Then& then)
{
    if (m_keeper.path().isEmpty())
        saveAs(then);
    else
        saveTo(m_keeper.path(), then);
}

void SessionActions::saveAs(const Then& then)
{
    askForSavePath(&m_window, tr("Save session"), m_settings.lastFolder(), title(),
                   {tr("Partscope session (*.partscope)")}, [this, then](const QString& path) { saveTo(path, then); });
}

void SessionActions::saveTo(const QString& path, const Then& then)
{
    m_whenSaved = then;
    m_keeper.save(path);
}

void SessionActions::afterSave(const QString& path)
{
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    m_settings.addRecentSource(path);
    emit told(tr("Saved %1").arg(path));
    // A run may have gone on since: what was there when it was asked is saved.
    if (const Then then = std::exchange(m_whenSaved, {}))
        then();
}

bool SessionActions::nothingToLose() const
{
    return !m_keeper.changed() || m_settings.text(askKey, yes) != yes;
}

bool SessionActions::mayClose()
{
    if (m_leaving || nothingToLose())
        return true;
    askAboutResults(tr("The results on “%1” are not saved. Save them in a session before closing?").arg(title()),
                    [this] {
                        m_leaving = true;
                        m_window.close();
                    });
    return false;
}

void SessionActions::leaveResults(std::function<void()> then)
{
    if (nothingToLose())
        then();
    else
        askAboutResults(
            tr("The results on “%1” are not saved. Save them in a session before other data take their place?")
                .arg(title()),
            then);
}

void SessionActions::askAboutResults(const QString& text, const Then& then)
{
    // Whatever becomes of the question, the results are safe.
    m_keeper.autosave();
    if (m_question)
        m_question->close();
    QMessageBox* box = m_question = question(&m_window, tr("Unsaved results"), text);
    box->setObjectName("unsaved-results");
    const auto* saving = box->addButton(QMessageBox::Save);
    const auto* discarding = box->addButton(QMessageBox::Discard);
    box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::buttonClicked, this, [this, saving, discarding, then](QAbstractButton* button) {
        if (button == saving)
            save(then);
        if (button == discarding)
            then();
    });
    box->open();
}

bool SessionActions::offerLeftovers()
{
    const std::vector<Leftover> leftovers = m_keeper.leftovers();
    if (leftovers.empty())
        return false;
    const Leftover& newest = leftovers.front();
    const QString when = QLocale().toString(newest.when, QLocale::ShortFormat);
    const QString text =
        newest.tried
            ? tr("The work on “%1” of %2 was not saved. It could not be opened the last time: it may be damaged.")
            : tr("Partscope was ended before the work on “%1” was saved. It can be opened as it was at %2.");
    m_messages->showMessage(
        MessageBar::Kind::Warning, text.arg(newest.title, when),
        {{tr("Open it"), [this, newest] { leaveResults([this, newest] { m_keeper.openLeftover(newest); }); }},
         {tr("Delete it"),
          [this, newest] {
              Recovery::remove(newest.file);
              offerLeftovers();
          }},
         {tr("Later"), {}}});
    return true;
}

void SessionActions::askForData(const QString& session, const QString& sentence)
{
    auto* box = question(&m_window, tr("Data of a session"), sentence);
    box->setObjectName("data-missing");
    const auto* file = box->addButton(tr("Choose the file…"), QMessageBox::AcceptRole);
    const auto* folder = box->addButton(tr("Choose the folder…"), QMessageBox::AcceptRole);
    box->addButton(QMessageBox::Cancel);
    const QString place = QFileInfo(session).absolutePath();
    const auto use = [this, session](const QString& data) { m_study.openSession(session, data); };
    connect(box, &QMessageBox::buttonClicked, this, [this, file, folder, place, use](QAbstractButton* button) {
        if (button == file)
            askForFile(&m_window, place, use);
        if (button == folder)
            askForFolder(&m_window, place, use);
    });
    box->open();
}

void SessionActions::warn(const QString& text)
{
    m_messages->showMessage(MessageBar::Kind::Warning,
                            tr("The work is not kept in case that the program is ended: %1").arg(text));
}

} // namespace nmf::ui
