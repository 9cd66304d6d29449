#include "ui/pages/count_field.h"

#include <QLabel>

namespace nmf::ui
{

QSpinBox* addCount(QBoxLayout& row, const QString& label, const QString& id, int most, const QString& help)
{
    auto* title = new QLabel(label);
    auto* field = new QSpinBox;
    field->setObjectName(id);
    field->setRange(1, most);
    field->setKeyboardTracking(false);
    field->setAccessibleName(label);
    field->setToolTip(help);
    title->setBuddy(field);
    row.addWidget(title);
    row.addWidget(field);
    return field;
}

} // namespace nmf::ui
