#include "ui/panels/timeline.h"

#include "ui/widgets/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>

#include <algorithm>

namespace nmf::ui
{

namespace
{

/// A run of some hundred iterations has about fifty frames: two seconds.
constexpr int tickMs = 40;
/// While a run goes on there is no hurry to say where it is.
constexpr int pauseMs = 150;

} // namespace

Timeline::Timeline(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_toStart(nullptr), m_replay(nullptr), m_toNewest(nullptr),
      m_slider(new QSlider(Qt::Horizontal)), m_text(new QLabel), m_back(new QToolButton)
{
    setObjectName("timeline");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 2, 6, 2);
    m_toStart = addButton("timeline-start", tr("To the start of the run"));
    m_replay = addButton("timeline-replay", tr("Replay the run"));
    m_toNewest = addButton("timeline-newest", tr("To the newest"));
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_text);
    layout->addWidget(m_back);
    m_slider->setObjectName("timeline-slider");
    m_slider->setAccessibleName(tr("Iteration that is shown"));
    m_slider->setToolTip(tr("Shows the run as it was at an iteration; the run itself goes on"));
    m_text->setObjectName("timeline-text");
    // Of one size whatever it says: many times a second a new text must not lay out the window anew.
    QFont bold = font();
    bold.setBold(true);
    m_text->setFixedWidth(QFontMetrics(bold).horizontalAdvance(
        tr("Run %1: iteration %2 of %3").arg(88).arg(QLocale().toString(88888)).arg(QLocale().toString(88888))));
    m_back->setObjectName("timeline-back");
    m_back->setText(tr("Back to the newest"));
    m_back->setToolTip(tr("What is shown is of the past: this shows the run as it is now"));
    m_back->setToolButtonStyle(Qt::ToolButtonTextOnly);
    // Its room is kept, so that nothing moves when it comes.
    QSizePolicy steady = m_back->sizePolicy();
    steady.setRetainSizeWhenHidden(true);
    m_back->setSizePolicy(steady);
    listen();
    dress();
    refresh();
}

QToolButton* Timeline::addButton(const QString& id, const QString& name)
{
    auto* button = new QToolButton;
    button->setObjectName(id);
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
    layout()->addWidget(button);
    return button;
}

void Timeline::listen()
{
    m_ticks.setInterval(tickMs);
    m_pause.setInterval(pauseMs);
    m_pause.setSingleShot(true);
    connect(&m_ticks, &QTimer::timeout, this, &Timeline::advance);
    connect(&m_pause, &QTimer::timeout, this, &Timeline::refresh);
    connect(m_slider, &QSlider::valueChanged, this, &Timeline::showPlace);
    connect(m_slider, &QSlider::sliderPressed, this, &Timeline::hold);
    connect(m_toStart, &QToolButton::clicked, this, [this] {
        hold();
        m_slider->setValue(0);
    });
    connect(m_replay, &QToolButton::clicked, this, &Timeline::replayOrHold);
    for (QToolButton* button : {m_toNewest, m_back})
        connect(button, &QToolButton::clicked, this, [this] {
            hold();
            m_study.showNewest();
        });
    connect(&m_study, &Study::shownChanged, this, &Timeline::refreshSoon);
    connect(&m_study, &Study::snapshotChanged, this, &Timeline::refreshSoon);
    connect(&m_study, &Study::phaseChanged, this, &Timeline::refresh);
    connect(&m_study, &Study::runsChanged, this, &Timeline::refresh);
}

const std::vector<Frame>& Timeline::frames() const
{
    return m_study.history().of(m_study.shown() ? m_study.shown()->run : 0);
}

int Timeline::placeShown() const
{
    const std::vector<Frame>& all = frames();
    const int iteration = m_study.shown() ? m_study.shown()->record.iteration : 0;
    const auto after =
        std::ranges::upper_bound(all, iteration, {}, [](const Frame& frame) { return frame.record.iteration; });
    return std::max(0, static_cast<int>(after - all.begin()) - 1);
}

void Timeline::showPlace(int place)
{
    const std::vector<Frame>& all = frames();
    if (place < 0 || place >= static_cast<int>(all.size()))
        return;
    const std::uint64_t run = m_study.shown()->run;
    const bool isLast = place + 1 == static_cast<int>(all.size());
    if (isLast && m_study.snapshot() && run == m_study.snapshot()->run)
        m_study.showNewest();
    else
        m_study.showFrame(run, all[static_cast<std::size_t>(place)].record.iteration);
}

void Timeline::replayOrHold()
{
    if (replaying()) {
        hold();
        return;
    }
    if (m_slider->value() >= m_slider->maximum())
        m_slider->setValue(0);
    m_ticks.start();
    dress();
}

void Timeline::advance()
{
    if (m_slider->value() < m_slider->maximum())
        m_slider->setValue(m_slider->value() + 1);
    if (m_slider->value() >= m_slider->maximum())
        hold();
}

void Timeline::hold()
{
    m_ticks.stop();
    dress();
}

QString Timeline::words() const
{
    const auto& shown = m_study.shown();
    if (!shown)
        return {};
    const QString iteration = QLocale().toString(shown->record.iteration);
    if (m_study.showsNewest())
        return tr("Iteration %1").arg(iteration);
    const auto& runs = m_study.runs();
    const auto run = std::ranges::find(runs, shown->run, &RunHistory::number);
    const QString all =
        run == runs.end() || run->records.empty() ? iteration : QLocale().toString(run->records.back().iteration);
    return tr("Run %1: iteration %2 of %3").arg(shown->run).arg(iteration, all);
}

void Timeline::refresh()
{
    m_pause.stop();
    const int count = static_cast<int>(frames().size());
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, std::max(0, count - 1));
    m_slider->setValue(placeShown());
    setEnabled(count > 1 || !m_study.showsNewest());
    if (const QString text = words(); text != m_text->text())
        m_text->setText(text);
    const bool past = !m_study.showsNewest();
    if (past == m_back->isHidden()) {
        m_back->setVisible(past);
        QFont emphasis = font();
        emphasis.setBold(past);
        m_text->setFont(emphasis);
        update();
    }
}

void Timeline::refreshSoon()
{
    if (m_study.showsNewest() && m_study.phase() == Study::Phase::Running && m_back->isHidden()) {
        if (!m_pause.isActive())
            m_pause.start();
        return;
    }
    refresh();
}

void Timeline::dress()
{
    m_toStart->setIcon(icon("to-start", palette()));
    m_replay->setIcon(icon(replaying() ? "pause" : "replay", palette()));
    m_toNewest->setIcon(icon("to-newest", palette()));
}

void Timeline::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        dress();
}

void Timeline::paintEvent(QPaintEvent*)
{
    if (m_back->isHidden())
        return;
    QColor tint = palette().color(QPalette::Highlight);
    tint.setAlphaF(0.25F);
    QPainter(this).fillRect(rect(), tint);
}

void Timeline::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace nmf::ui
