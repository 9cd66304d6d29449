#include "ui/views/montage_controls.h"

#include "ui/model/settings.h"

#include <QFormLayout>
#include <QLabel>

#include <algorithm>

namespace nmf::ui
{

namespace
{

int remembered(const QString& key, int otherwise)
{
    return Settings().text(key, QString::number(otherwise)).toInt();
}

} // namespace

MontageControls::MontageControls(QWidget* parent)
    : QToolButton(parent), m_form(new QFrame(this, Qt::Popup)), m_order(new QComboBox), m_caption(new QComboBox),
      m_gap(new QSpinBox), m_columns(new QSpinBox)
{
    setObjectName("basis-arrange");
    setText(tr("Arrange"));
    setToolTip(tr("Order, captions, gap and columns of the parts"));
    setAutoRaise(true);
    m_form->setObjectName("montage-form");
    m_form->setFrameShape(QFrame::StyledPanel);
    m_form->setLayout(new QFormLayout);
    m_order->addItems({tr("Largest share first"), tr("Sparsest first"), tr("Alike beside each other")});
    m_caption->addItems({tr("Share of the fit"), tr("Sparseness"), tr("Support")});
    m_gap->setRange(0, 60);
    m_gap->setSuffix(tr(" px"));
    m_columns->setRange(0, 200);
    m_columns->setSpecialValueText(tr("as suits"));
    addRow(
        tr("&Order"), m_order, "montage-order",
        tr("Alike: begins with the largest part, and goes on with the one whose picture is most like the last. While "
           "a run goes on the parts stay where they are"));
    addRow(tr("&Captions"), m_caption, "montage-caption",
           tr("Share: ‖w‖‖h‖ over the sum of all. Sparseness: Hoyer's measure, 1 for one entry, 0 for equal entries. "
              "Support: how many entries are not zero"));
    addRow(tr("&Gap"), m_gap, "montage-tile-gap", tr("Pixels between the parts"));
    addRow(tr("Co&lumns"), m_columns, "montage-tile-columns", tr("Parts side by side"));
    m_order->setCurrentIndex(std::clamp(remembered("basis/order", 0), 0, m_order->count() - 1));
    m_caption->setCurrentIndex(std::clamp(remembered("basis/caption", 0), 0, m_caption->count() - 1));
    m_gap->setValue(remembered("basis/gap", 8));
    m_columns->setValue(remembered("basis/columns", 0));
    connect(this, &QToolButton::clicked, this, &MontageControls::open);
    for (QComboBox* box : {m_order, m_caption})
        connect(box, &QComboBox::currentIndexChanged, this, &MontageControls::keep);
    for (QSpinBox* box : {m_gap, m_columns})
        connect(box, &QSpinBox::valueChanged, this, &MontageControls::keep);
}

void MontageControls::addRow(const QString& title, QWidget* field, const QString& id, const QString& help)
{
    field->setObjectName(id);
    field->setAccessibleName(QString(title).remove('&'));
    field->setToolTip(help);
    auto* form = static_cast<QFormLayout*>(m_form->layout());
    form->addRow(title, field);
    form->labelForField(field)->setToolTip(help);
}

void MontageControls::open()
{
    m_form->adjustSize();
    m_form->move(mapToGlobal(QPoint(width() - m_form->width(), height())));
    m_form->show();
    m_order->setFocus();
}

void MontageControls::keep()
{
    Settings settings;
    settings.setText("basis/order", QString::number(m_order->currentIndex()));
    settings.setText("basis/caption", QString::number(m_caption->currentIndex()));
    settings.setText("basis/gap", QString::number(m_gap->value()));
    settings.setText("basis/columns", QString::number(m_columns->value()));
    emit changed();
}

} // namespace nmf::ui
