#pragma once

#include <QDoubleSpinBox>

namespace nmf::ui
{

/// A number from 0 up whose size is not known beforehand: shown with the digits that it has, 0 as "none", and stepped
/// through 1, 2, 5, 10 and so on.
class WeightBox : public QDoubleSpinBox
{
    Q_OBJECT

public:
    explicit WeightBox(double largest, QWidget* parent = nullptr);

    QString textFromValue(double value) const override;
    double valueFromText(const QString& text) const override;
    QValidator::State validate(QString& text, int& position) const override;
    void stepBy(int steps) override;

protected:
    StepEnabled stepEnabled() const override;
};

} // namespace nmf::ui
