#include "ui/pages/stability_page.h"

#include "core/error.h"
#include "ui/pages/count_field.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr std::size_t mostLevels = 4; // that are listed

QString levelsText(const RunAgreement& agreement)
{
    QStringList levels;
    for (std::size_t i = 0; i < std::min(mostLevels, agreement.levels.size()); ++i)
        levels << QObject::tr("%1 × %2")
                      .arg(agreement.levels[i].runs)
                      .arg(QLocale().toString(agreement.levels[i].objective, 'g', 6));
    if (agreement.levels.size() > mostLevels)
        levels << QObject::tr("and %1 more").arg(agreement.levels.size() - mostLevels);
    return levels.join(QStringLiteral(", "));
}

QString summaryOf(const RunAgreement& agreement)
{
    const int runs = static_cast<int>(agreement.runs.size()), levels = static_cast<int>(agreement.levels.size());
    if (runs == 0)
        return QObject::tr(
            "Is this the only answer? The same options are run from many starts, on all cores, while the "
            "rest of the window goes on.");
    QString text = levels == 1 ? QObject::tr("%n run(s) end at the same objective: ", nullptr, runs)
                               : QObject::tr("%1 runs end at %2 different objectives: ").arg(runs).arg(levels);
    text += levelsText(agreement) + '.';
    if (agreement.components.empty())
        return text;
    const auto always =
        std::ranges::count_if(agreement.components, [&](const FoundComponent& one) { return one.runs == runs; });
    text += ' ' + QObject::tr("%1 of %2 components of the best run are found in every run.")
                      .arg(always)
                      .arg(agreement.components.size());
    return text + ' ' +
           QObject::tr("Cophenetic correlation %1, dispersion %2.")
               .arg(QLocale().toString(agreement.consensus->cophenetic, 'g', 3),
                    QLocale().toString(agreement.consensus->dispersion, 'g', 3));
}

} // namespace

