#include "ui/main_window.h"

#include "core/formats/formats.h"
#include "tests/support/study_watch.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/tile_area.h"
#include "ui/widgets/message_bar.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QXmlStreamReader>

using namespace nmf;
using namespace nmf::ui;
using Phase = Study::Phase;

namespace
{

/// What Qt grumbled about since the last look.
QStringList& complaints()
{
    static QStringList list;
    return list;
}

void note(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    // What the platform without a display cannot do is not ours.
    if (type != QtDebugMsg && type != QtInfoMsg && text != "This plugin does not support propagateSizeHints()")
        complaints() << text;
}

std::unique_ptr<MainWindow> shownWindow()
{
    auto window = std::make_unique<MainWindow>();
    if (Settings().windowGeometry().isEmpty()) {
        // The platform without a display has a small screen, which the window would fill.
        window->showNormal();
        window->resize(1400, 900);
    }
    window->show();
    window->activateWindow();
    if (!QTest::qWaitForWindowActive(window.get()))
        qWarning("The window did not become active.");
    return window;
}

/// A key as the keyboard sends it: to where the focus is.
void press(MainWindow& window, Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus && window.isAncestorOf(focus) ? focus : &window, key, modifiers);
}

void drop(MainWindow& window, const QList<QUrl>& urls)
{
    QMimeData data;
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
}

void click(QWidget* button)
{
    QVERIFY(button && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
}

/// Clicks the card of a sample and waits for its data.
void openByCard(MainWindow& window, const QString& id)
{
    QSignalSpy opened(&window.study(), &Study::opened);
    click(window.findChild<QToolButton*>("sample:" + id));
    QTRY_COMPARE(opened.count(), 1);
}

void openNow(MainWindow& window, const QString& source)
{
    QSignalSpy opened(&window.study(), &Study::opened);
    window.open(source);
    QVERIFY(opened.wait(20000));
}

/// Rules that end no run, set as a person sets them.
void letRunEndlessly(MainWindow& window)
{
    Options options = window.study().options();
    options.maxIterations = 10'000'000;
    options.tolerance = 0;
    window.study().setOptions(options);
}

int iterationOf(MainWindow& window)
{
    return window.study().snapshot() ? window.study().snapshot()->record.iteration : -1;
}

bool rests(MainWindow& window)
{
    return window.study().phase() != Phase::Running && window.study().snapshot() && window.study().snapshot()->resting;
}

/// Writes a number into a spin box as by keyboard.
void type(QSpinBox* box, const QString& text)
{
    QVERIFY(box);
    QVERIFY(box->isEnabled());
    QVERIFY2(box->isVisible(), qPrintable(box->objectName()));
    box->setFocus();
    box->selectAll();
    QTest::keyClicks(box, text);
    QTest::keyClick(box, Qt::Key_Return);
}

Figure* figureNamed(MainWindow& window, const QString& name)
{
    for (QWidget* widget : window.findChildren<QWidget*>(name))
        if (auto* figure = dynamic_cast<Figure*>(widget))
            return figure;
    return nullptr;
}

MessageBar* messages(MainWindow& window)
{
    return window.findChild<MessageBar*>();
}

QAction* actionNamed(QMenu* menu, const QString& text)
{
    for (QAction* action : menu->actions()) {
        if (QString(action->text()).remove('&') == text)
            return action;
        if (action->menu())
            if (QAction* found = actionNamed(action->menu(), text))
                return found;
    }
    return nullptr;
}

QAction* actionNamed(MainWindow& window, const QString& text)
{
    for (QAction* menu : window.menuBar()->actions())
        if (QAction* found = menu->menu() ? actionNamed(menu->menu(), text) : nullptr)
            return found;
    return nullptr;
}

/// Types a path into the file dialog that is open, and accepts.
void answerFileDialog(MainWindow& window, const QString& path)
{
    QFileDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = window.findChild<QFileDialog*>()) && dialog->isVisible());
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    // A person does not type before the dialog has read its folder, which would select a file in it.
    QTest::qWait(250);
    // Typed key by key, a list of suggestions would come up and take the keys.
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(!window.findChild<QFileDialog*>());
}

/// A picture of which something is drawn.
void verifyPicture(const QString& path)
{
    const QImage image(path);
    QVERIFY2(!image.isNull(), qPrintable(path));
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            colors << image.pixel(x, y);
    QVERIFY2(colors.size() > 8, qPrintable(path));
}

