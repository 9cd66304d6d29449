#include "tests/support/answers.h"
#include "tests/support/promptly.h"
#include "tests/support/session_files.h"
#include "ui/session_actions.h"

#include <QClipboard>

#include <functional>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;
using Phase = Study::Phase;

/// Sessions as a person saves, opens and loses them; whatever Qt warns of is a failure.
class TestSessionWindow : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init()
    {
        beginAfresh();
        Settings().setText("session/ask", "yes");
    }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void aSessionIsSavedByTheKeys();
    void anOpenedSessionShowsWhatItShowed();
    void whatTheWindowForgetsIsNotAsked();
    void unsavedResultsAreAskedFor();
    void savingBeforeClosingCloses();
    void whatPutsOtherDataInTheirPlaceAsksFirst_data();
    void whatPutsOtherDataInTheirPlaceAsksFirst();
    void savingBeforeOpeningOpens();
    void aSaveThatFailsKeepsTheWindow();
    void missingDataAreChosen();
    void lostWorkIsOffered();
    void theEmbeddingIsRemembered();

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
};

void TestSessionWindow::aSessionIsSavedByTheKeys()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QVERIFY(!window->isWindowModified());
    runToTheEnd(*window);
    QTRY_VERIFY(window->isWindowModified());
    QVERIFY(window->windowTitle().startsWith("Bars[*]"));
    press(*window, Qt::Key_S, Qt::ControlModifier);
    answerFileDialog(*window, path("mine"));
    QTRY_VERIFY(!window->isWindowModified());
    QVERIFY(QFile::exists(path("mine.partscope")));
    QVERIFY(window->windowTitle().startsWith("mine[*]"));
    QCOMPARE(Settings().recentSources().first(), path("mine.partscope"));
    // The second time it is known where.
    const QByteArray before = session_files::contents(path("mine.partscope"));
    window->study().step();
    QTRY_VERIFY(window->isWindowModified() && rests(*window));
    actionNamed(*window, "Save session")->trigger();
    QTRY_VERIFY(!window->isWindowModified());
    QVERIFY(!window->findChild<QFileDialog*>());
    QVERIFY(session_files::contents(path("mine.partscope")) != before);
    actionNamed(*window, "Save session as…")->trigger();
    answerFileDialog(*window, path("other.partscope"));
    QTRY_VERIFY(QFile::exists(path("other.partscope")));
    QVERIFY(!messages(*window)->isVisible());
}

void TestSessionWindow::anOpenedSessionShowsWhatItShowed()
{
    {
        const auto window = shownWindow();
        openByCard(*window, "bars");
        runToTheEnd(*window);
        window->selection().selectComponents({4, 0, 2});
        window->selection().selectSample(5);
        window->findChild<QDockWidget*>("loss")->close();
        QSignalSpy saved(&window->sessions().keeper(), &SessionKeeper::saved);
        window->sessions().keeper().save(path("shown.partscope"));
        QVERIFY(saved.wait());
    }
    beginAfresh();
    const auto window = shownWindow();
    openNow(*window, path("shown.partscope"));
    QTRY_VERIFY(window->study().snapshot());
    QTRY_COMPARE(window->selection().component(), 2);
    QCOMPARE(window->selection().components(), (std::vector<int>{4, 0, 2}));
    QCOMPARE(window->selection().sample(), 5);
    QVERIFY(!window->findChild<QDockWidget*>("loss")->isVisible());
    QVERIFY(window->findChild<QDockWidget*>("data")->isVisible());
    QVERIFY(!window->isWindowModified());
    QVERIFY(window->windowTitle().startsWith("shown[*]"));
    QCOMPARE(window->study().phase(), Phase::Finished);
}

void TestSessionWindow::whatTheWindowForgetsIsNotAsked()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    QVERIFY(window->close());
    QVERIFY(!window->findChild<QMessageBox*>());
    const auto other = shownWindow();
    openByCard(*other, "bars");
    runToTheEnd(*other);
    actionNamed(*other, "Ask before leaving unsaved results")->trigger();
    QTRY_VERIFY(other->isWindowModified());
    QVERIFY(other->close());
}

void TestSessionWindow::unsavedResultsAreAskedFor()
{
    const auto window = shownWindow();
    runBarsEndlessly(*window);
    QTRY_VERIFY(window->isWindowModified());
    press(*window, Qt::Key_Q, Qt::ControlModifier);
    QVERIFY(window->isVisible());
    // Whatever comes of the question, the results are safe.
    QTRY_VERIFY(!QDir(recoveryFolder()).entryList({"*.partscope"}).isEmpty());
    answer(*window, "unsaved-results", "Cancel");
    QVERIFY(window->isVisible());
    QCOMPARE(window->study().phase(), Phase::Running);
    QVERIFY(!window->close());
    answer(*window, "unsaved-results", "Discard");
    QTRY_VERIFY(!window->isVisible());
}

void TestSessionWindow::savingBeforeClosingCloses()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    QTRY_VERIFY(window->isWindowModified());
    QVERIFY(!window->close());
    answer(*window, "unsaved-results", "Save");
    answerFileDialog(*window, path("closing.partscope"));
    QTRY_VERIFY(!window->isVisible());
    QVERIFY(readSession(path("closing.partscope").toStdString()).reached);
}

