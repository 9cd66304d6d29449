#include "core/formats/archive.h"
#include "core/formats/npy_bytes.h"
#include "tests/support/batch_test.h"
#include "ui/model/component_editor.h"
#include "ui/model/session.h"

#include <QJsonArray>
#include <QSignalSpy>

using namespace nmf;

namespace
{

/// A run whose algorithm remembers nothing but the factors.
QStringList hals(int iterations, const QStringList& more)
{
    return QStringList{"run",    "table.csv", "--rank", "2",          "--solver",
                       "hals",   "--tol",     "0",      "--max-iter", QString::number(iterations),
                       "--quiet"} +
           more;
}

} // namespace

/// Sessions without a window: written, told of, run again, gone on with, and used as models.
class TestBatchSession : public QObject, BatchTest
{
    Q_OBJECT

private slots:
    void init();
    void aSessionSaysWhatItHolds();
    void aSessionRunsAgainToTheSameBytes();
    void aSessionGoesOnToTheBytesOfALongerRun();
    void whatIsGivenComesBeforeWhatTheSessionHas();
    void whatIsLockedStays();
    void whatTheWindowHasLockedStays();
    void aSessionIsAModel();
    void itsDataAreAnInput();
    void oddOrdersAreRefused_data();
    void oddOrdersAreRefused();
    void aFullDiskLeavesTheOldSession();
    void aKilledWindowLeavesItsWork();
};

void TestBatchSession::init()
{
    beginWithTwoTables();
    QCOMPARE(run(hals(20, {"--l1-w", "0.01", "--l1-h", "0.01", "--output", "out", "--session", "s.partscope"})).errors,
             "");
}

void TestBatchSession::aSessionSaysWhatItHolds()
{
    const QJsonObject report = run({"info", "s.partscope", "--json"}).report();
    QCOMPARE(report["shape"].toArray(), QJsonArray({4, 3}));
    const QJsonObject session = report["session"].toObject();
    QCOMPARE(session["runs"].toInt(), 1);
    QCOMPARE(session["reached"].toObject()["iterations"].toInt(), 20);
    QCOMPARE(session["reached"].toObject()["objective"].toDouble(), reportIn(path("out"))["objective"].toDouble());
    const QString text = run({"info", "s.partscope"}).output;
    QVERIFY2(text.contains("iteration 20") && text.contains("from BRCA1 to EGFR"), qPrintable(text));
}

void TestBatchSession::aSessionRunsAgainToTheSameBytes()
{
    const Outcome result = run({"run", "s.partscope", "--quiet", "--output", "again", "--session", "t.partscope"});
    QCOMPARE(result.errors, "");
    for (const char* file : {"/W.npy", "/H.npy"})
        QVERIFY(contents(path("out") + file) == contents(path("again") + file));
    QCOMPARE(reportIn(path("again"))["options"].toObject()["l1_h"].toDouble(), 0.01);
    QCOMPARE(run({"info", "t.partscope", "--json"}).report()["session"].toObject()["runs"].toInt(), 2);
}

void TestBatchSession::aSessionGoesOnToTheBytesOfALongerRun()
{
    QCOMPARE(run({"run", "s.partscope", "--continue", "15", "--quiet", "--output", "more"}).errors, "");
    QCOMPARE(run(hals(35, {"--l1-w", "0.01", "--l1-h", "0.01", "--output", "whole"})).errors, "");
    for (const char* file : {"/W.npy", "/H.npy"})
        QVERIFY(contents(path("more") + file) == contents(path("whole") + file));
    QCOMPARE(reportIn(path("more"))["iterations"].toInt(), 35);
    QCOMPARE(contents(path("more/loss.csv")).count('\n'), 37);
}

void TestBatchSession::whatIsGivenComesBeforeWhatTheSessionHas()
{
    QCOMPARE(run({"run", "s.partscope", "--rank", "3", "--max-iter", "4", "--quiet", "--output", "other"}).errors, "");
    const QJsonObject options = reportIn(path("other"))["options"].toObject();
    QCOMPARE(options["rank"].toInt(), 3);
    QCOMPARE(options["max_iter"].toInt(), 4);
    QCOMPARE(options["solver"].toString(), "hals");
}

void TestBatchSession::whatIsLockedStays()
{
    const Matrix<double> W = matrixIn(path("out/W.npy")) * 2, Ht = matrixIn(path("out/H.npy")).transpose();
    writeFile(path("start.npz"),
              QByteArray::fromStdString(archiveOf({{"W.npy", npyBytes(W)}, {"H.npy", npyBytesTransposed(Ht)}})));
    writeFile(path("locks.csv"), "0,1\n0,0\n0,0\n1,0\n");
    QCOMPARE(run(hals(9, {"--init", "start.npz", "--lock-w", "1", "--lock-entries-w", "locks.csv", "--session",
                          "locked.partscope"}))
                 .errors,
             "");
    // Neither the start nor the table of locks is there any more: both are in the session.
    QVERIFY(QFile::remove(path("start.npz")) && QFile::remove(path("locks.csv")));
    for (const QStringList& more : {QStringList{}, QStringList{"--continue", "5"}}) {
        const Outcome result = run(QStringList{"run", "locked.partscope", "--quiet", "--output", "kept"} + more);
        QCOMPARE(result.errors, "");
        const Matrix<double> kept = matrixIn(path("kept/W.npy"));
        QVERIFY(kept.col(0) == W.col(0));
        QCOMPARE(kept(0, 1), W(0, 1));
        QVERIFY(kept(1, 1) != W(1, 1));
    }
}

