#include "ui/views/facts_panel.h"

#include "core/measures/fit.h"
#include "core/next_step.h"
#include "ui/views/live.h"

#include <QEvent>
#include <QLocale>
#include <QVBoxLayout>

namespace nmf::ui
{

namespace
{

QString number(double value, int digits)
{
    return QLocale().toString(value, 'g', digits);
}

/// A label that is written often but laid out once: its width does not follow its text.
void setSteady(QLabel* label, const QString& text)
{
    if (label->text() != text)
        label->setText(text);
}

} // namespace

FactsPanel::FactsPanel(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_grid(new QGridLayout),
      m_iteration(addFact(tr("iteration"), "fact-iteration", tr("Whole iterations made: H moved, then W"))),
      m_speed(addFact(tr("iterations / s"), "fact-speed", tr("Per second of solving"))),
      m_objective(addFact(tr("objective"), "fact-objective", tr("What is minimised"))),
      m_relativeError(addFact(tr("relative error"), "fact-relative-error", tr("‖V − WH‖F / ‖V‖F"))),
      m_explained(addFact(tr("explained variance"), "fact-explained", tr("1 − ‖V − WH‖²F / ‖V‖²F"))),
      m_sparsenessW(addFact(tr("sparseness of W"), "fact-sparseness-w",
                            tr("Hoyer's sparseness, mean of the columns of W: 1 for one entry, 0 for equal entries"))),
      m_sparsenessH(addFact(tr("sparseness of H"), "fact-sparseness-h",
                            tr("Hoyer's sparseness, mean of the rows of H: 1 for one entry, 0 for equal entries"))),
      m_alive(addFact(tr("components in use"), "fact-alive", tr("The others are zero: they have no part in WH"))),
      m_heldOut(addFact(tr("held-out error"), "fact-held-out",
                        tr("Root mean square error of the entries that are kept from the fit"))),
      m_end(new QLabel), m_continue(new QPushButton(tr("Continue")))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 8);
    layout->addLayout(m_grid);
    layout->addWidget(m_end);
    layout->addWidget(m_continue);
    m_grid->setColumnStretch(1, 1);
    m_grid->setVerticalSpacing(2);
    m_end->setObjectName("fact-end");
    m_end->setWordWrap(true);
    m_end->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_end->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_continue->setObjectName("fact-continue");
    m_continue->setToolTip(tr("Goes on from the factors on screen"));
    QSizePolicy kept(QSizePolicy::Ignored, QSizePolicy::Fixed);
    kept.setRetainSizeWhenHidden(true);
    m_continue->setSizePolicy(kept);
    m_continue->hide();
    connect(m_continue, &QPushButton::clicked, this, [this] { m_study.continueFor(m_more); });
    connect(&study, &Study::phaseChanged, this, &FactsPanel::showNextStep);
    reserve();
    new Live(this, study, [this] { draw(); });
    draw();
}

QLabel* FactsPanel::addFact(const QString& name, const QString& id, const QString& help)
{
    auto* title = new QLabel(name);
    auto* value = new QLabel;
    title->setToolTip(help);
    value->setToolTip(help);
    value->setObjectName(id);
    value->setAlignment(Qt::AlignRight);
    const int row = m_grid->rowCount();
    m_grid->addWidget(title, row, 0);
    m_grid->addWidget(value, row, 1, Qt::AlignRight);
    return value;
}

void FactsPanel::reserve()
{
    // Of one size whatever they say: many times a second a new text must not lay out the window anew.
    for (QLabel* value : {m_iteration, m_speed, m_objective, m_relativeError, m_explained, m_sparsenessW, m_sparsenessH,
                          m_alive, m_heldOut})
        value->setFixedSize(value->fontMetrics().horizontalAdvance(QStringLiteral("0.000000000000")),
                            value->fontMetrics().height());
    // Room for the sentence is kept, so that nothing jumps when a run ends.
    m_end->setMinimumHeight(3 * m_end->fontMetrics().lineSpacing());
}

void FactsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_continue)
        reserve();
}

QWidget* FactsPanel::titleOf(QLabel* value) const
{
    int row = 0, column = 0, rows = 0, columns = 0;
    m_grid->getItemPosition(m_grid->indexOf(value), &row, &column, &rows, &columns);
    return m_grid->itemAtPosition(row, 0)->widget();
}

void FactsPanel::showIf(bool told, QLabel* value, const QString& text)
{
    if (told)
        setSteady(value, text);
    if (value->isHidden() != told)
        return;
    value->setVisible(told);
    titleOf(value)->setVisible(told);
}

/// With the formula of the loss that is minimised now, and of what is asked of the factors besides.
void FactsPanel::showObjective(const Snapshot& snapshot)
{
    setSteady(m_objective, number(snapshot.record.objective, 8));
    const QString help = tr("What is minimised: %1").arg(QString::fromStdString(formula(snapshot.options)));
    if (m_objective->toolTip() == help)
        return;
    m_objective->setToolTip(help);
    titleOf(m_objective)->setToolTip(help);
}

void FactsPanel::draw()
{
    const auto& snapshot = m_study.shown();
    if (!snapshot) {
        for (QLabel* label :
             {m_iteration, m_speed, m_objective, m_relativeError, m_explained, m_sparsenessW, m_sparsenessH})
            setSteady(label, QStringLiteral("–"));
        showIf(false, m_alive, {});
        showIf(false, m_heldOut, {});
        setSteady(m_end, {});
        showNextStep();
        return;
    }
    const Record& record = snapshot->record;
    setSteady(m_iteration,
              QLocale().toString(record.iteration) + (snapshot->betweenHalves ? QStringLiteral(" ½") : QString()));
    setSteady(m_speed, number(snapshot->iterationsPerSecond, 3));
    setSteady(m_relativeError, number(record.relativeError, 6));
    setSteady(m_explained,
              QLocale().toString(100 * explainedVariance(record.relativeError), 'f', 3) + QStringLiteral(" %"));
    setSteady(m_sparsenessW, QLocale().toString(snapshot->sparsenessW, 'f', 3));
    setSteady(m_sparsenessH, QLocale().toString(snapshot->sparsenessH, 'f', 3));
    const Index rank = snapshot->options.rank;
    showIf(snapshot->alive < rank, m_alive, tr("%1 of %2").arg(snapshot->alive).arg(rank));
    showIf(snapshot->heldOut.has_value(), m_heldOut,
           snapshot->heldOut ? number(snapshot->heldOut->rootMeanSquare, 6) : QString());
    showObjective(*snapshot);
    QString end = QString::fromStdString(snapshot->endSentence);
    for (const std::string& note : snapshot->notes)
        end += (end.isEmpty() ? QString() : QStringLiteral("\n")) + QString::fromStdString(note);
    setSteady(m_end, end);
    showNextStep();
}

void FactsPanel::showNextStep()
{
    const auto& snapshot = m_study.snapshot();
    std::optional<NextStep> step;
    if (snapshot && snapshot->ended && m_study.showsNewest() && m_study.phase() == Study::Phase::Finished &&
        !m_study.runs().empty() && m_study.runs().back().number == snapshot->run)
        step = nextStep(*snapshot->ended, snapshot->options, m_study.runs().back().records, snapshot->comparableFrom);
    m_more = step ? step->more : 0;
    if (step)
        m_continue->setText(tr("%1: continue %2").arg(QString::fromStdString(sentence(*step))).arg(m_more));
    m_continue->setVisible(step.has_value());
}

} // namespace nmf::ui