void verifyDrawing(const QString& path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader reader(&file);
    int elements = 0;
    while (!reader.atEnd())
        elements += reader.readNext() == QXmlStreamReader::StartElement;
    QVERIFY2(!reader.hasError(), qPrintable(path + ": " + reader.errorString()));
    QVERIFY(elements > 10);
}

} // namespace

/// The window driven by events, as a person would; whatever Qt warns of is a failure.
class TestWindow : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void theFirstStartShowsTheSamples();
    void aCardOpensItsSample();
    void theKeysDriveARun();
    void theToolbarsButtonsDriveARun();
    void anotherRankWhileRunningBeginsAnew();
    void anotherSeedWhilePausedBeginsAnewAndRests();
    void keysOfARunDoNotDisturbTyping();
    void aFileIsOpenedByTheDialog();
    void aDroppedFileIsOpened();
    void whatCannotBeOpenedIsOneSentence_data();
    void whatCannotBeOpenedIsOneSentence();
    void severalDroppedFilesAreSaid();
    void closingWhileRunningIsQuick_data();
    void closingWhileRunningIsQuick();
    void factorsAreSaved_data();
    void factorsAreSaved();
    void twoSavesInARowAreBothWritten();
    void everyFigureIsSaved_data();
    void everyFigureIsSaved();
    void aFigureIsSavedByTheMenu();
    void aFigureIsCopied_data();
    void aFigureIsCopied();
    void recentFilesAreRemembered();
    void theLayoutIsRememberedAndReset();
    void aSelectionIsSeenInAllViews();
    void everyControlHasAName();
    void everyActionIsExplained();

private:
    QString file(const QString& name, const QByteArray& content);

    QTemporaryDir m_folder;
    QString m_good;
};

QString TestWindow::file(const QString& name, const QByteArray& content)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("The test cannot write its files.");
    return file.fileName();
}

void TestWindow::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_good = file("good.csv", "1,0,2,3\n0,4,1,0\n3,1,0,2\n2,2,2,1\n5,0,1,2\n");
    QStandardPaths::setTestModeEnabled(true);
    for (const QSettings::Format format : {QSettings::NativeFormat, QSettings::IniFormat})
        QSettings::setPath(format, QSettings::UserScope, m_folder.filePath("settings"));
    QCoreApplication::setOrganizationName("Partscope");
    QCoreApplication::setApplicationName("Partscope test");
    qInstallMessageHandler(note);
}

void TestWindow::init()
{
    QSettings().clear();
    complaints().clear();
}

void TestWindow::cleanup()
{
    QCOMPARE(complaints(), QStringList());
}

void TestWindow::theFirstStartShowsTheSamples()
{
    const auto window = shownWindow();
    for (const char* id : {"bars", "swimmer", "cartoon-faces", "worked-example"}) {
        auto* card = window->findChild<QToolButton*>(QStringLiteral("sample:") + id);
        QVERIFY2(card && card->isVisible(), id);
        QTRY_VERIFY2_WITH_TIMEOUT(!card->icon().isNull(), id, 20000);
    }
    for (const QDockWidget* dock : window->findChildren<QDockWidget*>())
        QVERIFY(!dock->isVisible());
    QVERIFY(!messages(*window)->isVisible());
    QVERIFY(!actionNamed(*window, "Run")->isEnabled());
}

void TestWindow::aCardOpensItsSample()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QVERIFY(window->windowTitle().contains("Bars", Qt::CaseInsensitive));
    QVERIFY(window->findChild<QWidget*>("basis-images")->isVisible());
    for (const char* dock : {"data", "model", "coefficients", "loss"})
        QVERIFY2(window->findChild<QDockWidget*>(dock)->isVisible(), dock);
    QCOMPARE(window->study().phase(), Phase::Ready);
    QVERIFY(window->findChild<QLabel*>("data-facts")->text().contains("V is"));
}