void TestBatchSession::whatTheWindowHasLockedStays()
{
    ui::Study study;
    ui::ComponentEditor editor(study);
    QSignalSpy opened(&study, &ui::Study::opened);
    study.open(path("table.csv"));
    QVERIFY(opened.wait(20000));
    Options options = study.options();
    options.rank = 2;
    options.algorithm = {"hals", {}};
    options.maxIterations = 4;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), ui::Study::Phase::Finished);
    const Matrix<double> W = *study.snapshot()->W;
    editor.setLocked(Side::Basis, 1, true);
    QTRY_COMPARE(study.snapshot()->run, std::uint64_t{2});
    editor.rename(1, "kept");
    ui::writeSession(study.session(), ui::Embedding::Always, path("window.partscope").toStdString());
    for (const QStringList& more : {QStringList{}, QStringList{"--continue", "5"}}) {
        const Outcome result =
            run(QStringList{"run", "window.partscope", "--quiet", "--formats", "csv", "--output", "locked"} + more);
        QCOMPARE(result.errors, "");
        const Matrix<double> kept = matrixIn(path("locked/W.npy"));
        QVERIFY(kept.col(1) == W.col(1));
        QVERIFY(kept.col(0) != W.col(0));
        QVERIFY(contents(path("locked/W.csv")).contains("component 1,kept"));
    }
}

void TestBatchSession::aSessionIsAModel()
{
    QCOMPARE(run({"transform", "out", "table.csv", "--quiet", "--output", "by-folder"}).errors, "");
    QCOMPARE(run({"transform", "s.partscope", "table.csv", "--quiet", "--output", "by-session"}).errors, "");
    QVERIFY(contents(path("by-folder/H.npy")) == contents(path("by-session/H.npy")));
    QCOMPARE(reportIn(path("by-session"))["options"].toObject()["l1_h"].toDouble(), 0.01);
}

void TestBatchSession::itsDataAreAnInput()
{
    QCOMPARE(run({"transform", "out", "s.partscope", "--quiet", "--output", "one"}).errors, "");
    QCOMPARE(run({"transform", "out", "table.csv", "--quiet", "--output", "other"}).errors, "");
    QVERIFY(contents(path("one/H.npy")) == contents(path("other/H.npy")));
}

void TestBatchSession::oddOrdersAreRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("turned") << QStringList{"run", "s.partscope", "--transpose"} << "INPUT is a session";
    QTest::newRow("another meaning of zeros")
        << QStringList{"run", "s.partscope", "--zeros", "unknown"} << "INPUT is a session";
    QTest::newRow("going on from a table")
        << QStringList{"run", "table.csv", "--continue", "5"} << "name a session (.partscope) as INPUT";
    QTest::newRow("going on with many") << QStringList{"run", "s.partscope", "--continue", "5", "--restarts", "3"}
                                        << "from one pair of factors";
    QTest::newRow("another kind of file")
        << QStringList{"run", "table.csv", "--session", "out.npz"} << "must end in .partscope";
    QTest::newRow("no session") << QStringList{"run", "table.partscope"} << "cannot be opened as a Partscope session";
    QTest::newRow("not there") << QStringList{"info", "nothing.partscope"} << "There is no file nothing.partscope";
    QTest::newRow("a model without factors")
        << QStringList{"transform", "empty.partscope", "table.csv"} << "nothing was computed yet";
}

void TestBatchSession::oddOrdersAreRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    QVERIFY(QFile::copy(path("table.csv"), path("table.partscope")));
    ui::SavedSession empty;
    empty.dataset = ui::readSession(path("s.partscope").toStdString()).dataset;
    ui::writeSession(empty, ui::Embedding::Always, path("empty.partscope").toStdString());
    const Outcome result = run(arguments);
    QCOMPARE(result.status, 1);
    QVERIFY2(result.errors.contains(said) && result.errors.count('\n') == 1, qPrintable(result.errors));
}

void TestBatchSession::aFullDiskLeavesTheOldSession()
{
    const QByteArray old = contents(path("s.partscope"));
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start("/bin/bash", {"-c", "ulimit -f 4 && exec \"$@\"", "limited", PARTSCOPE_PROGRAM, "run",
                                "sample:cartoon-faces", "--max-iter", "2", "--quiet", "--session", "s.partscope"});
    const Outcome result = outcome(process);
    QCOMPARE(result.status, 1);
    QVERIFY2(result.errors.contains("There is no space left for s.partscope") && result.errors.count('\n') == 1,
             qPrintable(result.errors));
    QVERIFY(contents(path("s.partscope")) == old);
}

void TestBatchSession::aKilledWindowLeavesItsWork()
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_STATE_HOME", path("state"));
    environment.insert("XDG_CONFIG_HOME", path("config"));
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    process.setProcessEnvironment(environment);
    start(process, {"--run", "sample:worked-example"});
    const QDir folder(path("state/partscope/recovery"));
    const auto left = [&] { return folder.entryList({"*.partscope"}, QDir::Files); };
    QTRY_COMPARE_WITH_TIMEOUT(left().size(), 1, 60000);
    process.kill();
    QCOMPARE(outcome(process).status, -1);
    QCOMPARE(left().size(), 1);
    const QJsonObject report = run({"info", folder.filePath(left().first()), "--json"}).report();
    QVERIFY(report["session"].toObject()["reached"].toObject()["iterations"].toInt() > 0);
}

QTEST_GUILESS_MAIN(TestBatchSession)
#include "tst_batch_session.moc"
