#include "ui/pages/rank_page.h"

#include "core/error.h"
#include "ui/pages/count_field.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

RankPage::RankPage(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_bar(new FitBar(m_job.fits())), m_suggestion(new QLabel), m_more(new QLabel),
      m_charts(new RankCharts(m_job))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(6);
    layout->addLayout(makeFields());
    layout->addWidget(m_bar);
    layout->addWidget(m_suggestion);
    layout->addWidget(m_more);
    layout->addWidget(m_charts, 1);
    QFont bold = font();
    bold.setBold(true);
    m_suggestion->setFont(bold);
    m_suggestion->setObjectName("rank-suggestion");
    m_more->setObjectName("rank-more");
    for (QLabel* text : {m_suggestion, m_more}) {
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    connect(m_bar, &FitBar::startWanted, this, &RankPage::start);
    connect(m_bar, &FitBar::resumeWanted, this, [this] { m_job.fits().goOn(ranks(), m_runs->value()); });
    connect(&m_job, &RankJob::pointsChanged, this, &RankPage::showSuggestions);
    connect(&m_job.fits(), &FitJob::phaseChanged, this, &RankPage::showWanted);
    connect(m_charts, &RankCharts::chosen, &m_job.fits(), &FitJob::open);
    connect(&m_job.fits(), &FitJob::opened, this, [this](const std::shared_ptr<const RankFit>& fit) {
        emit fitWanted(fit->factors, fit->options, fit->history);
    });
    connect(&study, &Study::datasetChanged, this, &RankPage::takeData);
    takeData();
    showSuggestions();
}

QLayout* RankPage::makeFields()
{
    auto* row = new QHBoxLayout;
    m_from = addCount(*row, tr("Ranks from"), "rank-from", 10000, tr("The smallest rank that is fitted"));
    m_to = addCount(*row, tr("to"), "rank-to", 10000, tr("The largest rank that is fitted"));
    m_runs = addCount(*row, tr("Runs of each"), "rank-runs", 1000,
                      tr("How many fits of each rank begin at random places of their own"));
    row->addWidget(new QLabel(tr("Held out")));
    m_heldOut = new QDoubleSpinBox;
    m_heldOut->setObjectName("rank-held-out");
    m_heldOut->setAccessibleName(tr("Share of entries that are held out"));
    m_heldOut->setRange(0, 50);
    m_heldOut->setDecimals(0);
    m_heldOut->setSuffix(tr(" %"));
    m_heldOut->setSpecialValueText(tr("nothing"));
    m_heldOut->setValue(10);
    m_heldOut->setToolTip(
        tr("So much of the table is predicted and never fitted, in as many fits more: another part of "
           "it in each run, the same for all ranks"));
    row->addWidget(m_heldOut);
    m_permuted = new QCheckBox(tr("Permuted data too"));
    m_permuted->setObjectName("rank-permuted");
    m_permuted->setToolTip(tr("Fits the table with each feature's entries permuted among the samples, in as many fits "
                              "more: an error that falls no faster is explained by chance"));
    row->addWidget(m_permuted);
    row->addStretch();
    m_from->setValue(2);
    m_to->setValue(8);
    m_runs->setValue(10);
    for (const QSpinBox* field : {m_from, m_to, m_runs})
        connect(field, &QSpinBox::valueChanged, this, &RankPage::showWanted);
    return row;
}

std::vector<Index> RankPage::ranks() const
{
    std::vector<Index> result;
    for (int rank = std::min(m_from->value(), m_to->value()); rank <= std::max(m_from->value(), m_to->value()); ++rank)
        result.push_back(rank);
    return result;
}

void RankPage::start()
{
    if (!m_study.dataset())
        return;
    RankPlan plan{.ranks = ranks(),
                  .runs = m_runs->value(),
                  .heldOut = m_heldOut->value() / 100,
                  .permuted = m_permuted->isChecked()};
    try {
        std::string note;
        plan.options = optionsForStudy(m_study.options(), note);
        m_note = QString::fromStdString(note);
    } catch (const Error& error) {
        return m_bar->complain(QString::fromUtf8(error.what()));
    }
    m_job.fits().start(m_study.dataset(), plan);
}

void RankPage::takeData()
{
    m_job.fits().clear();
    m_note.clear();
    showWanted();
}

/// Whether a press of the button would do something.
void RankPage::showWanted()
{
    const FitJob& fits = m_job.fits();
    const bool more = fits.plan().runs < m_runs->value() || std::ranges::any_of(ranks(), [&](Index rank) {
                          return std::ranges::find(fits.plan().ranks, rank) == fits.plan().ranks.end();
                      });
    m_bar->setWanted(m_study.dataset() != nullptr, more);
}

void RankPage::showSuggestions()
{
    const std::vector<RankSuggestion>& suggestions = m_job.suggestions();
    QString more;
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
        if (i > 0)
            more += QString::fromStdString(suggestions[i].reason) + ' ';
        more += QString::fromStdString(suggestions[i].certainty) + '\n';
    }
    m_suggestion->setText(
        suggestions.empty() ? tr("How many parts? Every rank is fitted from many starts, on all cores, while the rest "
                                 "of the window goes on.")
                            : QString::fromStdString(suggestions.front().reason));
    m_more->setText(more + m_note);
    m_more->setVisible(!m_more->text().isEmpty());
}

} // namespace nmf::ui