void TestWindow::theKeysDriveARun()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    openByCard(*window, "bars");
    letRunEndlessly(*window);

    press(*window, Qt::Key_Space);
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_VERIFY(iterationOf(*window) > 0);
    press(*window, Qt::Key_Space);
    QCOMPARE(window->study().phase(), Phase::Paused);
    QTRY_VERIFY(rests(*window));
    QTRY_VERIFY(window->findChild<QLabel*>("status")->text().startsWith("Paused at iteration"));

    const int held = iterationOf(*window);
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), held + 1);
    press(*window, Qt::Key_Period, Qt::ShiftModifier);
    QTRY_VERIFY(window->study().snapshot()->betweenHalves);
    QCOMPARE(iterationOf(*window), held + 1);
    QVERIFY(window->findChild<QLabel*>("fact-iteration")->text().endsWith("½"));
    press(*window, Qt::Key_Period, Qt::ShiftModifier);
    QTRY_COMPARE(iterationOf(*window), held + 2);

    press(*window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QCOMPARE(iterationOf(*window), held + 102);
    QVERIFY(!window->findChild<QLabel*>("fact-end")->text().isEmpty());
    press(*window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(iterationOf(*window), held + 202);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);

    const std::uint64_t run = window->study().snapshot()->run;
    press(*window, Qt::Key_R);
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_VERIFY(window->study().snapshot()->run == run + 1);
    press(*window, Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QVERIFY(window->study().snapshot()->ended == Termination::Stopped);
    QCOMPARE(watch.wrong, QStringList());
}

void TestWindow::theToolbarsButtonsDriveARun()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    letRunEndlessly(*window);
    const auto button = [&](const char* name) -> QToolButton* {
        auto* action = window->findChild<QAction*>(name);
        for (auto* candidate : window->findChildren<QToolButton*>())
            if (action && candidate->defaultAction() == action && candidate->isVisible())
                return candidate;
        return nullptr;
    };
    QVERIFY(!button("stop")->isEnabled());
    click(button("run"));
    QTRY_VERIFY(iterationOf(*window) > 0);
    QVERIFY(button("stop")->isEnabled());
    click(button("run"));
    QTRY_VERIFY(rests(*window));
    const int held = iterationOf(*window);
    click(button("step"));
    QTRY_COMPARE(iterationOf(*window), held + 1);
    click(button("half-step"));
    QTRY_VERIFY(window->study().snapshot()->betweenHalves);
    click(button("stop"));
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    click(button("restart"));
    QCOMPARE(window->study().phase(), Phase::Running);
    click(button("stop"));
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    const int reached = iterationOf(*window);
    click(button("continue"));
    QTRY_COMPARE(iterationOf(*window), reached + 100);
}

void TestWindow::anotherRankWhileRunningBeginsAnew()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    openByCard(*window, "bars");
    letRunEndlessly(*window);
    press(*window, Qt::Key_Space);
    QTRY_VERIFY(iterationOf(*window) > 0);
    auto* rank = window->findChild<QSpinBox*>("rank");
    const int before = rank->value();
    type(rank, "3");
    QCOMPARE(window->study().phase(), Phase::Running);
    QTRY_COMPARE(window->study().snapshot()->options.rank, Index{3});
    QTest::keyClick(rank, Qt::Key_Up);
    QTRY_COMPARE(window->study().snapshot()->options.rank, Index{4});
    QVERIFY(before != 3);
    QCOMPARE(window->study().phase(), Phase::Running);
    QCOMPARE(window->study().runs().size(), std::size_t{3});
    QCOMPARE(watch.wrong, QStringList());
    QCOMPARE(watch.errors, QStringList());
}

void TestWindow::anotherSeedWhilePausedBeginsAnewAndRests()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    Options options = window->study().options();
    options.initializer.id = "random";
    window->study().setOptions(options);
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    type(window->findChild<QSpinBox*>("seed"), "17");
    QTRY_COMPARE(window->study().snapshot()->options.seed, std::uint64_t{17});
    QTRY_VERIFY(rests(*window));
    QCOMPARE(iterationOf(*window), 0);
    QCOMPARE(window->study().phase(), Phase::Paused);
}

void TestWindow::keysOfARunDoNotDisturbTyping()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* limit = window->findChild<QSpinBox*>("iterations");
    QVERIFY(limit && limit->isVisible());
    type(limit, "77");
    QCOMPARE(window->study().options().maxIterations, 77);
    QCOMPARE(window->study().phase(), Phase::Ready);
    QVERIFY(!window->study().snapshot());
}

void TestWindow::aFileIsOpenedByTheDialog()
{
    const auto window = shownWindow();
    QSignalSpy opened(&window->study(), &Study::opened);
    press(*window, Qt::Key_O, Qt::ControlModifier);
    answerFileDialog(*window, m_good);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->V.rows(), Index{5});
    QVERIFY(window->findChild<QWidget*>("basis-bars")->isVisible());
}

