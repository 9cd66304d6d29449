#include "ui/widgets/choice_editor.h"

#include <QAbstractItemView>
#include <QDoubleSpinBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace nmf::ui
{

ChoiceEditor::ChoiceEditor(const QString& name, std::vector<Facts> entries, QWidget* parent)
    : QWidget(parent), m_entries(std::move(entries)), m_box(new QComboBox(this)), m_parameters(new QFormLayout)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_box);
    layout->addLayout(m_parameters);
    m_parameters->setContentsMargins({});
    m_box->setAccessibleName(name);
    for (const Facts& facts : m_entries) {
        m_box->addItem(QString::fromStdString(facts.name), QString::fromStdString(facts.id));
        const QString source =
            facts.source.empty() ? QString() : QStringLiteral("\n") + QString::fromStdString(facts.source);
        m_box->setItemData(m_box->count() - 1, QString::fromStdString(facts.summary) + source, Qt::ToolTipRole);
    }
    // One long name must not push the rest of a tool bar out of sight; the list shows it whole.
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setMinimumContentsLength(16);
    m_box->view()->setMinimumWidth(m_box->view()->sizeHintForColumn(0) + 24);
    connect(m_box, &QComboBox::activated, this, &ChoiceEditor::select);
}

void ChoiceEditor::setChoice(const Choice& choice)
{
    const QSignalBlocker quiet(m_box);
    const bool otherEntry = choice.id != m_choice.id;
    m_choice = choice;
    const int index = m_box->findData(QString::fromStdString(choice.id));
    m_box->setCurrentIndex(index);
    m_box->setToolTip(m_box->itemData(index, Qt::ToolTipRole).toString());
    if (otherEntry)
        showParameters();
}

void ChoiceEditor::select(int index)
{
    if (m_choice.id == m_entries[static_cast<std::size_t>(index)].id)
        return;
    setChoice({m_entries[static_cast<std::size_t>(index)].id, {}});
    emit chosen(m_choice);
}

void ChoiceEditor::showParameters()
{
    while (m_parameters->rowCount() > 0)
        m_parameters->removeRow(0);
    const int index = m_box->currentIndex();
    if (index < 0)
        return;
    const Facts& facts = m_entries[static_cast<std::size_t>(index)];
    for (const Parameter& parameter : facts.parameters) {
        auto* box = new QDoubleSpinBox;
        box->setRange(parameter.minimum, parameter.maximum);
        box->setDecimals(parameter.whole ? 0 : 4);
        box->setValue(valueOf(facts, m_choice.values, parameter.id));
        box->setToolTip(QString::fromStdString(parameter.help));
        box->setKeyboardTracking(false);
        connect(box, &QDoubleSpinBox::valueChanged, this, [this, id = parameter.id](double value) {
            m_choice.values[id] = value;
            emit chosen(m_choice);
        });
        m_parameters->addRow(QString::fromStdString(parameter.name), box);
    }
}

} // namespace nmf::ui