void TestSessionWindow::whatPutsOtherDataInTheirPlaceAsksFirst_data()
{
    using Act = std::function<void(MainWindow&)>;
    QTest::addColumn<Act>("act");
    const auto row = [](const char* name, const Act& act) { QTest::newRow(name) << act; };
    row("open", [this](MainWindow& window) { window.open(m_good); });
    row("import", [this](MainWindow& window) { window.importFrom(m_good); });
    row("open again", [this](MainWindow& window) { window.reopen(m_good); });
    row("a sample", [](MainWindow& window) { window.open("sample:swimmer"); });
    row("reload", [](MainWindow& window) { actionNamed(window, "Reload")->trigger(); });
    row("exchange", [](MainWindow& window) { actionNamed(window, "Exchange rows and columns")->trigger(); });
    row("paste", [](MainWindow& window) {
        QGuiApplication::clipboard()->setText("1,2\n3,4\n5,7\n");
        actionNamed(window, "Paste data")->trigger();
    });
}

void TestSessionWindow::whatPutsOtherDataInTheirPlaceAsksFirst()
{
    QFETCH(std::function<void(MainWindow&)>, act);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    QTRY_VERIFY(window->isWindowModified());
    const auto dataset = window->study().dataset();
    const auto snapshot = window->study().snapshot();
    act(*window);
    answer(*window, "unsaved-results", "Cancel");
    QVERIFY(!window->study().loading());
    QCOMPARE(window->study().dataset(), dataset);
    QCOMPARE(window->study().snapshot(), snapshot);
    act(*window);
    answer(*window, "unsaved-results", "Discard");
    QTRY_VERIFY(window->study().dataset() != dataset);
    QVERIFY(!window->findChild<QMessageBox*>("unsaved-results"));
}

void TestSessionWindow::savingBeforeOpeningOpens()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    // What nobody would miss is not asked about.
    openNow(*window, m_good);
    QVERIFY(!window->findChild<QMessageBox*>());
    runToTheEnd(*window);
    QTRY_VERIFY(window->isWindowModified());
    window->open("sample:bars");
    answer(*window, "unsaved-results", "Save");
    answerFileDialog(*window, path("before.partscope"));
    QTRY_COMPARE(window->study().dataset()->title, std::string("Bars"));
    QCOMPARE(readSession(path("before.partscope").toStdString()).dataset->V.rows(), Index{5});
    QVERIFY(!window->isWindowModified());
}

void TestSessionWindow::aSaveThatFailsKeepsTheWindow()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    QSignalSpy failed(&window->sessions().keeper(), &SessionKeeper::failed);
    window->sessions().keeper().save(path("no/such/folder.partscope"));
    QVERIFY(failed.wait());
    QVERIFY(messages(*window)->isVisible());
    QVERIFY(messages(*window)->text().contains("folder.partscope"));
    QVERIFY(window->isWindowModified());
}

void TestSessionWindow::missingDataAreChosen()
{
    QVERIFY(QDir(m_folder.path()).mkdir("linked"));
    const QString data = study_driver::written(m_folder, "chosen.csv", "1,2,3\n4,5,6.25\n1,0,2\n");
    {
        const auto window = shownWindow();
        actionNamed(*window, "Link to the file of the data")->trigger();
        openNow(*window, data);
        runToTheEnd(*window);
        QSignalSpy saved(&window->sessions().keeper(), &SessionKeeper::saved);
        window->sessions().keeper().save(path("linked/linked.partscope"));
        QVERIFY(saved.wait());
    }
    QVERIFY(QFile::rename(data, path("moved.csv")));
    const auto window = shownWindow();
    window->open(path("linked/linked.partscope"));
    QSignalSpy opened(&window->study(), &Study::opened);
    answer(*window, "data-missing", "Choose the file…");
    answerFileDialog(*window, path("moved.csv"));
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->V(1, 2), 6.25);
    QTRY_VERIFY(window->study().snapshot());
}

void TestSessionWindow::lostWorkIsOffered()
{
    {
        const auto window = shownWindow();
        openByCard(*window, "bars");
        runToTheEnd(*window);
        QDir folder(recoveryFolder());
        QTRY_COMPARE(folder.entryList({"*.partscope"}).size(), 1);
        // As if the program had been ended here: what it leaves is there, and its lock is not held.
        QVERIFY(QFile::copy(folder.filePath(folder.entryList({"*.partscope"}).first()), path("kept")));
    }
    QVERIFY(QFile::rename(path("kept"), recoveryFolder() + "/0123456789ab-Bars.partscope"));
    const auto window = shownWindow();
    QVERIFY(window->sessions().offerLeftovers());
    QVERIFY(messages(*window)->isVisible());
    QVERIFY2(messages(*window)->text().contains("Bars"), qPrintable(messages(*window)->text()));
    for (auto* button : messages(*window)->findChildren<QPushButton*>())
        if (button->text() == "Open it") {
            click(button);
            break;
        }
    QTRY_VERIFY(window->study().snapshot());
    QTRY_VERIFY(window->isWindowModified());
    QVERIFY(Settings().recentSources().filter("0123456789ab").isEmpty());
    QTRY_VERIFY(!QFile::exists(recoveryFolder() + "/0123456789ab-Bars.partscope"));
    QVERIFY(!window->sessions().offerLeftovers());
}

void TestSessionWindow::theEmbeddingIsRemembered()
{
    {
        const auto window = shownWindow();
        actionNamed(*window, "Always hold the data")->trigger();
    }
    const auto window = shownWindow();
    QVERIFY(actionNamed(*window, "Always hold the data")->isChecked());
}

QTEST_MAIN(TestSessionWindow)
#include "tst_session_window.moc"
