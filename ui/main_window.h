#pragma once

#include "ui/model/exporter.h"
#include "ui/model/selection.h"
#include "ui/model/settings.h"
#include "ui/model/study.h"
#include "ui/views/view.h"
#include "ui/widgets/theme.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>

#include <optional>
#include <vector>

namespace nmf::ui
{

class ApplyAction;
class BasisView;
class FigureActions;
class ExportActions;
class Importer;
class MessageBar;
class PageBar;
class RankPage;
class RunActions;
class SessionActions;
class StabilityPage;
class StartPage;

/// The window: puts views, panels, menus and the study together.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    Study& study() { return m_study; }
    Selection& selection() { return m_selection; }
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
    void makeActions();
    void makeToolBars();
    void makeMenus();
    void makeThemeMenu(QMenu* view);
    void placeFirst();
    void fillRecent();
    void dress();
    void showExplore(bool explore);
    void showPage(QWidget* page);
    void resetLayout();
    void rememberLayout();

    void chooseFile(bool withPreview);
    void chooseWeights();
    void chooseFolder();
    void chooseMatrixFile(Exporter::What what);
    void about();

    void onOpened(const QString& source);
    void showTitle();

    Study m_study;
    Selection m_selection;
    Settings m_settings;
    Exporter m_exporter;
    Theme m_theme;
    Importer* m_importer = nullptr;
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
    ExportActions* m_export = nullptr;
    ApplyAction* m_apply = nullptr;
    FigureActions* m_figures = nullptr;
    QAction *m_openFile = nullptr, *m_openFolder = nullptr, *m_preview = nullptr, *m_reload = nullptr;
    QAction *m_weights = nullptr, *m_transpose = nullptr;
    QMenu *m_recent = nullptr, *m_sampleMenu = nullptr;
    QByteArray m_firstLayout;
    std::optional<QString> m_runWhenOpened;
};

} // namespace nmf::ui