StabilityPage::StabilityPage(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_bar(new FitBar(m_job.fits())), m_summary(new QLabel), m_verdict(new QLabel),
      m_nudge(new QPushButton(tr("Nudge"))), m_openLower(new QPushButton(tr("Open the lower one"))),
      m_views(new StabilityViews(m_job, selection))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(6);
    layout->addLayout(makeFields());
    layout->addWidget(m_summary);
    layout->addLayout(makeNudgeRow());
    layout->addWidget(m_views, 1);
    m_summary->setObjectName("stability-summary");
    m_verdict->setObjectName("stability-verdict");
    for (QLabel* text : {m_summary, m_verdict}) {
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    listen();
    takeData();
}

QLayout* StabilityPage::makeFields()
{
    auto* row = new QHBoxLayout;
    m_rank = addCount(*row, tr("Rank"), "stability-rank", 10000, tr("The rank that is fitted again and again"));
    m_runs =
        addCount(*row, tr("Runs"), "stability-runs", 1000, tr("How many fits begin at random places of their own"));
    m_runs->setValue(20);
    row->addWidget(m_bar, 1);
    return row;
}

QLayout* StabilityPage::makeNudgeRow()
{
    auto* row = new QHBoxLayout;
    row->addWidget(m_nudge);
    row->addWidget(m_verdict, 1);
    row->addWidget(m_openLower);
    m_nudge->setObjectName("stability-nudge");
    m_nudge->setToolTip(tr("Adds a small random amount to all entries of W and H at once, solves again, and does so "
                           "several times: a minimum always comes back"));
    m_openLower->setObjectName("stability-open-lower");
    m_openLower->setToolTip(tr("Shows the lower solution that was found by nudging as a run"));
    return row;
}

void StabilityPage::listen()
{
    connect(m_bar, &FitBar::startWanted, this, &StabilityPage::start);
    connect(m_bar, &FitBar::resumeWanted, this,
            [this] { m_job.fits().goOn(m_job.fits().plan().ranks, m_runs->value()); });
    connect(m_runs, &QSpinBox::valueChanged, this, &StabilityPage::showWanted);
    connect(&m_job.fits(), &FitJob::phaseChanged, this, &StabilityPage::showWanted);
    connect(&m_job, &StabilityJob::agreementChanged, this, &StabilityPage::showAgreement);
    connect(&m_job, &StabilityJob::nudgeChanged, this, &StabilityPage::showNudge);
    connect(&m_job, &StabilityJob::nudgeProgress, this, [this](int done, int total) {
        m_verdict->setText(tr("Nudged run %1 %2 of %3 times").arg(m_job.nudgedRun() + 1).arg(done).arg(total));
    });
    connect(&m_job, &StabilityJob::failed, m_bar, &FitBar::complain);
    connect(m_views, &StabilityViews::chosen, this, &StabilityPage::choose);
    connect(m_nudge, &QPushButton::clicked, this, &StabilityPage::pressNudge);
    connect(m_openLower, &QPushButton::clicked, this, [this] {
        if (const auto& nudged = m_job.nudged(); nudged && nudged->best)
            emit fitWanted(nudged->best, nudged->options, nudged->history);
    });
    connect(&m_job.fits(), &FitJob::opened, this, [this](const std::shared_ptr<const RankFit>& fit) {
        emit fitWanted(fit->factors, fit->options, fit->history);
    });
    connect(&m_study, &Study::datasetChanged, this, &StabilityPage::takeData);
    connect(&m_study, &Study::optionsChanged, this, &StabilityPage::takeRank);
}

void StabilityPage::start()
{
    if (!m_study.dataset())
        return;
    RankPlan plan{.ranks = {m_rank->value()}, .runs = m_runs->value(), .heldOut = 0};
    try {
        std::string note;
        plan.options = optionsForStudy(m_study.options(), note);
        m_note = QString::fromStdString(note);
    } catch (const Error& error) {
        return m_bar->complain(QString::fromUtf8(error.what()));
    }
    m_chosen = -1;
    m_job.fits().start(m_study.dataset(), plan);
}

void StabilityPage::takeData()
{
    m_job.fits().clear();
    m_note.clear();
    m_chosen = -1;
    takeRank();
    showWanted();
    showAgreement();
    showNudge();
}

/// The rank is that of the model, as long as no runs of another are here.
void StabilityPage::takeRank()
{
    if (m_job.fits().phase() == FitJob::Phase::Empty)
        m_rank->setValue(static_cast<int>(m_study.options().rank));
}

void StabilityPage::showWanted()
{
    m_bar->setWanted(m_study.dataset() != nullptr, m_job.fits().plan().runs < m_runs->value());
}

void StabilityPage::showAgreement()
{
    m_summary->setText(summaryOf(m_job.agreement()) + (m_note.isEmpty() ? QString() : ' ' + m_note));
    showNudge();
}

/// The run that was clicked, else the best.
int StabilityPage::chosenRun() const
{
    const RankFits& runs = m_job.agreement().runs;
    if (m_chosen >= 0 || runs.empty())
        return m_chosen;
    return runs.front()->key.run;
}

void StabilityPage::choose(int run)
{
    m_chosen = run;
    m_views->markRun(run);
    showNudge();
    m_job.fits().open({m_job.fits().plan().ranks.front(), run, RankFitKey::Kind::Whole});
}

void StabilityPage::pressNudge()
{
    if (m_job.nudging())
        m_job.stopNudge();
    else if (const int run = chosenRun(); run >= 0)
        m_job.nudge(run);
}

void StabilityPage::showNudge()
{
    const int run = chosenRun();
    const std::optional<Nudged>& nudged = m_job.nudged();
    m_nudge->setEnabled(run >= 0);
    m_nudge->setText(m_job.nudging() ? tr("Stop nudging")
                     : m_chosen >= 0 ? tr("Nudge run %1").arg(m_chosen + 1)
                                     : tr("Nudge the best run"));
    m_openLower->setVisible(nudged && nudged->best);
    if (nudged)
        m_verdict->setText(tr("Run %1: ").arg(m_job.nudgedRun() + 1) + QString::fromStdString(sentence(*nudged)));
    else if (!m_job.nudging())
        m_verdict->clear();
}

} // namespace nmf::ui
