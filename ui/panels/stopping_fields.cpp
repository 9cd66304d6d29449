#include "ui/panels/stopping_fields.h"

#include "core/algorithms/algorithms.h"
#include "ui/model/consistency.h"

#include <QSignalBlocker>

#include <algorithm>
#include <limits>

namespace nmf::ui
{

namespace
{

void showTolerance(QComboBox* box, double tolerance)
{
    if (box->findData(tolerance) < 0)
        box->addItem(QString::number(tolerance), tolerance);
    box->setCurrentIndex(box->findData(tolerance));
}

bool sameRules(const Options& one, const Options& other)
{
    return one.maxIterations == other.maxIterations && one.tolerance == other.tolerance &&
           one.timeLimit == other.timeLimit && one.kktTolerance == other.kktTolerance &&
           one.stepTolerance == other.stepTolerance && one.connectivityLooks == other.connectivityLooks &&
           one.heldOut == other.heldOut && one.patience == other.patience && one.heldOutSeed == other.heldOutSeed;
}

} // namespace

StoppingFields::StoppingFields(Study& study, QFormLayout* form, QObject* parent)
    : QObject(parent), m_study(study), m_form(form), m_iterations(new QSpinBox), m_timeLimit(new QDoubleSpinBox),
      m_more(new QToolButton), m_connectivity(new QSpinBox), m_heldOut(new QDoubleSpinBox), m_heldOutSeed(new QSpinBox),
      m_patience(new QSpinBox), m_fault(new QLabel), m_mends(new FaultList)
{
    m_iterations->setRange(0, 10'000'000);
    m_timeLimit->setRange(0, 1e6);
    m_timeLimit->setDecimals(1);
    m_timeLimit->setSuffix(tr(" s"));
    m_timeLimit->setSpecialValueText(tr("none"));
    m_connectivity->setRange(0, 1'000'000);
    m_connectivity->setSpecialValueText(tr("never"));
    m_heldOut->setRange(0, 90);
    m_heldOut->setDecimals(1);
    m_heldOut->setSuffix(tr(" %"));
    m_heldOut->setSpecialValueText(tr("none"));
    m_heldOutSeed->setRange(0, std::numeric_limits<int>::max());
    m_patience->setRange(0, 1'000'000);
    m_patience->setSpecialValueText(tr("never"));
    m_more->setObjectName("more-rules");
    m_more->setText(tr("More rules"));
    m_more->setToolTip(tr("Stop by the gradient, the step, the samples' strongest components, or held-out entries"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setArrowType(Qt::RightArrow);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fault->setObjectName("stopping-fault");
    m_fault->setWordWrap(true);

    addRow(tr("&Iterations"), m_iterations, "iterations", tr("Stop after so many iterations (scikit-learn: max_iter)"));
    m_tolerance = addTolerance(tr("Stop &below"), "tolerance",
                               tr("Stop when the loss fell by less than this share of itself in ten iterations (tol)"));
    addRow(tr("&Time limit"), m_timeLimit, "time-limit", tr("Stop after so many seconds of solving"));
    form->addRow(m_more);
    m_gradient = addTolerance(tr("Gradient"), "tol-kkt",
                              tr("Stop when the projected gradient, components balanced, is at most this share of that "
                                 "at the start; looked at every ten iterations"));
    m_step = addTolerance(tr("Step"), "tol-step",
                          tr("Stop when an iteration changes neither factor by more than this share of its norm"));
    addRow(tr("Same labels"), m_connectivity, "connectivity",
           tr("Stop when the strongest component of every sample was the same at so many looks, ten iterations apart "
              "(Brunet et al. 2004: 40)"));
    addRow(tr("Hold out"), m_heldOut, "held-out",
           tr("Keep this share of the entries from the fit and tell how well they are predicted"));
    addRow(tr("Drawn by seed"), m_heldOutSeed, "held-out-seed",
           tr("Which entries are held out: another number draws others"));
    addRow(tr("Patience"), m_patience, "patience",
           tr("Stop when so many looks at the held-out entries, five iterations apart, brought nothing, and go back to "
              "the factors that predicted them best"));
    form->addRow(m_fault);
    form->addRow(m_mends);
    m_fault->hide();
    m_mends->setObjectName("stopping-mends");
    connect(m_mends, &FaultList::chosen, this, &StoppingFields::takeMended);
    for (QSpinBox* box : {m_iterations, m_connectivity, m_heldOutSeed, m_patience})
        connect(box, &QSpinBox::valueChanged, this, &StoppingFields::apply);
    for (QDoubleSpinBox* box : {m_timeLimit, m_heldOut})
        connect(box, &QDoubleSpinBox::valueChanged, this, &StoppingFields::apply);
    for (QComboBox* box : {m_tolerance, m_gradient, m_step})
        connect(box, &QComboBox::activated, this, &StoppingFields::apply);
    connect(m_more, &QToolButton::toggled, this, &StoppingFields::unfold);
    connect(&study, &Study::optionsChanged, this, &StoppingFields::showOptions);
    unfold(false);
    showOptions();
}

void StoppingFields::addRow(const QString& title, QWidget* field, const char* id, const QString& help)
{
    field->setObjectName(id);
    field->setAccessibleName(QString(title).remove('&'));
    field->setToolTip(help);
    if (auto* box = qobject_cast<QAbstractSpinBox*>(field))
        box->setKeyboardTracking(false);
    m_form->addRow(title, field);
    m_form->labelForField(field)->setToolTip(help);
    m_fields.push_back(field);
}

QComboBox* StoppingFields::addTolerance(const QString& title, const char* id, const QString& help)
{
    auto* box = new QComboBox;
    for (const char* value : {"0", "1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"})
        box->addItem(value[0] == '0' ? tr("never") : QString(value), QString(value).toDouble());
    addRow(title, box, id, help);
    return box;
}

void StoppingFields::unfold(bool open)
{
    m_more->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    for (QWidget* field :
         std::initializer_list<QWidget*>{m_gradient, m_step, m_connectivity, m_heldOut, m_heldOutSeed, m_patience})
        m_form->setRowVisible(field, open);
}

void StoppingFields::showOptions()
{
    const Options& options = m_study.options();
    // What is entered but not yet in force is left as it is, and comes into force when it can.
    if (m_waits && sameRules(options, m_shown)) {
        apply();
        return;
    }
    m_waits = false;
    m_shown = options;
    m_fault->hide();
    m_mends->setFaults({});
    const QSignalBlocker quiet[] = {QSignalBlocker(m_iterations),   QSignalBlocker(m_timeLimit),
                                    QSignalBlocker(m_connectivity), QSignalBlocker(m_heldOut),
                                    QSignalBlocker(m_heldOutSeed),  QSignalBlocker(m_patience)};
    m_iterations->setValue(options.maxIterations);
    showTolerance(m_tolerance, options.tolerance);
    m_timeLimit->setValue(options.timeLimit);
    showTolerance(m_gradient, options.kktTolerance);
    showTolerance(m_step, options.stepTolerance);
    m_connectivity->setValue(options.connectivityLooks);
    m_heldOut->setValue(100 * options.heldOut);
    m_heldOutSeed->setValue(static_cast<int>(
        std::min<std::uint64_t>(options.heldOutSeed, static_cast<std::uint64_t>(std::numeric_limits<int>::max()))));
    m_patience->setValue(options.patience);
    if (options.kktTolerance > 0 || options.stepTolerance > 0 || options.connectivityLooks > 0 || options.heldOut > 0)
        m_more->setChecked(true);
}

Options StoppingFields::entered() const
{
    Options options = m_study.options();
    options.maxIterations = m_iterations->value();
    options.tolerance = m_tolerance->currentData().toDouble();
    options.timeLimit = m_timeLimit->value();
    options.kktTolerance = m_gradient->currentData().toDouble();
    options.stepTolerance = m_step->currentData().toDouble();
    options.connectivityLooks = m_connectivity->value();
    options.heldOut = m_heldOut->value() / 100;
    options.heldOutSeed = static_cast<std::uint64_t>(m_heldOutSeed->value());
    options.patience = m_patience->value();
    return options;
}

void StoppingFields::takeMended(const Mend& mend)
{
    Options options = entered();
    mend.apply(options);
    m_waits = false;
    m_study.setOptions(options);
}

void StoppingFields::apply()
{
    Options options = entered();
    if (m_study.dataset())
        options.algorithm = suitedAlgorithm(options, isWeighted(options, *m_study.dataset()));
    QString said = newFault(options, m_study);
    m_waits = !said.isEmpty();
    if (!m_waits) {
        if (options.algorithm != m_study.options().algorithm)
            said = tr("The algorithm is %1 now, which serves this.")
                       .arg(QString::fromStdString(nmf::find(algorithms(), options.algorithm.id)->facts.name));
        m_study.setOptions(options);
    }
    m_fault->setText(said);
    m_fault->setVisible(!said.isEmpty());
    m_mends->setFaults({});
    if (!m_waits)
        return;
    const std::vector<Fault> faults = faultsOf(options, *m_study.dataset(), m_study.dataFacts());
    if (!faults.empty())
        m_mends->setMends(faults.front().mends);
}

} // namespace nmf::ui
