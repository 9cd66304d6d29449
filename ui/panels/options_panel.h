#pragma once

#include "ui/model/study.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QWidget>

namespace nmf::ui
{

/// The rest of the model's options: the objective in words, when to stop, precision, threads.
class OptionsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit OptionsPanel(Study& study, QWidget* parent = nullptr);

private:
    void showOptions();
    void apply();

    Study& m_study;
    QLabel* m_formula;
    QSpinBox* m_iterations;
    QComboBox* m_tolerance;
    QDoubleSpinBox* m_timeLimit;
    QComboBox* m_precision;
    QSpinBox* m_threads;
};

} // namespace nmf::ui
