#pragma once

#include "core/terms.h"
#include "ui/model/study.h"
#include "ui/panels/fault_list.h"
#include "ui/widgets/weight_box.h"

#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QToolButton>
#include <QWidget>

namespace nmf::ui
{

/// The rest of the model's options: the objective in words, what is asked of the factors, when to stop, precision,
/// threads.
class OptionsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit OptionsPanel(Study& study, QWidget* parent = nullptr);

private:
    /// A line for each demand, with a field for W and one for H or one for both.
    QLayout* termGrid();
    WeightBox* boxOf(const Term& term);
    /// Asks for L1 and L2 as scikit-learn has them.
    void askElasticNet();
    void showOptions();
    void apply();
    /// Puts penalties and constraints in force, if all that is entered so far makes sense together; else says what is
    /// missing. An algorithm that does not serve them gives way.
    void applyTerms();
    /// The study's options with what is entered, whether it is in force or not.
    Options entered() const;
    /// Puts what a mend makes of what is entered in force.
    void takeMended(const Mend& mend);

    Study& m_study;
    QLabel *m_formula, *m_termsFault;
    FaultList* m_faults;             ///< of the options that are in force
    FaultList* m_termsMends;         ///< of those that wait
    std::vector<WeightBox*> m_terms; ///< in the order of terms()
    Options m_shownTerms;            ///< what they ask for
    bool m_termsWait = false;        ///< what is entered cannot be yet
    QComboBox *m_unstored, *m_precision;
    QSpinBox* m_threads;
    QToolButton* m_elasticNet;
};

} // namespace nmf::ui
