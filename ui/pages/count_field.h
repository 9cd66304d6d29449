#pragma once

#include <QBoxLayout>
#include <QSpinBox>

namespace nmf::ui
{

/// Adds a box for a count from 1 to `most` to a row of fields, behind its label.
QSpinBox* addCount(QBoxLayout& row, const QString& label, const QString& id, int most, const QString& help);

} // namespace nmf::ui
