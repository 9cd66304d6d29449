#include "ui/preferences_actions.h"

#include "ui/views/basis_view.h"
#include "ui/views/coefficients_view.h"

#include <utility>

namespace nmf::ui
{

PreferencesActions::PreferencesActions(Study& study, SessionKeeper& keeper, Settings& settings, ThemeActions& themes,
                                       QMainWindow& window)
    : QObject(&window), action(new QAction(tr("&Preferences…"), this)), m_study(study), m_keeper(keeper),
      m_settings(settings), m_window(window), m_dialog(new PreferencesDialog(*themes.group, &window))
{
    action->setShortcut(QKeySequence("Ctrl+,"));
    action->setStatusTip(tr("Theme, colours, memory, threads, and what happens at the start"));
    connect(action, &QAction::triggered, this, &PreferencesActions::open);
    connect(m_dialog, &PreferencesDialog::changed, this, [this](const Preferences& preferences) {
        keep(m_settings, preferences);
        enforce(preferences);
    });
    connect(&study, &Study::phaseChanged, this, &PreferencesActions::enforceThreads);
    enforce(preferencesOf(settings));
}

void PreferencesActions::open()
{
    // A view may have chosen other colours since.
    m_dialog->setPreferences(preferencesOf(m_settings));
    m_dialog->show();
    m_dialog->raise();
    m_dialog->activateWindow();
}

void PreferencesActions::enforce(const Preferences& preferences)
{
    m_keeper.setAutosaveSeconds(preferences.autosaveSeconds);
    m_study.setHistoryBudget(static_cast<std::size_t>(preferences.historyMegabytes) << 20);
    if (auto* basis = m_window.findChild<BasisView*>())
        basis->setColors(preferences.basisColors);
    if (auto* coefficients = m_window.findChild<CoefficientsView*>())
        coefficients->setColors(preferences.coefficientsColors);
    m_threadsWait = preferences.threads != std::exchange(m_threads, preferences.threads) || m_threadsWait;
    enforceThreads();
}

void PreferencesActions::enforceThreads()
{
    const Study::Phase phase = m_study.phase();
    if (!m_threadsWait || phase == Study::Phase::Running || phase == Study::Phase::Paused)
        return;
    m_threadsWait = false;
    Options options = m_study.options();
    options.threads = m_threads;
    m_study.setOptions(options);
}

} // namespace nmf::ui