void TestWindow::aDroppedFileIsOpened()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    openByCard(*window, "bars");
    letRunEndlessly(*window);
    press(*window, Qt::Key_Space);
    QTRY_VERIFY(iterationOf(*window) > 0);
    QSignalSpy opened(&window->study(), &Study::opened);
    drop(*window, {QUrl::fromLocalFile(m_good)});
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->V.rows(), Index{5});
    QTRY_VERIFY(iterationOf(*window) > 0);
    QVERIFY(window->windowTitle().contains("good"));
    QVERIFY(!messages(*window)->isVisible());
    QCOMPARE(watch.wrong, QStringList());
}

void TestWindow::whatCannotBeOpenedIsOneSentence_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("named");
    QTest::newRow("a word in a table") << QUrl::fromLocalFile(file("broken.csv", "1,2\n3,word\n")) << "broken.csv";
    QTest::newRow("a cut array") << QUrl::fromLocalFile(file("cut.npy", QByteArray("\x93NUMPY\x01\x00", 8)))
                                 << "cut.npy";
    QTest::newRow("no picture") << QUrl::fromLocalFile(file("no.png", "this is no picture")) << "no.png";
    QTest::newRow("an empty folder") << QUrl::fromLocalFile(m_folder.filePath("empty")) << "empty";
    QTest::newRow("a page of the web") << QUrl("https://example.org/faces.npy") << "this computer";
}

void TestWindow::whatCannotBeOpenedIsOneSentence()
{
    QFETCH(QUrl, url);
    QFETCH(QString, named);
    QDir(m_folder.path()).mkdir("empty");
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    const auto dataset = window->study().dataset();
    const auto snapshot = window->study().snapshot();
    drop(*window, {url});
    MessageBar* bar = messages(*window);
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(bar->kind() == MessageBar::Kind::Error);
    QVERIFY2(bar->text().contains(named), qPrintable(bar->text()));
    QVERIFY2(bar->text().endsWith('.') && !bar->text().contains('\n'), qPrintable(bar->text()));
    QCOMPARE(window->study().dataset(), dataset);
    QCOMPARE(window->study().snapshot(), snapshot);
    // What can be opened afterwards wipes it off.
    openNow(*window, m_good);
    QVERIFY(!bar->isVisible());
}

void TestWindow::severalDroppedFilesAreSaid()
{
    const auto window = shownWindow();
    QSignalSpy opened(&window->study(), &Study::opened);
    drop(*window, {QUrl::fromLocalFile(m_good), QUrl::fromLocalFile(m_good)});
    QTRY_COMPARE(opened.count(), 1);
    QVERIFY(messages(*window)->isVisible());
    QVERIFY(messages(*window)->text().contains('2'));
}

void TestWindow::closingWhileRunningIsQuick_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<bool>("paused");
    QTest::newRow("bars") << "sample:bars" << false;
    QTest::newRow("paused") << "sample:bars" << true;
    QTest::newRow("faces") << "sample:cartoon-faces" << false;
}

