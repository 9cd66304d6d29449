#include "ui/panels/run_actions.h"

#include "ui/widgets/icons.h"

#include <QWidget>

namespace nmf::ui
{

namespace
{

/// How many iterations "Continue" adds.
constexpr int continuation = 100;

QAction* makeAction(QWidget* window, const QString& text, const QKeySequence& key, const QString& tip)
{
    auto* action = new QAction(text, window);
    action->setShortcut(key);
    action->setToolTip(tip + QStringLiteral(" (") + key.toString(QKeySequence::NativeText) + QStringLiteral(")"));
    action->setStatusTip(tip);
    return action;
}

} // namespace

RunActions::RunActions(Study& study, QWidget* window)
    : QObject(window), runOrPause(makeAction(window, tr("&Run"), Qt::Key_Space, tr("Run, or pause"))),
      step(makeAction(window, tr("&Step"), Qt::Key_Period, tr("Make exactly one iteration"))),
      halfStep(makeAction(window, tr("&Half step"), QKeySequence("Shift+."), tr("Make half an iteration: H, then W"))),
      stop(makeAction(window, tr("S&top"), QKeySequence("Ctrl+."), tr("End the run and keep what it has reached"))),
      restart(makeAction(window, tr("R&estart"), Qt::Key_R, tr("Begin anew from the start"))),
      continueRun(makeAction(window, tr("&Continue for %1 iterations").arg(continuation), QKeySequence("Ctrl+Return"),
                             tr("Go on for %1 more iterations").arg(continuation))),
      m_study(study), m_palette(window->palette())
{
    runOrPause->setObjectName("run");
    step->setObjectName("step");
    halfStep->setObjectName("half-step");
    stop->setObjectName("stop");
    restart->setObjectName("restart");
    continueRun->setObjectName("continue");
    // On many keyboards the point with Shift is another character.
    halfStep->setShortcuts({QKeySequence("Shift+."), QKeySequence(">"), QKeySequence("Shift+>"), QKeySequence(":"),
                            QKeySequence("Shift+:")});
    connect(runOrPause, &QAction::triggered, &study, &Study::runOrPause);
    connect(step, &QAction::triggered, &study, &Study::step);
    connect(halfStep, &QAction::triggered, &study, &Study::halfStep);
    connect(stop, &QAction::triggered, &study, &Study::stop);
    connect(restart, &QAction::triggered, &study, &Study::restart);
    connect(continueRun, &QAction::triggered, &study, [&study] { study.continueFor(continuation); });
    connect(&study, &Study::phaseChanged, this, &RunActions::showPhase);
    dress(m_palette);
}

void RunActions::dress(const QPalette& palette)
{
    m_palette = palette;
    step->setIcon(icon("step", palette));
    halfStep->setIcon(icon("half-step", palette));
    stop->setIcon(icon("stop", palette));
    restart->setIcon(icon("restart", palette));
    continueRun->setIcon(icon("continue", palette));
    showPhase();
}

void RunActions::showPhase()
{
    using Phase = Study::Phase;
    const Phase phase = m_study.phase();
    const bool running = phase == Phase::Running, open = phase != Phase::Empty;
    runOrPause->setEnabled(open);
    runOrPause->setText(running ? tr("&Pause") : phase == Phase::Paused ? tr("Go &on") : tr("&Run"));
    runOrPause->setIcon(icon(running ? "pause" : "run", m_palette));
    step->setEnabled(open);
    halfStep->setEnabled(open);
    stop->setEnabled(running || phase == Phase::Paused);
    restart->setEnabled(open && phase != Phase::Ready);
    continueRun->setEnabled(open && phase != Phase::Ready);
}

} // namespace nmf::ui
