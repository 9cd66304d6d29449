#include "tests/support/saved_sessions.h"
#include "ui/model/data_link.h"
#include "ui/model/image_format.h"

#include <QElapsedTimer>
#include <QJsonObject>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace nmf;
using namespace nmf::ui;
using namespace session_files;
using namespace saved_sessions;

/// What lies around a session: linked data are found, or asked for; saves that fail or are killed leave a whole file.
class TestSessionFiles : public QObject, saved_sessions::SessionFolder
{
    Q_OBJECT

private slots:
    void initTestCase();
    void linkedDataAreFound_data();
    void linkedDataAreFound();
    void linkedDataThatAreNotThereAreAskedFor();
    void aFolderIsLinked();
    void aLinkToAllThatThereIsIsCancelled();
    void dataThatChangedSinceTheyWereReadAreHeld();
    void aFailedSaveLeavesTheOldSession();
    void killedWhileSavingItLeavesASessionThatOpens();
};

void TestSessionFiles::initTestCase()
{
    QVERIFY(m_folder.isValid());
    useOwnSettings(m_folder);
}

void TestSessionFiles::linkedDataAreFound_data()
{
    QTest::addColumn<QString>("now");
    QTest::addColumn<bool>("transposed");
    QTest::newRow("where they were") << "home/data.csv" << false;
    QTest::newRow("and turned") << "home/data.csv" << true;
    QTest::newRow("moved with the session") << "away/data.csv" << false;
    QTest::newRow("beside it, with another name") << "home/renamed.csv" << false;
}

void TestSessionFiles::linkedDataAreFound()
{
    QFETCH(QString, now);
    QFETCH(bool, transposed);
    QDir(m_folder.path()).mkdir("home");
    QDir(path("away")).removeRecursively();
    QDir(path("home")).removeRecursively();
    QDir(m_folder.path()).mkdir("home");
    write(path("home/data.csv"), "1,2,3\n4,5,6.25\n7,8,10\n1,0,1\n");
    SavedSession session;
    const Dataset raw = nmf::ui::open(path("home/data.csv").toStdString());
    session.dataset = std::make_shared<const Dataset>(transposed ? raw.transposed() : raw);
    session.plan.transpose = transposed;
    save(session, "home/linked.partscope", Embedding::Never);
    for (const ArchiveMember& member : membersOf(path("home/linked.partscope")))
        QVERIFY(member.name != "V.npy");
    if (now.startsWith("away"))
        QVERIFY(QDir(m_folder.path()).rename("home", "away"));
    else if (now != "home/data.csv")
        QVERIFY(QFile::rename(path("home/data.csv"), path(now)));
    const SavedSession after = open(now.section('/', 0, 0) + "/linked.partscope");
    QVERIFY(same(*after.dataset->V.dense<double>(), *session.dataset->V.dense<double>()));
    QVERIFY(QFileInfo(QString::fromStdString(after.dataset->source)) == QFileInfo(path(now)));
    // A note says so where they are not the file that they were, as seen from the session.
    QCOMPARE(after.dataset->notes.size(), session.dataset->notes.size() + (now.endsWith("renamed.csv") ? 1 : 0));
}

void TestSessionFiles::linkedDataThatAreNotThereAreAskedFor()
{
    write(path("data.csv"), "1,2,3\n4,5,6.25\n");
    SavedSession session;
    session.dataset = std::make_shared<const Dataset>(nmf::ui::open(path("data.csv").toStdString()));
    QDir(m_folder.path()).mkdir("elsewhere");
    save(session, "elsewhere/linked.partscope", Embedding::Never);
    QVERIFY(QFile::rename(path("data.csv"), path("moved.csv")));
    QVERIFY_EXCEPTION_THROWN(open("elsewhere/linked.partscope"), DataMissing);
    QVERIFY2(refusalOf("elsewhere/linked.partscope").contains("data.csv, are not there any more"),
             qPrintable(refusalOf("elsewhere/linked.partscope")));
    write(path("data.csv"), "1,2,3\n4,5,6.50\n");
    QVERIFY(refusalOf("elsewhere/linked.partscope").contains("are no longer what they were"));
    const QString said = refusal([&] { open("elsewhere/linked.partscope", path("data.csv")); });
    QVERIFY2(said.contains("data.csv is not what linked.partscope was made with"), qPrintable(said));
    QCOMPARE(open("elsewhere/linked.partscope", path("moved.csv")).dataset->V(1, 2), 6.25);
}

void TestSessionFiles::aFolderIsLinked()
{
    QDir(m_folder.path()).mkdir("pictures");
    write(path("pictures/1.pgm"), "P2 2 1 9 1 2\n");
    write(path("pictures/2.pgm"), "P2 2 1 9 3 4\n");
    SavedSession session;
    session.dataset = std::make_shared<const Dataset>(nmf::ui::open(path("pictures").toStdString()));
    save(session, "pictures.partscope", Embedding::Never);
    QVERIFY(same(*open("pictures.partscope").dataset->V.dense<double>(), *session.dataset->V.dense<double>()));
    // Another name is another order, and other samples.
    QVERIFY(QFile::rename(path("pictures/1.pgm"), path("pictures/3.pgm")));
    QVERIFY(refusalOf("pictures.partscope").contains("are no longer what they were"));
}

