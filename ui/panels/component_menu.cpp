#include "ui/panels/component_menu.h"

#include "ui/panels/brush.h"
#include "ui/panels/region_dialog.h"

#include <QActionGroup>
#include <QColorDialog>
#include <QInputDialog>
#include <QPixmap>

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

/// Okabe and Ito 2008: told apart by colour-blind eyes, too.
struct NamedColor
{
    const char* name;
    const char* color;
};
constexpr NamedColor palette[] = {
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Orange"), "#e69f00"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Sky blue"), "#56b4e9"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Bluish green"), "#009e73"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Yellow"), "#f0e442"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Blue"), "#0072b2"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Vermilion"), "#d55e00"},
    {QT_TRANSLATE_NOOP("nmf::ui::ComponentMenu", "Reddish purple"), "#cc79a7"},
};

QIcon swatch(const QString& color)
{
    QPixmap picture(16, 16);
    picture.fill(QColor(color));
    return picture;
}

QString shown(const ComponentLabels& labels, Index component)
{
    const QString name = QString::fromStdString(componentName(labels, component));
    return hasName(labels, component) ? QStringLiteral("%1 · %2").arg(component + 1).arg(name) : name;
}

} // namespace

ComponentMenu::ComponentMenu(Study& study, Selection& selection, ComponentEditor& editor, QWidget* window)
    : QObject(window), undo(new QAction(tr("&Undo"), window)), redo(new QAction(tr("&Redo"), window)), m_study(study),
      m_selection(selection), m_editor(editor), m_window(window), m_menu(new QMenu(tr("&Component"), window))
{
    m_menu->setObjectName("component-menu");
    makeUndo(window);
    makeLocks();
    makeLabels();
    makeEdits();
    makeStarts();
    connect(m_menu, &QMenu::aboutToShow, this, &ComponentMenu::fillPartners);
    connect(m_menu, &QMenu::aboutToShow, this, &ComponentMenu::showSense);
    connect(&selection, &Selection::componentChanged, this, &ComponentMenu::showSense);
    connect(&selection, &Selection::sampleChanged, this, &ComponentMenu::showSense);
    connect(&editor, &ComponentEditor::busyChanged, this, &ComponentMenu::showSense);
    connect(&study, &Study::runsChanged, this, &ComponentMenu::showSense);
    connect(&study, &Study::phaseChanged, this, &ComponentMenu::showSense);
    connect(&study, &Study::labelsChanged, this, &ComponentMenu::showSense);
    connect(&study, &Study::shownChanged, this, [this] {
        // Of a run that goes on, what is locked stays the same.
        const std::uint64_t run = m_study.shown() ? m_study.shown()->run : 0;
        if (run != std::exchange(m_run, run))
            showSense();
    });
    showSense();
}

QAction* ComponentMenu::add(QMenu* menu, const QString& id, const QString& text, const QString& tip,
                            void (ComponentMenu::*act)())
{
    QAction* action = menu->addAction(text);
    action->setObjectName("component-" + id);
    action->setStatusTip(tip);
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, act);
    return action;
}

void ComponentMenu::makeUndo(QWidget* window)
{
    undo->setShortcut(QKeySequence("Ctrl+Z"));
    redo->setShortcut(QKeySequence("Ctrl+Shift+Z"));
    undo->setObjectName("undo");
    redo->setObjectName("redo");
    QUndoStack& stack = m_editor.stack();
    connect(undo, &QAction::triggered, &m_editor, &ComponentEditor::undo);
    connect(redo, &QAction::triggered, &m_editor, &ComponentEditor::redo);
    const auto name = [this, &stack] {
        undo->setEnabled(stack.canUndo());
        redo->setEnabled(stack.canRedo());
        undo->setText(stack.canUndo() ? tr("&Undo %1").arg(stack.undoText()) : tr("&Undo"));
        redo->setText(stack.canRedo() ? tr("&Redo %1").arg(stack.redoText()) : tr("&Redo"));
    };
    connect(&stack, &QUndoStack::indexChanged, this, name);
    window->addActions({undo, redo});
    name();
}

