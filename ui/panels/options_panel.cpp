#include "ui/panels/options_panel.h"

#include "core/algorithms/algorithms.h"
#include "core/faults.h"
#include "ui/model/consistency.h"
#include "ui/panels/elastic_net_dialog.h"
#include "ui/panels/stopping_fields.h"
#include "ui/widgets/wheel_guard.h"

#include <QDoubleValidator>
#include <QFormLayout>
#include <QGridLayout>
#include <QLineEdit>
#include <QSignalBlocker>

#include <thread>

namespace nmf::ui
{

OptionsPanel::OptionsPanel(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_formula(new QLabel), m_termsFault(new QLabel), m_faults(new FaultList),
      m_termsMends(new FaultList), m_unstored(new QComboBox), m_precision(new QComboBox), m_threads(new QSpinBox),
      m_elasticNet(new QToolButton)
{
    m_unstored->setObjectName("unstored");
    m_unstored->setAccessibleName(tr("Entries that are not stored"));
    m_unstored->addItems({tr("zero"), tr("unknown")});
    m_unstored->setToolTip(tr("What the entries are that a sparse table does not keep: zeros like any other number, or "
                              "unknown, as ratings are that nobody gave"));
    m_precision->setObjectName("precision");
    m_precision->setAccessibleName(tr("Precision"));
    m_precision->addItems({tr("double"), tr("single")});
    m_precision->setToolTip(
        tr("Single precision takes half the memory and about half the time; sums are formed in double"));
    m_threads->setObjectName("threads");
    m_threads->setRange(0, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    m_threads->setSpecialValueText(tr("all cores"));
    m_threads->setToolTip(tr("Changes the time, never the result"));
    m_formula->setToolTip(tr("The objective: what is minimised"));
    m_formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_formula->setObjectName("formula");
    m_formula->setWordWrap(true);
    m_termsFault->setObjectName("terms-fault");
    m_termsFault->setWordWrap(true);
    m_termsFault->hide();
    m_faults->setObjectName("faults");
    m_termsMends->setObjectName("terms-mends");

    auto* form = new QFormLayout(this);
    form->addRow(tr("Minimise"), m_formula);
    form->addRow(m_faults);
    const auto* stopping = new StoppingFields(study, form, this);
    form->addRow(tr("Not stored is"), m_unstored);
    form->addRow(tr("&Precision"), m_precision);
    form->addRow(tr("T&hreads"), m_threads);
    form->addRow(termGrid());
    form->addRow(m_termsFault);
    form->addRow(m_termsMends);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    auto* guard = new WheelGuard(this);
    for (QWidget* field : stopping->fields())
        guard->watch(field);
    for (QWidget* field : std::initializer_list<QWidget*>{m_unstored, m_precision, m_threads})
        guard->watch(field);

    connect(m_precision, &QComboBox::activated, this, &OptionsPanel::apply);
    connect(m_threads, &QSpinBox::valueChanged, this, &OptionsPanel::apply);
    connect(m_unstored, &QComboBox::activated, this, &OptionsPanel::apply);
    connect(m_faults, &FaultList::chosen, this, [this](const Mend& mend) {
        Options options = m_study.options();
        mend.apply(options);
        m_study.setOptions(options);
    });
    connect(m_termsMends, &FaultList::chosen, this, &OptionsPanel::takeMended);
    connect(&study, &Study::optionsChanged, this, &OptionsPanel::showOptions);
    showOptions();
}

QLayout* OptionsPanel::termGrid()
{
    auto* grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    auto* title = new QLabel(tr("Penalties, constraints"));
    QFont bold = font();
    bold.setBold(true);
    title->setFont(bold);
    grid->addWidget(title, 0, 0, 1, 2);
    m_elasticNet->setObjectName("elastic-net");
    m_elasticNet->setText(tr("alpha…"));
    m_elasticNet->setAutoRaise(true);
    m_elasticNet->setToolTip(tr("Gives L1 and L2 by alpha_W, alpha_H and l1_ratio as in scikit-learn"));
    connect(m_elasticNet, &QToolButton::clicked, this, &OptionsPanel::askElasticNet);
    grid->addWidget(m_elasticNet, 0, 2, Qt::AlignRight);
    grid->addWidget(new QLabel(tr("on W")), 1, 1, Qt::AlignHCenter);
    grid->addWidget(new QLabel(tr("on H")), 1, 2, Qt::AlignHCenter);
    const Term* before = nullptr;
    for (const Term& term : terms()) {
        const bool beside = term.place == "H" && before && before->demand == term.demand;
        const int row = grid->rowCount() - (beside ? 1 : 0);
        auto* box = boxOf(term);
        before = &term;
        if (!beside) {
            auto* label =
                new QLabel(QString::fromStdString(term.place.empty() ? term.parameter.name : nameOf(term.demand)));
            label->setToolTip(box->toolTip());
            grid->addWidget(label, row, 0);
        }
        grid->addWidget(box, row, term.place == "H" ? 2 : 1, 1, term.place.empty() ? 2 : 1);
        m_terms.push_back(box);
    }
    return grid;
}

WeightBox* OptionsPanel::boxOf(const Term& term)
{
    auto* box = new WeightBox(term.parameter.maximum);
    box->setObjectName(QString::fromStdString(term.parameter.id));
    box->setAccessibleName(QString::fromStdString(term.parameter.name));
    box->setToolTip(QString::fromStdString(term.parameter.help));
    connect(box, &WeightBox::valueChanged, this, &OptionsPanel::applyTerms);
    // The largest number that could be entered is no demand on the window.
    box->setMinimumWidth(box->fontMetrics().horizontalAdvance("0.002") + box->sizeHint().height());
    box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return box;
}

void OptionsPanel::askElasticNet()
{
    const Options& options = m_study.options();
    const DataMatrix& V = m_study.dataset()->V;
    auto* dialog = new ElasticNetDialog(options.onW, options.onH, V.rows(), V.cols(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const Penalty onW = dialog->onW(), onH = dialog->onH();
        for (const auto& [id, weight] : std::initializer_list<std::pair<const char*, double>>{
                 {"l1-w", onW.l1}, {"l1-h", onH.l1}, {"l2-w", onW.l2}, {"l2-h", onH.l2}}) {
            auto* box = findChild<WeightBox*>(id);
            const QSignalBlocker quiet(box);
            box->setValue(weight);
        }
        applyTerms();
    });
    dialog->open();
}

void OptionsPanel::showOptions()
{
    const Options& options = m_study.options();
    const QSignalBlocker quietThreads(m_threads);
    m_formula->setText(QString::fromStdString(formula(options)));
    m_faults->setFaults(m_study.dataset() ? faultsOf(options, *m_study.dataset(), m_study.dataFacts())
                                          : std::vector<Fault>{});
    // What is entered but not yet in force is left as it is.
    if (!sameTerms(options, m_shownTerms)) {
        for (std::size_t at = 0; at < m_terms.size(); ++at) {
            const QSignalBlocker quiet(m_terms[at]);
            m_terms[at]->setValue(terms()[at].of(options));
        }
        m_termsFault->hide();
        m_termsMends->setFaults({});
        m_termsWait = false;
    }
    takeTerms(m_shownTerms, options);
    auto* form = static_cast<QFormLayout*>(layout());
    form->setRowVisible(m_unstored, m_study.dataset() && m_study.dataset()->V.isSparse());
    m_elasticNet->setEnabled(m_study.dataset() != nullptr);
    m_unstored->setCurrentIndex(options.unstoredUnknown ? 1 : 0);
    m_precision->setCurrentIndex(options.precision == Precision::Single ? 1 : 0);
    m_threads->setValue(options.threads);
    // It comes into force when it can.
    if (m_termsWait)
        applyTerms();
}

Options OptionsPanel::entered() const
{
    Options options = m_study.options();
    for (std::size_t at = 0; at < m_terms.size(); ++at)
        terms()[at].of(options) = m_terms[at]->value();
    return options;
}

void OptionsPanel::takeMended(const Mend& mend)
{
    Options options = entered();
    // What differs from this is written into the fields.
    takeTerms(m_shownTerms, options);
    mend.apply(options);
    m_termsWait = false;
    m_termsFault->hide();
    m_termsMends->setFaults({});
    m_study.setOptions(options);
}

void OptionsPanel::applyTerms()
{
    Options options = entered();
    const Choice before = options.algorithm;
    options.algorithm = suitedAlgorithm(options, m_study.dataset() && isWeighted(options, *m_study.dataset()));
    std::string said = termsFault(options);
    if (said.empty())
        said = newFault(options, m_study).toStdString();
    m_termsWait = !said.empty();
    if (!m_termsWait) {
        if (options.algorithm != before)
            said = tr("The algorithm is %1 now, which serves this.")
                       .arg(QString::fromStdString(nmf::find(algorithms(), options.algorithm.id)->facts.name))
                       .toStdString();
        takeTerms(m_shownTerms, options);
        m_study.setOptions(options);
    }
    m_termsFault->setText(QString::fromStdString(said));
    m_termsFault->setVisible(!said.empty());
    m_termsMends->setFaults({});
    if (!m_termsWait || !m_study.dataset())
        return;
    const std::vector<Fault> faults = faultsOf(options, *m_study.dataset(), m_study.dataFacts());
    if (!faults.empty())
        m_termsMends->setMends(faults.front().mends);
}

void OptionsPanel::apply()
{
    Options options = m_study.options();
    options.precision = m_precision->currentIndex() == 1 ? Precision::Single : Precision::Double;
    options.threads = m_threads->value();
    options.unstoredUnknown = m_unstored->currentIndex() == 1;
    if (m_study.dataset())
        options.algorithm = suitedAlgorithm(options, isWeighted(options, *m_study.dataset()));
    m_study.setOptions(options);
}

} // namespace nmf::ui
