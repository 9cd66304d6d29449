#include "ui/views/loss_view.h"

#include "ui/model/settings.h"
#include "ui/views/facts_panel.h"
#include "ui/views/live.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace nmf::ui
{

LossView::LossView(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_plot(new LinePlot), m_quantity(new QComboBox), m_against(new QComboBox),
      m_logX(new QCheckBox(tr("log x"))), m_logY(new QCheckBox(tr("log y")))
{
    auto* header = new QHBoxLayout;
    header->setContentsMargins(6, 4, 6, 0);
    header->addWidget(m_quantity);
    header->addWidget(m_against);
    header->addStretch();
    header->addWidget(m_logX);
    header->addWidget(m_logY);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    layout->addLayout(header);
    layout->addWidget(m_plot, 1);
    layout->addWidget(new FactsPanel(study));

    m_plot->setObjectName("loss-plot");
    m_quantity->setObjectName("loss-quantity");
    m_quantity->setAccessibleName(tr("What is plotted"));
    m_quantity->setToolTip(tr("The objective is what is minimised; the relative error is ‖V − WH‖F / ‖V‖F"));
    m_quantity->addItems({tr("objective"), tr("relative error")});
    m_against->setObjectName("loss-against");
    m_against->setAccessibleName(tr("Against what it is plotted"));
    m_against->setToolTip(
        tr("Against iterations algorithms are compared by their steps, against seconds by their cost"));
    m_against->addItems({tr("by iteration"), tr("by seconds")});
    m_logX->setObjectName("loss-log-x");
    m_logY->setObjectName("loss-log-y");
    m_logX->setToolTip(tr("Logarithmic horizontal axis"));
    m_logY->setToolTip(tr("Logarithmic vertical axis"));
    m_logY->setChecked(Settings().text("loss/log-y", "1") == "1");
    m_plot->setDescription([this](int run, double x, double y) { return describe(run, x, y); });

    connect(m_quantity, &QComboBox::activated, this, &LossView::redrawAll);
    connect(m_against, &QComboBox::activated, this, &LossView::redrawAll);
    connect(m_logX, &QCheckBox::toggled, this, &LossView::showSpacing);
    connect(m_logY, &QCheckBox::toggled, this, &LossView::showSpacing);
    connect(m_logY, &QCheckBox::toggled, this, [](bool on) { Settings().setText("loss/log-y", on ? "1" : "0"); });
    connect(&study, &Study::runsChanged, this, &LossView::draw);
    connect(m_plot, &LinePlot::clicked, this, &LossView::jumpTo);
    new Live(this, study, [this] { draw(); });
    showSpacing();
    redrawAll();
}

void LossView::showSpacing()
{
    m_plot->setSpacing(m_logX->isChecked() ? Spacing::Logarithmic : Spacing::Linear,
                       m_logY->isChecked() ? Spacing::Logarithmic : Spacing::Linear);
}

double LossView::xOf(const Record& record) const
{
    return m_against->currentIndex() == 0 ? record.iteration : record.seconds;
}

double LossView::yOf(const Record& record) const
{
    return m_quantity->currentIndex() == 0 ? record.objective : record.relativeError;
}

void LossView::redrawAll()
{
    m_plot->setAxisNames(m_against->currentIndex() == 0 ? tr("iteration") : tr("seconds of solving"),
                         m_quantity->currentText());
    m_plot->clear();
    m_drawn.clear();
    draw();
    m_plot->resetView();
}

void LossView::draw()
{
    const auto& runs = m_study.runs();
    std::erase_if(m_drawn, [&](const auto& drawn) {
        const bool gone = std::ranges::none_of(runs, [&](const RunHistory& run) { return run.number == drawn.first; });
        if (gone)
            m_plot->removeCurve(static_cast<int>(drawn.first));
        return gone;
    });
    m_plot->setGrowth(m_study.phase() == Study::Phase::Running ? LinePlot::Growth::Growing : LinePlot::Growth::Still);
    for (const RunHistory& run : runs) {
        const int id = static_cast<int>(run.number);
        const auto [drawn, isNew] = m_drawn.try_emplace(run.number);
        if (isNew)
            m_plot->setCurve(id, {.name = QString::fromStdString(run.title)});
        auto& [count, wentBack] = drawn->second;
        // The last that is drawn may have changed.
        std::vector<double> x, y;
        for (std::size_t i = wentBack == run.wentBack && count > 0 ? count - 1 : 0; i < run.records.size(); ++i) {
            x.push_back(xOf(run.records[i]));
            y.push_back(yOf(run.records[i]));
        }
        drawn->second = {run.records.size(), run.wentBack};
        if (!x.empty())
            m_plot->append(id, x, y);
    }
    mark();
}

/// Where the views are, if that is in the past.
void LossView::mark()
{
    std::optional<double> place;
    if (!m_study.showsNewest())
        place = xOf(m_study.shown()->record);
    if (place != std::exchange(m_marked, place))
        m_plot->setMarker(place);
}

/// Lets all views show the run that is shown as it was there.
void LossView::jumpTo(double x)
{
    const auto& runs = m_study.runs();
    const auto run = m_study.shown() ? std::ranges::find(runs, m_study.shown()->run, &RunHistory::number) : runs.end();
    if (run == runs.end() || run->records.empty())
        return;
    // An iteration that nearly was is meant, too.
    const double reach = m_against->currentIndex() == 0 ? x + 0.5 : x;
    const auto after =
        std::ranges::upper_bound(run->records, reach, {}, [this](const Record& record) { return xOf(record); });
    if (after == run->records.end())
        m_study.showRun(run->number);
    else
        m_study.showFrame(run->number, after == run->records.begin() ? 0 : std::prev(after)->iteration);
}

QString LossView::describe(int id, double x, double y) const
{
    for (const RunHistory& run : m_study.runs()) {
        if (static_cast<int>(run.number) != id)
            continue;
        const QString place =
            m_against->currentIndex() == 0 ? tr("iteration %1").arg(x) : tr("%1 s").arg(QLocale().toString(x, 'g', 4));
        return QStringLiteral("%1\n%2, %3 %4")
            .arg(QString::fromStdString(run.title), place, m_quantity->currentText(), QLocale().toString(y, 'g', 7));
    }
    return {};
}

} // namespace nmf::ui
