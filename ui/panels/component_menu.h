#pragma once

#include "ui/model/component_editor.h"
#include "ui/model/selection.h"
#include "ui/plot/tile_area.h"

#include <QAction>
#include <QMenu>

namespace nmf::ui
{

/// What can be done to the selected component: the menu "Component", which galleries of components show as their
/// context menu too.
class ComponentMenu : public QObject
{
    Q_OBJECT

public:
    ComponentMenu(Study& study, Selection& selection, ComponentEditor& editor, QWidget* window);

    QMenu* menu() const { return m_menu; }
    QAction* undo;
    QAction* redo;
    /// Shows the menu where the user asks for it in a gallery.
    void serve(TileArea* gallery);

private:
    QAction* add(QMenu* menu, const QString& id, const QString& text, const QString& tip, void (ComponentMenu::*act)());
    void makeUndo(QWidget* window);
    void makeLocks();
    QMenu* makeSoftLocks(Side side);
    void markSoftLock(const QMenu& menu, Side side) const;
    void makeLabels();
    void makeEdits();
    void makeStarts();
    void fillColors();
    void fillPartners();
    void showSense();
    Index component() const { return m_selection.component(); }

    void rename();
    void chooseColor();
    void moveLeft() { m_editor.move(component(), -1); }
    void moveRight() { m_editor.move(component(), 1); }
    void orderByEnergy() { m_editor.orderByEnergy(); }
    void duplicate() { m_editor.duplicate(component()); }
    void split() { m_editor.split(component()); }
    void remove() { m_editor.remove(component()); }
    void beginFromWorst() { m_editor.beginFromWorst(component()); }
    void beginFromSample() { m_editor.beginFromSample(component(), m_selection.sample()); }
    void beginFromRegion();
    void toggleBasis();
    void toggleCoefficients();
    void paint();
    void release() { m_editor.release(component()); }

    Study& m_study;
    Selection& m_selection;
    ComponentEditor& m_editor;
    QWidget* m_window;
    std::uint64_t m_run = 0; ///< that is shown
    QMenu* m_menu;
    QMenu *m_softW = nullptr, *m_softH = nullptr;
    QMenu *m_colors = nullptr, *m_partners = nullptr, *m_anew = nullptr;
    QAction *m_lockW = nullptr, *m_lockH = nullptr, *m_fromSample = nullptr, *m_paint = nullptr, *m_release = nullptr;
    QAction *m_delete = nullptr, *m_split = nullptr, *m_byEnergy = nullptr, *m_fromRegion = nullptr;
};

} // namespace nmf::ui
