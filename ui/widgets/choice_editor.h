#pragma once

#include "core/choice.h"

#include <QComboBox>
#include <QFormLayout>
#include <QWidget>

#include <vector>

namespace nmf::ui
{

/// Chooses one entry of a table and sets its parameters. Built from the entries' facts alone, so a new plug-in appears
/// by itself.
class ChoiceEditor : public QWidget
{
    Q_OBJECT

public:
    /// `name` is what is chosen, for those who hear the window: "Algorithm".
    ChoiceEditor(const QString& name, std::vector<Facts> entries, QWidget* parent = nullptr);

    const Choice& choice() const { return m_choice; }
    /// Shows a choice; does not emit.
    void setChoice(const Choice& choice);

signals:
    void chosen(const nmf::Choice& choice);

private:
    void select(int index);
    void showParameters();

    std::vector<Facts> m_entries;
    Choice m_choice;
    QComboBox* m_box;
    QFormLayout* m_parameters;
};

/// The facts of all entries of a table.
template <class Table>
std::vector<Facts> factsOfAll(const Table& table)
{
    std::vector<Facts> facts;
    for (const auto& entry : table)
        facts.push_back(entry.facts);
    return facts;
}

} // namespace nmf::ui
