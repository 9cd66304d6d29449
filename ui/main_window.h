#pragma once

#include "ui/model/component_editor.h"
#include "ui/model/exporter.h"
#include "ui/model/selection.h"
#include "ui/model/settings.h"
#include "ui/model/study.h"
#include "ui/views/view.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>

#include <vector>

namespace nmf::ui
{

class ApplyAction;
class BasisView;
class CommandPalette;
class ComponentMenu;
class FigureActions;
class ExportActions;
class FullScreen;
class Layouts;
class MessageBar;
class OpenActions;
class PageBar;
class PreferencesActions;
class RankPage;
class RunActions;
class SessionActions;
class ShortcutList;
class StabilityPage;
class StartPage;
class ThemeActions;

/// The window: puts views, panels, menus and the study together.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    Study& study() { return m_study; }
    Selection& selection() { return m_selection; }
    ComponentEditor& editor() { return m_editor; }
    /// Opens a file, folder or sample, as from the menu; with `thenRun` the run begins when the data are there.
    void open(const QString& source, bool thenRun = false);
    /// The same with a page before it where something is to be decided; with `always`, where nothing is too.
    void importFrom(const QString& source, bool always = false);
    /// The same by the plan of the last time.
    void reopen(const QString& source);
    SessionActions& sessions() { return *m_sessions; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeViews();
    void makePages();
    QDockWidget* addDock(const QString& name, const QString& id, QWidget* content, Qt::DockWidgetArea area);
    /// A dock behind another one.
    void addTab(const QString& name, const QString& id, QWidget* content, const QString& front);
    void makeActions();
    void makeToolBars();
    void makeMenus();
    void makeViewMenu();
    void placeFirst();
    void dress();
    void showExplore(bool explore);
    void showPage(QWidget* page);
    void resetLayout();
    void rememberLayout();

    void chooseMatrixFile(Exporter::What what);
    void about();

    void showTitle();

    Study m_study;
    Selection m_selection;
    ComponentEditor m_editor{m_study};
    Settings m_settings;
    Exporter m_exporter;
    MessageBar* m_messages = nullptr;
    QStackedWidget* m_pages = nullptr;
    QScrollArea* m_startArea = nullptr;
    StartPage* m_start = nullptr;
    BasisView* m_basis = nullptr;
    PageBar* m_pageBar = nullptr;
    RankPage* m_rank = nullptr;
    StabilityPage* m_stability = nullptr;
    std::vector<QDockWidget*> m_docks;
    std::vector<View> m_views;
    RunActions* m_run = nullptr;
    SessionActions* m_sessions = nullptr;
    OpenActions* m_open = nullptr;
    ExportActions* m_export = nullptr;
    ApplyAction* m_apply = nullptr;
    ComponentMenu* m_components = nullptr;
    FigureActions* m_figures = nullptr;
    ThemeActions* m_themes = nullptr;
    PreferencesActions* m_preferences = nullptr;
    FullScreen* m_fullScreen = nullptr;
    Layouts* m_layouts = nullptr;
    CommandPalette* m_palette = nullptr;
    ShortcutList* m_shortcuts = nullptr;
    QByteArray m_firstLayout;
};

} // namespace nmf::ui
