#include "ui/widgets/weight_box.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf::ui
{

namespace
{

/// The smallest weight that a step leads to; from there down it is none.
constexpr int leastExponent = -6;
constexpr std::array<double, 3> mantissas{1, 2, 5};

/// 0 is none, then 1e-6, 2e-6, 5e-6, 1e-5 …
double rung(int index)
{
    if (index <= 0)
        return 0;
    const int exponent = leastExponent + (index - 1) / 3;
    const double mantissa = mantissas[static_cast<std::size_t>((index - 1) % 3)];
    return exponent < 0 ? mantissa / std::pow(10, -exponent) : mantissa * std::pow(10, exponent);
}

/// Where the arrows begin from none: a weight that can be noticed.
constexpr int firstRung = 1 + 3 * (-2 - leastExponent);
constexpr int lastRung = 1 + 3 * (12 - leastExponent);

} // namespace

WeightBox::WeightBox(double largest, QWidget* parent) : QDoubleSpinBox(parent)
{
    setDecimals(20);
    setRange(0, largest);
    setKeyboardTracking(false);
}

QString WeightBox::textFromValue(double value) const
{
    return value == 0 ? tr("none") : locale().toString(value, 'g', 6);
}

double WeightBox::valueFromText(const QString& text) const
{
    const QString trimmed = text.trimmed();
    return trimmed.isEmpty() || trimmed == tr("none") ? 0 : locale().toDouble(trimmed);
}

QValidator::State WeightBox::validate(QString& text, int&) const
{
    const QString trimmed = text.trimmed();
    if (trimmed == tr("none"))
        return QValidator::Acceptable;
    bool read = false;
    const double value = locale().toDouble(trimmed, &read);
    if (read && std::isfinite(value))
        return value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Invalid;
    const bool begun = std::all_of(trimmed.begin(), trimmed.end(), [this](QChar character) {
        return character.isDigit() || QString("eE+-").contains(character) || character == locale().decimalPoint() ||
               tr("none").contains(character);
    });
    return begun ? QValidator::Intermediate : QValidator::Invalid;
}

void WeightBox::stepBy(int steps)
{
    // A value between two rungs goes to the next one on its way.
    constexpr double nearly = 1e-9;
    double next = value();
    for (; steps > 0; --steps) {
        int index = next == 0 ? firstRung : 1;
        while (index < lastRung && rung(index) <= next * (1 + nearly))
            ++index;
        next = rung(index);
    }
    for (; steps < 0; ++steps) {
        int index = lastRung;
        while (index > 0 && rung(index) >= next * (1 - nearly))
            --index;
        next = rung(index);
    }
    setValue(std::min(next, maximum()));
    selectAll();
}

QAbstractSpinBox::StepEnabled WeightBox::stepEnabled() const
{
    return (value() > 0 ? StepDownEnabled : StepNone) | (value() < rung(lastRung) ? StepUpEnabled : StepNone);
}

} // namespace nmf::ui