void ComponentMenu::makeLocks()
{
    m_lockW = add(m_menu, "lock-w", tr("&Lock basis"), tr("Its column of W stays as it is while the rest moves on"),
                  &ComponentMenu::toggleBasis);
    m_lockH = add(m_menu, "lock-h", tr("Lock c&oefficients"), tr("Its row of H stays as it is while the rest moves on"),
                  &ComponentMenu::toggleCoefficients);
    m_lockW->setCheckable(true);
    m_lockH->setCheckable(true);
    m_lockW->setShortcut(QKeySequence("L"));
    m_softW = makeSoftLocks(Side::Basis);
    m_softH = makeSoftLocks(Side::Coefficients);
    m_paint = add(m_menu, "paint", tr("&Paint…"), tr("Paint zeros or ones on its basis image, which then stay"),
                  &ComponentMenu::paint);
    m_release = add(m_menu, "release", tr("Relea&se what was painted"), tr("Painted pixels may move again"),
                    &ComponentMenu::release);
    m_menu->addSeparator();
}

QMenu* ComponentMenu::makeSoftLocks(Side side)
{
    const bool basis = side == Side::Basis;
    QMenu* menu = m_menu->addMenu(basis ? tr("Hold &basis softly") : tr("Hold coefficients softl&y"));
    menu->setObjectName(basis ? "component-soft-w" : "component-soft-h");
    auto* choice = new QActionGroup(menu);
    for (const double share : {0.0, 0.01, 0.05, 0.1, 0.25, 0.5}) {
        QAction* action =
            menu->addAction(share > 0 ? tr("May move by %1 %").arg(qRound(100 * share)) : tr("Moves freely"));
        action->setObjectName(QStringLiteral("%1-%2").arg(menu->objectName()).arg(qRound(100 * share)));
        action->setStatusTip(
            share > 0 ? tr("Until the next edit no entry moves by more than this share of what it is now; zeros stay")
                      : tr("Every entry moves as far as it will"));
        action->setToolTip(action->statusTip());
        action->setCheckable(true);
        action->setData(share);
        choice->addAction(action);
        connect(action, &QAction::triggered, this, [=, this] { m_editor.setSoft(side, component(), share); });
    }
    return menu;
}

void ComponentMenu::markSoftLock(const QMenu& menu, Side side) const
{
    const double share = component() < 0 ? 0 : m_editor.softShare(side, component());
    for (QAction* action : menu.actions())
        action->setChecked(action->data().toDouble() == share);
}

void ComponentMenu::makeLabels()
{
    add(m_menu, "rename", tr("&Rename…"), tr("Give it a name, which views and files then show"), &ComponentMenu::rename)
        ->setShortcut(QKeySequence("F2"));
    m_colors = m_menu->addMenu(tr("&Colour"));
    fillColors();
    add(m_menu, "left", tr("Move to the le&ft"), tr("Put it before its neighbour in all views"),
        &ComponentMenu::moveLeft)
        ->setShortcut(QKeySequence("Alt+Shift+Left"));
    add(m_menu, "right", tr("Move to the rig&ht"), tr("Put it after its neighbour in all views"),
        &ComponentMenu::moveRight)
        ->setShortcut(QKeySequence("Alt+Shift+Right"));
    m_byEnergy = add(m_menu, "by-energy", tr("Order all by &energy"), tr("Largest first, as at the beginning"),
                     &ComponentMenu::orderByEnergy);
    m_menu->addSeparator();
}

void ComponentMenu::makeEdits()
{
    add(m_menu, "duplicate", tr("&Duplicate"), tr("A copy beside it; both share its coefficients in halves"),
        &ComponentMenu::duplicate)
        ->setShortcut(QKeySequence("Ctrl+D"));
    m_partners = m_menu->addMenu(tr("&Merge with"));
    m_split = add(m_menu, "split", tr("Split in &two"),
                  tr("The best two parts for what it explains, and for what nobody explains"), &ComponentMenu::split);
    m_delete = add(m_menu, "delete", tr("Dele&te"), tr("The run goes on without it"), &ComponentMenu::remove);
    m_delete->setShortcut(QKeySequence::Delete);
}

void ComponentMenu::makeStarts()
{
    m_anew = m_menu->addMenu(tr("Begin a&new"));
    add(m_anew, "from-worst", tr("From the &worst explained sample"),
        tr("From what the other parts leave of the sample with the largest error"), &ComponentMenu::beginFromWorst);
    m_fromSample = add(m_anew, "from-sample", tr("From the &selected sample"),
                       tr("From the sample that is selected in the coefficients"), &ComponentMenu::beginFromSample);
    m_fromRegion = add(m_anew, "from-region", tr("From a &region…"),
                       tr("From what the other parts leave within some pixels, which you mark on a picture"),
                       &ComponentMenu::beginFromRegion);
}

