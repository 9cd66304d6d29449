#pragma once

#include "ui/model/study.h"
#include "ui/panels/fault_list.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QObject>
#include <QSpinBox>
#include <QToolButton>

#include <vector>

namespace nmf::ui
{

/// The rows of a form that say when a run ends. The rarer rules are folded away until one of them is in force, or asked
/// for.
class StoppingFields : public QObject
{
    Q_OBJECT

public:
    StoppingFields(Study& study, QFormLayout* form, QObject* parent);

    /// Those that a turned wheel must pass by.
    const std::vector<QWidget*>& fields() const { return m_fields; }

private:
    QComboBox* addTolerance(const QString& title, const char* id, const QString& help);
    void addRow(const QString& title, QWidget* field, const char* id, const QString& help);
    void unfold(bool open);
    void showOptions();
    void apply();
    /// The study's options with what is entered, whether it is in force or not.
    Options entered() const;
    void takeMended(const Mend& mend);

    Study& m_study;
    QFormLayout* m_form;
    std::vector<QWidget*> m_fields;
    QSpinBox* m_iterations;
    QComboBox* m_tolerance;
    QDoubleSpinBox* m_timeLimit;
    QToolButton* m_more;
    QComboBox *m_gradient, *m_step;
    QSpinBox* m_connectivity;
    QDoubleSpinBox* m_heldOut;
    QSpinBox *m_heldOutSeed, *m_patience;
    QLabel* m_fault;
    FaultList* m_mends;
    Options m_shown;      ///< whose rules the fields show
    bool m_waits = false; ///< what is entered cannot be yet
};

} // namespace nmf::ui
