#pragma once

#include "ui/model/study.h"

#include <QUndoCommand>

namespace nmf::ui
{

/// Begins a run with changed factors or locks; taken back, the run is where it was.
class EditCommand : public QUndoCommand
{
public:
    EditCommand(Study& study, const QString& what, RunPlace before, Options after, ComponentLabels labels);

    void redo() override;
    void undo() override;

private:
    Study& m_study;
    RunPlace m_before;
    Options m_after;
    ComponentLabels m_labels;
};

/// Gives the components of a run other names, colours, or another order.
class LabelCommand : public QUndoCommand
{
public:
    LabelCommand(Study& study, const QString& what, ComponentLabels after);

    void redo() override;
    void undo() override;

private:
    std::uint64_t run() const;

    Study& m_study;
    std::uint64_t m_run; ///< 0: the present one, which after other edits are taken back has another number
    ComponentLabels m_before, m_after;
};

/// A change of the model that was made already.
class OptionsCommand : public QUndoCommand
{
public:
    /// `place`: where the run was before, if the change has begun another one.
    OptionsCommand(Study& study, Options before, Options after, std::optional<RunPlace> place);

    void redo() override;
    void undo() override;

private:
    Study& m_study;
    Options m_before, m_after;
    std::optional<RunPlace> m_place;
    bool m_made = true;
};

/// Lets a run go on if the present one does.
void takeBack(Study& study, const RunPlace& place);

} // namespace nmf::ui
