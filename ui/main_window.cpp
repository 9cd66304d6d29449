#include "ui/main_window.h"

#include "ui/figure_actions.h"
#include "ui/full_screen.h"
#include "ui/keyboard_focus.h"
#include "ui/layouts.h"
#include "ui/open_actions.h"
#include "ui/pages/page_bar.h"
#include "ui/pages/rank_page.h"
#include "ui/pages/stability_page.h"
#include "ui/panels/apply_action.h"
#include "ui/panels/command_palette.h"
#include "ui/panels/component_menu.h"
#include "ui/panels/export_actions.h"
#include "ui/panels/model_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/run_actions.h"
#include "ui/panels/selection_keys.h"
#include "ui/panels/shortcut_list.h"
#include "ui/panels/timeline.h"
#include "ui/preferences_actions.h"
#include "ui/readout_line.h"
#include "ui/session_actions.h"
#include "ui/status_line.h"
#include "ui/theme_actions.h"
#include "ui/views/basis_view.h"
#include "ui/views/coefficients_view.h"
#include "ui/views/data_view.h"
#include "ui/views/loss_view.h"
#include "ui/views/parts_view.h"
#include "ui/views/residual_view.h"
#include "ui/views/runs_view.h"
#include "ui/views/start_page.h"
#include "ui/views/strongest_view.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_bar.h"
#include "ui/window_files.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QLocale>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QScrollArea>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace nmf::ui
{

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setObjectName("main-window");
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    placeFirst();
    makeViews();
    makeActions();
    makeToolBars();
    makeMenus();
    new StatusLine(m_study, statusBar());
    new ReadoutLine(m_study, m_selection, statusBar());
    new SelectionKeys(m_study, m_selection, this);
    new KeyboardFocus(*this);
    dress();
    m_firstLayout = saveState();
    restoreGeometry(m_settings.windowGeometry());
    restoreState(m_settings.windowState());
    showExplore(false);

    connect(m_open, &OpenActions::opened, this, [this] {
        if (m_pages->currentWidget() == m_startArea)
            showExplore(true);
    });
    connect(&m_study, &Study::message, this, [this](Study::Message kind, const QString& text) {
        m_messages->showMessage(kind == Study::Message::Error     ? MessageBar::Kind::Error
                                : kind == Study::Message::Warning ? MessageBar::Kind::Warning
                                                                  : MessageBar::Kind::Information,
                                text);
    });
    connect(&m_exporter, &Exporter::failed, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Error, text); });
    connect(&m_exporter, &Exporter::saved, this,
            [this](const QString& path) { statusBar()->showMessage(tr("Saved %1").arg(path), 5000); });
    connect(m_export, &ExportActions::done, this,
            [this](const QString& text) { statusBar()->showMessage(text, 5000); });
    connect(m_apply, &ApplyAction::refused, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Error, text); });
    connect(m_export, &ExportActions::refused, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Error, text); });
    connect(m_export, &ExportActions::filePasted, this, [this](const QString& path) { open(path); });
    connect(m_export, &ExportActions::dataPasted, this,
            [this](const Pasted& pasted) { m_sessions->leaveResults([this, pasted] { m_study.paste(pasted); }); });
    connect(m_figures, &FigureActions::told, this,
            [this](const QString& text) { statusBar()->showMessage(text, 5000); });
    connect(m_figures, &FigureActions::refused, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Error, text); });
    connect(m_sessions, &SessionActions::titleChanged, this, &MainWindow::showTitle);
    connect(m_sessions, &SessionActions::told, this,
            [this](const QString& text) { statusBar()->showMessage(text, 5000); });
    connect(&m_study, &Study::datasetChanged, &m_selection, &Selection::clear);
    connect(&m_study, &Study::runsChanged, &m_selection, [this] {
        // What was pointed at is there in the next run too, as long as it has as many components.
        if (m_selection.component() >= m_study.options().rank)
            m_selection.clearComponents();
    });
    connect(&m_editor, &ComponentEditor::refused, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Error, text); });
    connect(&m_editor, &ComponentEditor::told, this,
            [this](const QString& text) { m_messages->showMessage(MessageBar::Kind::Information, text); });
    showTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeViews()
{
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    m_messages = new MessageBar;
    m_pages = new QStackedWidget;
    m_pageBar = new PageBar;
    layout->addWidget(m_messages);
    layout->addWidget(m_pageBar);
    layout->addWidget(m_pages, 1);
    setCentralWidget(central);
    m_start = new StartPage;
    m_start->showRecent(m_settings.recentSources());
    m_basis = new BasisView(m_study, m_selection);
    // In a scroll area the start page's width is no demand on the window.
    m_startArea = new QScrollArea;
    m_startArea->setWidgetResizable(true);
    m_startArea->setFrameShape(QFrame::NoFrame);
    m_startArea->setWidget(m_start);
    m_pages->addWidget(m_startArea);
    m_pages->addWidget(m_basis);
    makePages();
    auto* timeline = new Timeline(m_study);
    layout->addWidget(timeline);
    const auto showTimeline = [this, timeline] { timeline->setVisible(m_pages->currentWidget() == m_basis); };
    connect(m_pages, &QStackedWidget::currentChanged, timeline, showTimeline);
    showTimeline();
    connect(m_start, &StartPage::chosen, this, [this](const QString& source) { reopen(source); });
    connect(m_start, &StartPage::openFileWanted, this, [this] { m_open->chooseFile(); });
    connect(m_start, &StartPage::openFolderWanted, this, [this] { m_open->chooseFolder(); });

    auto* dataArea = new QScrollArea;
    dataArea->setWidgetResizable(true);
    dataArea->setFrameShape(QFrame::NoFrame);
    dataArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* dataView = new DataView(m_study, m_selection);
    dataArea->setWidget(dataView);
    auto* coefficients = new CoefficientsView(m_study, m_selection);
    auto* loss = new LossView(m_study);
    addDock(tr("Data"), "data", dataArea, Qt::LeftDockWidgetArea);
    // Long formulas take several lines, for which the panel then scrolls.
    auto* optionsArea = new QScrollArea;
    optionsArea->setWidgetResizable(true);
    optionsArea->setFrameShape(QFrame::NoFrame);
    optionsArea->setWidget(new OptionsPanel(m_study));
    addDock(tr("Model"), "model", optionsArea, Qt::LeftDockWidgetArea);
    addDock(tr("Coefficients H"), "coefficients", coefficients, Qt::BottomDockWidgetArea);
    addDock(tr("Loss"), "loss", loss, Qt::RightDockWidgetArea);
    auto* parts = new PartsView(m_study, m_selection);
    auto* strongest = new StrongestView(m_study, m_selection);
    auto* residuals = new ResidualView(m_study, m_selection);
    addTab(tr("Parts"), "parts", parts, "coefficients");
    addTab(tr("Component"), "component", strongest, "loss");
    addTab(tr("Residuals"), "residuals", residuals, "loss");
    addTab(tr("Runs"), "runs", new RunsView(m_study), "loss");
    resizeDocks({m_docks[0], m_docks[3]}, {270, 360}, Qt::Horizontal);
    resizeDocks({m_docks[2]}, {270}, Qt::Vertical);
    resizeDocks({m_docks[0], m_docks[1]}, {320, 380}, Qt::Vertical);

    m_views = {{tr("Basis W"), m_basis, [this] { return m_basis->figure(); }},
               {tr("Coefficients H"), coefficients, [coefficients] { return coefficients->figure(); }},
               {tr("Loss curve"), loss, [loss] { return loss->figure(); }},
               {tr("Parts of the sample"), parts, [parts] { return parts->figure(); }},
               {tr("Strongest samples"), strongest, [strongest] { return strongest->samplesFigure(); }},
               {tr("Strongest features"), strongest, [strongest] { return strongest->featuresFigure(); }},
               {tr("Residuals"), residuals, [residuals] { return residuals->figure(); }},
               {tr("Data"), dataView, [dataView] { return dataView; }},
               {tr("Errors of the ranks"), m_rank, [this] { return m_rank->figure(); }},
               {tr("Consensus"), m_stability, [this] { return m_stability->figure(); }}};
}