void TestSessionFiles::aLinkToAllThatThereIsIsCancelled()
{
    write(path("lost.csv"), "1,2,3\n4,5,6.25\n");
    SavedSession session;
    session.dataset = std::make_shared<const Dataset>(nmf::ui::open(path("lost.csv").toStdString()));
    QDir(m_folder.path()).mkdir("far");
    save(session, "far/linked.partscope", Embedding::Never);
    QJsonObject json = jsonOf(path("far/linked.partscope")), data = json["data"].toObject();
    data["link"] = QJsonObject{{"path", "/"}, {"bytes", 9e18}, {"sha256", "none"}};
    json["data"] = data;
    writeWith(json, membersOf(path("far/linked.partscope")), path("far/linked.partscope"));
    std::stop_source stopped;
    stopped.request_stop();
    QVERIFY_EXCEPTION_THROWN(readSession(path("far/linked.partscope").toStdString(), {.stop = stopped.get_token()}),
                             Cancelled);
    // And no more of it is looked at than it may hold.
    data["link"] = QJsonObject{{"path", "/"}, {"bytes", 1}, {"sha256", "none"}};
    json["data"] = data;
    writeWith(json, membersOf(path("far/linked.partscope")), path("far/linked.partscope"));
    QVERIFY(refusalOf("far/linked.partscope").contains("are no longer what they were"));
}

void TestSessionFiles::dataThatChangedSinceTheyWereReadAreHeld()
{
    write(path("fleeting.csv"), "1,2,3\n4,5,6.25\n");
    SavedSession session;
    session.dataset = std::make_shared<const Dataset>(nmf::ui::open(path("fleeting.csv").toStdString()));
    session.sourceStamp = stampOf(path("fleeting.csv").toStdString());
    save(session, "fleeting.partscope", Embedding::Never);
    QVERIFY(jsonOf(path("fleeting.partscope"))["data"].toObject()["link"].isObject());
    write(path("fleeting.csv"), "1,2,3\n4,5,6.25\n7,8,9\n");
    save(session, "fleeting.partscope", Embedding::Never);
    QVERIFY(jsonOf(path("fleeting.partscope"))["data"].toObject()["link"].isNull());
    // What it holds is not what lies there: opened and saved again, it is still held.
    save(open("fleeting.partscope"), "fleeting.partscope", Embedding::Never);
    QCOMPARE(open("fleeting.partscope").dataset->V.rows(), Index{2});
}

void TestSessionFiles::aFailedSaveLeavesTheOldSession()
{
    save(barsSession(), "old.partscope");
    const QByteArray old = contents(path("old.partscope"));
    std::stop_source stopped;
    stopped.request_stop();
    const LoadControl control{.stop = stopped.get_token()};
    QVERIFY_EXCEPTION_THROWN(writeSession(sessionOf(sparseData(true), plain()), Embedding::Small,
                                          path("old.partscope").toStdString(), control),
                             Cancelled);
    QCOMPARE(contents(path("old.partscope")), old);
    const QString said = refusal([&] { save(barsSession(), "no/folder.partscope"); });
    QVERIFY2(said.contains("folder.partscope cannot be written"), qPrintable(said));
}

void TestSessionFiles::killedWhileSavingItLeavesASessionThatOpens()
{
    const SavedSession one = barsSession(), other = sessionOf(sparseData(false), plain());
    save(one, "killed.partscope");
    // The kills fall into the first few saves, however long one takes here.
    QElapsedTimer timer;
    timer.start();
    save(one, "killed.partscope");
    const auto microseconds = static_cast<unsigned>(6 * timer.nsecsElapsed() / 1000);
    std::mt19937 random(5);
    const int kills = qEnvironmentVariableIsSet("PARTSCOPE_LONG") ? 200 : 25;
    int replaced = 0;
    for (int i = 0; i < kills; ++i) {
        const pid_t child = ::fork();
        for (bool odd = false; child == 0; odd = !odd)
            save(odd ? one : other, "killed.partscope");
        ::usleep(static_cast<useconds_t>(random() % microseconds));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const SavedSession found = open("killed.partscope");
        QVERIFY(found.dataset->title == one.dataset->title || found.dataset->title == other.dataset->title);
        replaced += found.dataset->title == other.dataset->title;
    }
    QVERIFY2(replaced > 0 && replaced < kills, "The kills came when nothing was saved.");
}

QTEST_GUILESS_MAIN(TestSessionFiles)
#include "tst_session_files.moc"
