#pragma once

#include "core/choice.h"

#include <QComboBox>
#include <QFormLayout>
#include <QFrame>
#include <QToolButton>
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
    /// Where the parameters of the chosen entry stand.
    enum class Parameters {
        Below, ///< always in sight
        Aside  ///< behind a button, for those that few people change
    };

    /// `name` is what is chosen, for those who hear the window: "Algorithm".
    ChoiceEditor(const QString& name, std::vector<Facts> entries, Parameters where = Parameters::Below,
                 QWidget* parent = nullptr);

    const Choice& choice() const { return m_choice; }
    /// Shows a choice; does not emit.
    void setChoice(const Choice& choice);
    /// Shows that something else stands in the place of a choice, until one is made; empty: the choice holds.
    void setInstead(const QString& what, const QString& help = {});

signals:
    void chosen(const nmf::Choice& choice);

private:
    void select(int index);
    void showParameters();
    void placeAside(const QString& name);
    void openAside();
    QWidget* fieldFor(const Facts& facts, const Parameter& parameter);
    void setValue(const std::string& parameter, double value);

    bool standsInstead() const;

    std::vector<Facts> m_entries;
    Choice m_choice;
    QComboBox* m_box;
    QFormLayout* m_parameters;
    QToolButton* m_more = nullptr; ///< opens the parameters, if they stand aside
    QFrame* m_aside = nullptr;
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