void MainWindow::makePages()
{
    m_rank = new RankPage(m_study);
    m_stability = new StabilityPage(m_study, m_selection);
    m_pageBar->add(tr("Explore"), m_basis);
    m_pageBar->add(tr("Rank"), m_rank);
    m_pageBar->add(tr("Stability"), m_stability);
    for (QWidget* page : {static_cast<QWidget*>(m_rank), static_cast<QWidget*>(m_stability)}) {
        // What stands side by side there is no demand on the window.
        constexpr int least = 400;
        page->setMinimumWidth(least);
        m_pages->addWidget(page);
    }
    connect(m_pageBar, &PageBar::chosen, this, &MainWindow::showPage);
    connect(m_rank, &RankPage::fitWanted, &m_study, &Study::adoptFit);
    connect(m_stability, &StabilityPage::fitWanted, &m_study, &Study::adoptFit);
    connect(m_rank, &RankPage::fitWanted, this, [this] { showPage(m_basis); });
    connect(m_stability, &StabilityPage::fitWanted, this, [this] { showPage(m_basis); });
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& id, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(name, this);
    dock->setObjectName(id);
    dock->setWidget(content);
    addDockWidget(area, dock);
    m_docks.push_back(dock);
    return dock;
}

void MainWindow::addTab(const QString& name, const QString& id, QWidget* content, const QString& front)
{
    QDockWidget* dock = addDock(name, id, content, Qt::BottomDockWidgetArea);
    if (auto* other = findChild<QDockWidget*>(front)) {
        tabifyDockWidget(other, dock);
        other->raise();
    }
}

