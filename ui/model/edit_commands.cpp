#include "ui/model/edit_commands.h"

#include <utility>

namespace nmf::ui
{

void takeBack(Study& study, const RunPlace& place)
{
    const bool goesOn = study.phase() == Study::Phase::Running;
    study.adopt(place);
    if (goesOn && study.phase() == Study::Phase::Paused)
        study.run();
}

EditCommand::EditCommand(Study& study, const QString& what, RunPlace before, Options after, ComponentLabels labels)
    : QUndoCommand(what), m_study(study), m_before(std::move(before)), m_after(std::move(after)),
      m_labels(std::move(labels))
{
}

void EditCommand::redo()
{
    // When to end is as it is chosen now.
    Options options = m_after;
    takeRules(options, m_study.options());
    m_study.beginWith(options, m_labels);
}

void EditCommand::undo()
{
    takeBack(m_study, m_before);
}

LabelCommand::LabelCommand(Study& study, const QString& what, ComponentLabels after)
    : QUndoCommand(what), m_study(study),
      m_run(study.shown()->run == study.runs().back().number ? 0 : study.shown()->run), m_before(study.labels()),
      m_after(std::move(after))
{
}

std::uint64_t LabelCommand::run() const
{
    return m_run > 0 || m_study.runs().empty() ? m_run : m_study.runs().back().number;
}

void LabelCommand::redo()
{
    m_study.setLabels(run(), m_after);
}

void LabelCommand::undo()
{
    m_study.setLabels(run(), m_before);
}

OptionsCommand::OptionsCommand(Study& study, Options before, Options after, std::optional<RunPlace> place)
    : QUndoCommand(QObject::tr("change of the model")), m_study(study), m_before(std::move(before)),
      m_after(std::move(after)), m_place(std::move(place))
{
}

void OptionsCommand::redo()
{
    if (!std::exchange(m_made, false))
        m_study.setOptions(m_after);
}

void OptionsCommand::undo()
{
    if (m_place)
        takeBack(m_study, *m_place);
    m_study.setOptions(m_before);
}

} // namespace nmf::ui
