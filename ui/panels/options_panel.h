#pragma once

#include "ui/model/study.h"
#include "ui/widgets/weight_box.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QWidget>

namespace nmf::ui
{

/// The rest of the model's options: the objective in words, its penalties, when to stop, precision, threads.
class OptionsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit OptionsPanel(Study& study, QWidget* parent = nullptr);

private:
    QLayout* penaltyRow(const std::string& kind);
    void showOptions();
    void apply();
    /// Puts the penalties in force, if all that is entered so far makes sense together; else says what is missing.
    void applyPenalties();
    void rememberPenalties() const;
    void recallPenalties();

    Study& m_study;
    QLabel *m_formula, *m_penaltyFault;
    std::vector<WeightBox*> m_penalties; ///< in the order of penaltyTerms()
    Penalty m_shownOnW = {}, m_shownOnH = {};
    QSpinBox* m_iterations;
    QComboBox* m_tolerance;
    QDoubleSpinBox* m_timeLimit;
    QComboBox* m_precision;
    QSpinBox* m_threads;
};

} // namespace nmf::ui
