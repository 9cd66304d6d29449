#pragma once

#include "core/side.h"
#include "ui/model/component_edits.h"
#include "ui/model/study.h"

#include <QTimer>
#include <QUndoStack>

#include <functional>

namespace nmf::ui
{

/// What a person does to the components of what is shown: computed off the window's thread, gone on from, undone and
/// redone. Undoing an edit takes up the run where it was before.
class ComponentEditor : public QObject
{
    Q_OBJECT

public:
    explicit ComponentEditor(Study& study, QObject* parent = nullptr);

    QUndoStack& stack() { return m_stack; }
    bool busy() const { return m_worker.busy(); }
    /// Takes back what was done last, or does it again; a change of the model counts although it was just made.
    void undo();
    void redo();
    /// Changes of the model that were made so far are one step, and those to come another.
    void settle();
    /// The options of what is shown: what is locked there.
    const Options& optionsShown() const;
    bool isLocked(Side side, Index component) const;
    /// By how much a component that is held softly may move; 0 if it is not.
    double softShare(Side side, Index component) const;

    void remove(Index component);
    void duplicate(Index component);
    void merge(Index first, Index second);
    void split(Index component);
    void beginFromWorst(Index component);
    void beginFromSample(Index component, Index sample);
    /// From what the others leave within some features.
    void beginFromRegion(Index component, const std::vector<Index>& region);
    void setLocked(Side side, Index component, bool locked);
    /// Lets its entries move by at most this share of what they are; 0: by as much as they will.
    void setSoft(Side side, Index component, double share);
    /// Gives pixels of a basis image a value, which they keep until they are released.
    void paint(Index component, const std::vector<PaintedEntry>& entries);
    void release(Index component);

    void rename(Index component, const QString& name);
    /// An invalid colour takes it away.
    void recolor(Index component, const QString& color);
    /// Moves a component so many places on in the order of the views.
    void move(Index component, int places);
    /// The same to wherever it is in an order of all.
    void arrange(Index component, const std::vector<Index>& order);
    void orderByEnergy();

signals:
    void refused(const QString& sentence);
    /// What was done besides.
    void told(const QString& sentence);
    void busyChanged();

private:
    using Edit = std::function<ComponentEdit(const std::shared_ptr<const Dataset>&, const Options&,
                                             const Factors<double>&, const std::stop_token&)>;
    using Change = std::function<void(Options&)>;

    /// Makes an edit of what is shown, and changes the options with which the run goes on.
    void perform(const QString& what, Edit edit, Change change = {});
    void relabel(const QString& what, ComponentLabels labels);
    void noteOptions();

    Study& m_study;
    Options m_settled;                ///< as they were when nothing was about to change
    std::optional<RunPlace> m_before; ///< where the run was then
    bool m_beganAnew = false;         ///< a change since has begun another run
    QTimer m_settling;
    QUndoStack m_stack; ///< when it goes, it tells that it is empty
    Worker m_worker;    // last: joined before anything its job uses is gone
};

} // namespace nmf::ui