void MainWindow::makeActions()
{
    m_run = new RunActions(m_study, this);
    m_sessions = new SessionActions(m_study, m_selection, m_settings, *this);
    m_sessions->setMessageBar(m_messages);
    m_export = new ExportActions(m_study, m_exporter, this);
    m_figures = new FigureActions(m_views, this);
    m_apply = new ApplyAction(m_study, m_exporter, m_basis, this);
    m_components = new ComponentMenu(m_study, m_selection, m_editor, this);
    connect(m_basis, &BasisView::rearranged, &m_editor, &ComponentEditor::arrange);
    for (TileArea* gallery : findChildren<TileArea*>())
        m_components->serve(gallery);
    m_open = new OpenActions(m_study, *m_sessions, m_settings, *m_messages, *this);
    m_themes = new ThemeActions(m_settings, this);
    m_preferences = new PreferencesActions(m_study, m_sessions->keeper(), m_settings, *m_themes, *this);
    m_fullScreen = new FullScreen(*this);
    m_layouts = new Layouts(*this, [this] { resetLayout(); });
    m_palette = new CommandPalette(*this);
    m_shortcuts = new ShortcutList(*this);
}

void MainWindow::makeToolBars()
{
    auto* bar = addToolBar(tr("Run"));
    bar->setObjectName("run-bar");
    bar->setToolButtonStyle(Qt::ToolButtonIconOnly);
    auto* openButton = new QToolButton;
    openButton->setDefaultAction(m_open->file);
    openButton->setMenu(m_open->recent);
    openButton->setPopupMode(QToolButton::MenuButtonPopup);
    bar->addWidget(openButton);
    auto* sampleButton = new QToolButton;
    sampleButton->setObjectName("samples");
    sampleButton->setText(tr("Samples"));
    sampleButton->setToolTip(tr("Built-in data"));
    sampleButton->setMenu(m_open->samples);
    sampleButton->setPopupMode(QToolButton::InstantPopup);
    bar->addWidget(sampleButton);
    bar->addSeparator();
    bar->addActions(m_run->all());
    addToolBar(new ModelBar(m_study));
}

void MainWindow::makeMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    m_open->addTo(file);
    file->addSeparator();
    m_sessions->addTo(file);
    QMenu* save = file->addMenu(tr("Save &matrix"));
    QAction* saveBasis = save->addAction(tr("&Basis W…"), this, [this] { chooseMatrixFile(Exporter::What::Basis); });
    QAction* saveCoefficients =
        save->addAction(tr("&Coefficients H…"), this, [this] { chooseMatrixFile(Exporter::What::Coefficients); });
    file->addMenu(m_figures->save);
    file->addAction(m_apply->action);
    file->addAction(m_export->saveMontage);
    file->addAction(m_export->exportResults);
    const auto showSavable = [this, saveBasis, saveCoefficients] {
        const bool there = m_study.snapshot() != nullptr;
        for (QAction* action : {saveBasis, saveCoefficients, m_figures->copy})
            action->setEnabled(there);
        m_figures->save->setEnabled(there);
        m_open->showSense();
    };
    connect(&m_study, &Study::snapshotChanged, this, showSavable);
    showSavable();
    file->addSeparator();
    QAction* quit = file->addAction(tr("&Quit"), this, &QWidget::close);
    // Not QKeySequence::Quit: outside of a known desktop that is no key at all.
    quit->setShortcut(QKeySequence("Ctrl+Q"));

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_components->undo, m_components->redo});
    edit->addSeparator();
    edit->addAction(m_figures->copy);
    edit->addActions({m_export->copyPython, m_export->copyCommand, m_export->paste});
    edit->addAction(m_open->transpose);
    edit->addSeparator();
    edit->addAction(m_preferences->action);
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions(m_run->all());
    menuBar()->addMenu(m_components->menu());
    makeViewMenu();
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_palette->action, m_shortcuts->action});
    help->addAction(tr("&About Partscope"), this, &MainWindow::about);
}

