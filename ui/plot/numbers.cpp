#include "ui/plot/numbers.h"

#include <QCoreApplication>

#include <cmath>

namespace nmf::ui
{

QString shortNumber(double value)
{
    if (std::isnan(value))
        return QCoreApplication::translate("Number", "unknown");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return QString::number(value, 'g', 5).replace('-', QStringLiteral("−"));
}

} // namespace nmf::ui
