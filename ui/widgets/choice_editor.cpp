#include "ui/widgets/choice_editor.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace nmf::ui
{

ChoiceEditor::ChoiceEditor(const QString& name, std::vector<Facts> entries, Parameters where, QWidget* parent)
    : QWidget(parent), m_entries(std::move(entries)), m_box(new QComboBox(this)), m_parameters(new QFormLayout)
{
    if (where == Parameters::Aside) {
        placeAside(name);
    } else {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins({});
        layout->addWidget(m_box);
        layout->addLayout(m_parameters);
        m_parameters->setContentsMargins({});
    }
    m_box->setAccessibleName(name);
    for (const Facts& facts : m_entries) {
        m_box->addItem(QString::fromStdString(facts.name), QString::fromStdString(facts.id));
        const QString source =
            facts.source.empty() ? QString() : QStringLiteral("\n") + QString::fromStdString(facts.source);
        m_box->setItemData(m_box->count() - 1, QString::fromStdString(facts.summary) + source, Qt::ToolTipRole);
    }
    // One long name must not push the rest of a tool bar out of sight; the list shows it whole.
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setMinimumContentsLength(13);
    m_box->view()->setMinimumWidth(m_box->view()->sizeHintForColumn(0) + 24);
    connect(m_box, &QComboBox::activated, this, &ChoiceEditor::select);
}

void ChoiceEditor::placeAside(const QString& name)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    layout->addWidget(m_box);
    m_more = new QToolButton(this);
    m_more->setText(QStringLiteral("…"));
    m_more->setAutoRaise(true);
    m_more->setMaximumWidth(20);
    m_more->setAccessibleName(tr("Parameters: %1").arg(name));
    m_more->setToolTip(tr("Parameters of what is chosen"));
    layout->addWidget(m_more);
    m_aside = new QFrame(this, Qt::Popup);
    m_aside->setFrameShape(QFrame::StyledPanel);
    m_aside->setLayout(m_parameters);
    connect(m_more, &QToolButton::clicked, this, &ChoiceEditor::openAside);
}

void ChoiceEditor::openAside()
{
    m_aside->adjustSize();
    m_aside->move(m_more->mapToGlobal(QPoint(m_more->width() - m_aside->width(), m_more->height())));
    m_aside->show();
    m_aside->setFocus();
}

void ChoiceEditor::setChoice(const Choice& choice)
{
    const QSignalBlocker quiet(m_box);
    const bool otherEntry = choice.id != m_choice.id;
    m_choice = choice;
    const int index =
        standsInstead() ? static_cast<int>(m_entries.size()) : m_box->findData(QString::fromStdString(choice.id));
    m_box->setCurrentIndex(index);
    m_box->setToolTip(m_box->itemData(index, Qt::ToolTipRole).toString());
    if (otherEntry)
        showParameters();
}

bool ChoiceEditor::standsInstead() const
{
    return m_box->count() > static_cast<int>(m_entries.size());
}

void ChoiceEditor::setInstead(const QString& what, const QString& help)
{
    const QSignalBlocker quiet(m_box);
    const int last = static_cast<int>(m_entries.size());
    if (standsInstead())
        m_box->removeItem(last);
    if (!what.isEmpty()) {
        m_box->addItem(what);
        m_box->setItemData(last, help, Qt::ToolTipRole);
    }
    if (m_more)
        m_more->setVisible(what.isEmpty());
    setChoice(m_choice);
}

void ChoiceEditor::select(int index)
{
    const bool isChoice = index < static_cast<int>(m_entries.size());
    if (!isChoice || (!standsInstead() && m_choice.id == m_entries[static_cast<std::size_t>(index)].id))
        return;
    setChoice({m_entries[static_cast<std::size_t>(index)].id, {}});
    emit chosen(m_choice);
}

void ChoiceEditor::showParameters()
{
    while (m_parameters->rowCount() > 0)
        m_parameters->removeRow(0);
    const int index = m_box->findData(QString::fromStdString(m_choice.id));
    if (index < 0)
        return;
    const Facts& facts = m_entries[static_cast<std::size_t>(index)];
    if (m_more)
        m_more->setEnabled(!facts.parameters.empty());
    for (const Parameter& parameter : facts.parameters) {
        QWidget* field = fieldFor(facts, parameter);
        field->setToolTip(QString::fromStdString(parameter.help));
        m_parameters->addRow(QString::fromStdString(parameter.name), field);
        if (!m_aside)
            continue;
        auto* help = new QLabel(QString::fromStdString(parameter.help));
        help->setWordWrap(true);
        help->setMinimumWidth(260);
        help->setForegroundRole(QPalette::PlaceholderText);
        m_parameters->addRow(help);
    }
}

QWidget* ChoiceEditor::fieldFor(const Facts& facts, const Parameter& parameter)
{
    const double value = valueOf(facts, m_choice.values, parameter.id);
    if (parameter.whole && parameter.minimum == 0 && parameter.maximum == 1) {
        auto* box = new QCheckBox;
        box->setChecked(value == 1);
        box->setAccessibleName(QString::fromStdString(parameter.name));
        connect(box, &QCheckBox::toggled, this,
                [this, id = parameter.id](bool checked) { setValue(id, checked ? 1 : 0); });
        return box;
    }
    auto* box = new QDoubleSpinBox;
    box->setRange(parameter.minimum, parameter.maximum);
    box->setDecimals(parameter.whole ? 0 : 4);
    box->setValue(value);
    box->setKeyboardTracking(false);
    box->setAccessibleName(QString::fromStdString(parameter.name));
    connect(box, &QDoubleSpinBox::valueChanged, this,
            [this, id = parameter.id](double changed) { setValue(id, changed); });
    return box;
}

void ChoiceEditor::setValue(const std::string& parameter, double value)
{
    m_choice.values[parameter] = value;
    emit chosen(m_choice);
}

} // namespace nmf::ui