void MainWindow::makeViewMenu()
{
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (QDockWidget* dock : m_docks)
        view->addAction(dock->toggleViewAction());
    view->addSeparator();
    view->addMenu(tr("&Theme"))->addActions(m_themes->group->actions());
    view->addMenu(tr("La&yout"))->addActions(m_layouts->group->actions());
    view->addAction(tr("&Reset layout"), this, &MainWindow::resetLayout);
    view->addAction(m_fullScreen->action);
    QAction* startPage = view->addAction(
        tr("&Start page"), this, [this] { showExplore(m_pages->currentWidget() == m_startArea && m_study.dataset()); });
    startPage->setShortcut(QKeySequence("Ctrl+Home"));
}

void MainWindow::placeFirst()
{
    // On a laptop's screen all of it, on a large one most of it.
    const QSize room = screen()->availableSize();
    resize(room.width() <= 1440 ? room : QSize(room.width() * 4 / 5, room.height() * 4 / 5));
    if (room.width() <= 1440)
        setWindowState(Qt::WindowMaximized);
}

void MainWindow::dress()
{
    m_open->file->setIcon(icon("open", palette()));
    m_figures->copy->setIcon(icon("copy", palette()));
    if (auto* samplesButton = findChild<QToolButton*>("samples"))
        samplesButton->setIcon(icon("samples", palette()));
    m_run->dress(palette());
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_run)
        dress();
}

void MainWindow::showExplore(bool explore)
{
    if (!explore && m_pages->currentWidget() == m_basis)
        rememberLayout();
    m_pages->setCurrentWidget(explore ? static_cast<QWidget*>(m_basis) : m_startArea);
    if (explore) {
        for (QDockWidget* dock : m_docks)
            dock->show();
        restoreState(m_settings.windowState().isEmpty() ? m_firstLayout : m_settings.windowState());
    } else {
        m_start->showRecent(m_settings.recentSources());
        for (QDockWidget* dock : m_docks)
            dock->hide();
    }
    for (QDockWidget* dock : m_docks)
        dock->toggleViewAction()->setEnabled(explore);
    m_layouts->group->setEnabled(explore);
    m_pageBar->showPage(m_pages->currentWidget());
}

void MainWindow::showPage(QWidget* page)
{
    const bool explore = page == m_basis;
    if (explore != (m_pages->currentWidget() == m_basis))
        showExplore(explore);
    m_pages->setCurrentWidget(page);
    // The data and the model that the other pages fit.
    if (!explore)
        for (QDockWidget* dock : {m_docks[0], m_docks[1]})
            dock->show();
    m_pageBar->showPage(page);
}

void MainWindow::rememberLayout()
{
    m_settings.setWindow(saveGeometry(), saveState());
}

void MainWindow::resetLayout()
{
    restoreState(m_firstLayout);
    resizeDocks({m_docks[0], m_docks[3]}, {270, 360}, Qt::Horizontal);
    resizeDocks({m_docks[2]}, {height() / 3}, Qt::Vertical);
    resizeDocks({m_docks[0], m_docks[1]}, {320, 380}, Qt::Vertical);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_pages->currentWidget() == m_basis)
        rememberLayout();
    event->setAccepted(m_sessions->mayClose());
    if (event->isAccepted())
        m_study.stop();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    if (m_open->drop(*event->mimeData()))
        event->acceptProposedAction();
}

void MainWindow::open(const QString& source, bool thenRun)
{
    m_open->open(source, thenRun);
}

void MainWindow::importFrom(const QString& source, bool always)
{
    m_open->importFrom(source, always);
}

void MainWindow::reopen(const QString& source)
{
    m_open->reopen(source);
}

void MainWindow::chooseMatrixFile(Exporter::What what)
{
    const auto snapshot = m_study.shown();
    if (!snapshot)
        return;
    const QString name = what == Exporter::What::Basis ? QStringLiteral("W") : QStringLiteral("H");
    askForSavePath(this, tr("Save %1").arg(name), m_settings.lastFolder(), name, matrixFilters(),
                   [this, snapshot, what, names = m_study.labels().names](const QString& path) {
                       m_exporter.save(snapshot, what, path, names);
                   });
}

void MainWindow::about()
{
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Partscope"),
                                tr("<h3>Partscope %1</h3><p>See a non-negative matrix factorization: V ≈ WH.</p>"
                                   "<p>Free software under the GNU General Public License, version 3 or later. "
                                   "Drawn with Qt %2 and QCustomPlot, computed with Eigen.</p>")
                                    .arg(QApplication::applicationVersion(), QString::fromLatin1(qVersion())),
                                QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(windowIcon().pixmap(64));
    box->open();
}

void MainWindow::showTitle()
{
    const QString title = m_sessions->title();
    setWindowTitle(title.isEmpty() ? tr("Partscope") : title + QStringLiteral("[*]") + tr(" – Partscope"));
    setWindowModified(m_sessions->keeper().changed());
}

} // namespace nmf::ui