void TestWindow::closingWhileRunningIsQuick()
{
    QFETCH(QString, source);
    QFETCH(bool, paused);
    auto window = shownWindow();
    openNow(*window, source);
    letRunEndlessly(*window);
    press(*window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(iterationOf(*window) > 0, 20000);
    if (paused)
        press(*window, Qt::Key_Space);
    QElapsedTimer timer;
    timer.start();
    press(*window, Qt::Key_Q, Qt::ControlModifier);
    QVERIFY(!window->isVisible());
    window.reset();
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

void TestWindow::factorsAreSaved_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("name");
    QTest::newRow("W as NPY") << "Basis W…"
                              << "W.npy";
    QTest::newRow("W as CSV") << "Basis W…"
                              << "W.csv";
    QTest::newRow("H as NPY") << "Coefficients H…"
                              << "H.npy";
    QTest::newRow("H as CSV") << "Coefficients H…"
                              << "H.csv";
    QTest::newRow("an ending in capitals") << "Coefficients H…"
                                           << "H2.CSV";
}

void TestWindow::factorsAreSaved()
{
    QFETCH(QString, action);
    QFETCH(QString, name);
    const auto window = shownWindow();
    openNow(*window, m_good);
    QVERIFY(!actionNamed(*window, action)->isEnabled());
    press(*window, Qt::Key_Space);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QVERIFY(actionNamed(*window, action)->isEnabled());
    actionNamed(*window, action)->trigger();
    const QString path = m_folder.filePath(name);
    answerFileDialog(*window, path);
    QTRY_VERIFY(QFile::exists(path));
    QTest::qWait(20);
    const Dataset saved = load(path.toStdString(), formats());
    const Snapshot& snapshot = *window->study().snapshot();
    const Matrix<double> expected = name.startsWith('W') ? *snapshot.W : Matrix<double>(snapshot.Ht->transpose());
    QVERIFY(*saved.V.dense<double>() == expected);
    QVERIFY(!messages(*window)->isVisible());
}

void TestWindow::twoSavesInARowAreBothWritten()
{
    Study study;
    QSignalSpy opened(&study, &Study::opened);
    study.open("sample:bars");
    QVERIFY(opened.wait());
    study.step();
    QTRY_VERIFY(study.snapshot());
    Exporter exporter;
    QSignalSpy saved(&exporter, &Exporter::saved), failed(&exporter, &Exporter::failed);
    for (const char* name : {"1.npy", "2.csv", "3.npy", "missing/4.npy", "5.csv"})
        exporter.save(study.snapshot(), Exporter::What::Basis, m_folder.filePath(name));
    QTRY_COMPARE(saved.count(), 4);
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(failed.first().first().toString().contains("4.npy"));
    for (const char* name : {"1.npy", "2.csv", "3.npy", "5.csv"})
        QVERIFY2(QFile::exists(m_folder.filePath(name)), name);
    {
        Exporter leaving;
        for (const char* name : {"6.npy", "7.npy"})
            leaving.save(study.snapshot(), Exporter::What::Coefficients, m_folder.filePath(name));
    }
    QVERIFY(QFile::exists(m_folder.filePath("6.npy")) && QFile::exists(m_folder.filePath("7.npy")));
}

void TestWindow::everyFigureIsSaved_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("figure");
    for (const char* figure : {"basis-images", "coefficients", "loss-plot"})
        QTest::addRow("bars: %s", figure) << "sample:bars" << figure;
    for (const char* figure : {"basis-bars", "coefficients", "loss-plot"})
        QTest::addRow("table: %s", figure) << m_good << figure;
}

void TestWindow::everyFigureIsSaved()
{
    QFETCH(QString, source);
    QFETCH(QString, figure);
    const auto window = shownWindow();
    openNow(*window, source);
    press(*window, Qt::Key_Space);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    Figure* shown = figureNamed(*window, figure);
    QVERIFY(shown);
    const QString path = m_folder.filePath(figure);
    shown->save(path + ".png");
    shown->save(path + ".svg");
    shown->save(path + ".pdf");
    verifyPicture(path + ".png");
    QCOMPARE(QImage(path + ".png").size(), 2 * shown->figureSize());
    verifyDrawing(path + ".svg");
    QVERIFY(QFileInfo(path + ".pdf").size() > 500);
    QVERIFY_EXCEPTION_THROWN(shown->save(m_folder.filePath("missing/figure.png")), std::runtime_error);
}

void TestWindow::aFigureIsSavedByTheMenu()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Space);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    actionNamed(*window, "Loss curve…")->trigger();
    answerFileDialog(*window, m_folder.filePath("by menu.png"));
    QTRY_VERIFY(QFile::exists(m_folder.filePath("by menu.png")));
    verifyPicture(m_folder.filePath("by menu.png"));
    actionNamed(*window, "Loss curve…")->trigger();
    answerFileDialog(*window, m_folder.filePath("figure.txt"));
    QTRY_VERIFY(messages(*window)->isVisible());
    QVERIFY(messages(*window)->text().contains("figure.txt"));
}

void TestWindow::aFigureIsCopied_data()
{
    QTest::addColumn<QString>("view");
    for (const char* view : {"basis-images", "coefficients", "loss-plot"})
        QTest::newRow(view) << view;
}

