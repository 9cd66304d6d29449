#pragma once

#include "ui/model/study.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QWidget>

#include <vector>

namespace nmf::ui
{

/// The run in numbers: iteration, speed, errors, sparseness; and, when it has ended, why, in words.
class FactsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FactsPanel(Study& study, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* addFact(const QString& name, const QString& id, const QString& help);
    /// Has a row only where there is something to tell.
    void showIf(bool told, QLabel* value, const QString& text);
    void showObjective(const Snapshot& snapshot);
    QWidget* titleOf(QLabel* value) const;
    /// Offers to go on where a limit has ended a run too early.
    void showNextStep();
    /// Keeps room for what is written later.
    void reserve();
    void draw();

    Study& m_study;
    QGridLayout* m_grid;
    QLabel *m_iteration, *m_speed, *m_objective, *m_relativeError, *m_explained, *m_sparsenessW, *m_sparsenessH,
        *m_alive, *m_heldOut;
    QLabel* m_end;
    QPushButton* m_continue = nullptr;
    int m_more = 0; ///< iterations that it offers
};

} // namespace nmf::ui