void ComponentMenu::fillColors()
{
    for (const NamedColor& color : palette) {
        const QString code = QString::fromLatin1(color.color);
        m_colors->addAction(swatch(code), tr(color.name), this, [this, code] { m_editor.recolor(component(), code); });
    }
    m_colors->addAction(tr("&Other…"), this, &ComponentMenu::chooseColor);
    m_colors->addSeparator();
    m_colors->addAction(tr("&None"), this, [this] { m_editor.recolor(component(), {}); });
}

void ComponentMenu::fillPartners()
{
    m_partners->clear();
    for (const Index other : m_study.shownOrder())
        if (other != component())
            m_partners->addAction(shown(m_study.labels(), other), this,
                                  [this, other] { m_editor.merge(component(), other); });
}

void ComponentMenu::showSense()
{
    const auto& snapshot = m_study.shown();
    const Index rank = snapshot ? snapshot->options.rank : 0;
    const bool one = component() >= 0 && component() < rank, free = one && !m_editor.busy();
    for (QAction* action : m_menu->actions())
        action->setEnabled(free);
    m_lockW->setChecked(one && m_editor.isLocked(Side::Basis, component()));
    m_lockH->setChecked(one && m_editor.isLocked(Side::Coefficients, component()));
    markSoftLock(*m_softW, Side::Basis);
    markSoftLock(*m_softH, Side::Coefficients);
    // What is locked is not to be made anew.
    const bool soft = one && (m_editor.softShare(Side::Basis, component()) > 0 ||
                              m_editor.softShare(Side::Coefficients, component()) > 0);
    const bool locked = m_lockW->isChecked() || m_lockH->isChecked() || soft;
    for (QAction* action : {m_split, m_partners->menuAction(), m_anew->menuAction()})
        action->setEnabled(free && !locked);
    m_partners->menuAction()->setEnabled(free && !locked && rank > 1);
    m_delete->setEnabled(free && rank > 1);
    m_fromSample->setEnabled(free && !locked && m_selection.sample() >= 0);
    const bool images = snapshot && snapshot->dataset->features.kind == Axis::Kind::Pixels;
    m_fromRegion->setEnabled(free && !locked && images);
    m_paint->setEnabled(free && images && !m_lockW->isChecked());
    m_release->setEnabled(free && hasLockedEntries(m_editor.optionsShown().lockW, component()));
    m_byEnergy->setEnabled(snapshot && !m_study.labels().order.empty());
}

void ComponentMenu::serve(TileArea* gallery)
{
    gallery->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(gallery, &QWidget::customContextMenuRequested, this, [this, gallery](QPoint point) {
        if (const int under = gallery->componentAt(point); under >= 0)
            m_selection.selectComponent(under);
        if (m_selection.component() >= 0)
            m_menu->popup(gallery->viewport()->mapToGlobal(point));
    });
}

void ComponentMenu::rename()
{
    auto* dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName("component-name");
    dialog->setWindowTitle(tr("Rename part %1").arg(component() + 1));
    dialog->setLabelText(tr("Name; empty for its number:"));
    const ComponentLabels& labels = m_study.labels();
    if (hasName(labels, component()))
        dialog->setTextValue(QString::fromStdString(componentName(labels, component())));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, renamed = component()](const QString& name) { m_editor.rename(renamed, name); });
    dialog->open();
}

void ComponentMenu::chooseColor()
{
    auto* dialog = new QColorDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QColorDialog::colorSelected, this,
            [this, colored = component()](const QColor& color) { m_editor.recolor(colored, color.name()); });
    dialog->open();
}

void ComponentMenu::paint()
{
    (new Brush(m_editor, m_study.shown(), component(), m_window))->open();
}

void ComponentMenu::beginFromRegion()
{
    (new RegionDialog(m_editor, m_study.shown(), component(), m_window))->open();
}

void ComponentMenu::toggleBasis()
{
    m_editor.setLocked(Side::Basis, component(), !m_editor.isLocked(Side::Basis, component()));
}

void ComponentMenu::toggleCoefficients()
{
    m_editor.setLocked(Side::Coefficients, component(), !m_editor.isLocked(Side::Coefficients, component()));
}

} // namespace nmf::ui