void TestWindow::aFigureIsCopied()
{
    QFETCH(QString, view);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Space);
    QTRY_COMPARE(window->study().phase(), Phase::Finished);
    QApplication::clipboard()->clear();
    Figure* figure = figureNamed(*window, view);
    auto* shown = dynamic_cast<QWidget*>(figure);
    QVERIFY(shown);
    // A click makes a view the one that is meant.
    QTest::mouseClick(shown, Qt::LeftButton, {}, shown->rect().center());
    shown->setFocus();
    press(*window, Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY(QApplication::clipboard()->mimeData()->hasImage());
    const auto image = QApplication::clipboard()->image();
    QCOMPARE(image.size(), 2 * figure->figureSize());
    QVERIFY(QApplication::clipboard()->mimeData()->hasFormat("image/svg+xml"));
}

void TestWindow::recentFilesAreRemembered()
{
    {
        const auto window = shownWindow();
        openNow(*window, "sample:bars");
        openNow(*window, m_good);
        openNow(*window, "sample:bars");
        openNow(*window, m_good);
        window->close();
    }
    QCOMPARE(Settings().recentSources(), QStringList({m_good, "sample:bars"}));
    const auto window = shownWindow();
    QToolButton* link = nullptr;
    for (auto* button : window->findChildren<QToolButton*>())
        if (button->toolTip() == m_good)
            link = button;
    QSignalSpy opened(&window->study(), &Study::opened);
    click(link);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().toString(), m_good);
}

void TestWindow::theLayoutIsRememberedAndReset()
{
    {
        const auto window = shownWindow();
        openByCard(*window, "bars");
        window->resize(1100, 700);
        actionNamed(*window, "Loss")->trigger();
        QVERIFY(!window->findChild<QDockWidget*>("loss")->isVisible());
        auto* model = window->findChild<QDockWidget*>("model");
        window->addDockWidget(Qt::RightDockWidgetArea, model);
        window->close();
    }
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QCOMPARE(window->size(), QSize(1100, 700));
    QVERIFY(!window->findChild<QDockWidget*>("loss")->isVisible());
    QVERIFY(window->findChild<QDockWidget*>("data")->isVisible());
    QCOMPARE(window->dockWidgetArea(window->findChild<QDockWidget*>("model")), Qt::RightDockWidgetArea);

    actionNamed(*window, "Reset layout")->trigger();
    for (const char* dock : {"data", "model", "coefficients", "loss"})
        QVERIFY2(window->findChild<QDockWidget*>(dock)->isVisible(), dock);
    QCOMPARE(window->dockWidgetArea(window->findChild<QDockWidget*>("model")), Qt::LeftDockWidgetArea);
}

void TestWindow::aSelectionIsSeenInAllViews()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    QSignalSpy chosen(&window->selection(), &Selection::componentChanged);
    auto* gallery = window->findChild<TileArea*>("basis-images");
    QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, gallery->rectOf(2).center());
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(window->selection().component(), 2);
    QCOMPARE(window->findChild<Heatmap*>()->selectedRow(), 2);
    openNow(*window, m_good);
    QCOMPARE(window->selection().component(), -1);
}

void TestWindow::everyControlHasAName()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    int controls = 0;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        const bool isControl = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
                               qobject_cast<QAbstractSpinBox*>(widget);
        // Qt's own buttons of docks and toolbars.
        if (!isControl || widget->objectName().startsWith("qt_"))
            continue;
        ++controls;
        QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(heard);
        // A combo box says its current text instead of a name.
        const QString name =
            qobject_cast<QComboBox*>(widget) ? widget->accessibleName() : heard->text(QAccessible::Name);
        QVERIFY2(!name.trimmed().isEmpty(), qPrintable(QStringLiteral("%1 \"%2\" in \"%3\"")
                                                           .arg(widget->metaObject()->className(), widget->objectName(),
                                                                widget->parentWidget()->objectName())));
    }
    QVERIFY(controls > 20);
}

void TestWindow::everyActionIsExplained()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    for (const char* name : {"run", "step", "half-step", "stop", "restart", "continue"}) {
        auto* action = window->findChild<QAction*>(name);
        QVERIFY2(action, name);
        QVERIFY2(!action->icon().isNull(), name);
        QVERIFY2(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)), name);
    }
    QMap<QString, QString> keys;
    for (QAction* action : window->findChildren<QAction*>())
        for (const QKeySequence& key : action->shortcuts()) {
            QVERIFY2(!keys.contains(key.toString()), qPrintable(key.toString() + " is taken twice: " + action->text()));
            keys[key.toString()] = action->text();
        }
    QVERIFY(keys.size() > 10);
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
