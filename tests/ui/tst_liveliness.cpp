#include "core/random_numbers.h"
#include "tests/support/promptly.h"
#include "tests/support/test_data.h"
#include "tests/support/window_driver.h"

#include <QAbstractScrollArea>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QTimer>

#include <iostream>

using namespace nmf;
using namespace nmf::ui;

namespace
{

/// Enough of them that what opening and first painting cost does not count for more than it does to a user.
constexpr int iterations = 300;

/// Longest time between two of its own beats, while it beats: how long the window's thread was deaf.
class Heartbeat : public QObject
{
public:
    Heartbeat()
    {
        connect(&m_timer, &QTimer::timeout, this, [this] {
            if (m_sinceLast.isValid())
                m_longest = std::max(m_longest, static_cast<double>(m_sinceLast.nsecsElapsed()) / 1e6);
            m_sinceLast.start();
        });
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.start(10); // a heart that beats faster would itself slow the run
    }
    /// In milliseconds.
    double longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    double m_longest = 0;
};

/// Counts what reaches a widget's surface.
class PaintCounter : public QObject
{
public:
    explicit PaintCounter(QWidget* widget) { widget->installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        m_count += event->type() == QEvent::Paint;
        return QObject::eventFilter(watched, event);
    }
    int count() const { return m_count; }

private:
    int m_count = 0;
};

/// As many and as large as the ORL faces: noise, since only time is measured.
void writePictures(const QString& folder)
{
    const RandomNumbers random(1, 1);
    for (int picture = 0; picture < 400; ++picture) {
        QByteArray bytes = "P5 92 112 255\n";
        for (int pixel = 0; pixel < 10304; ++pixel)
            bytes.append(static_cast<char>(255 * random.uniform(static_cast<std::uint64_t>(picture * 10304 + pixel))));
        QFile file(QStringLiteral("%1/%2.pgm").arg(folder).arg(picture));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("The test cannot write its files.");
    }
}

/// Opens the source in a window of the usual size and asks for so many parts.
void openIn(MainWindow& window, const QString& source, int maxIterations)
{
    window.showNormal();
    window.resize(1280, 800);
    window_driver::openNow(window, source);
    Options options = window.study().options();
    options.rank = 49;
    options.maxIterations = maxIterations;
    options.tolerance = 0;
    window.study().setOptions(options);
    QTest::qWait(300);
}

} // namespace

/// How lively the window stays while it computes. The numbers are printed; the bounds leave room for busy machines.
class TestLiveliness : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aLargeRunLeavesTheWindowAlive_data();
    void aLargeRunLeavesTheWindowAlive();
    void theFirstPictureComesAtOnce();

private:
    QTemporaryDir m_folder;
};

void TestLiveliness::initTestCase()
{
    QVERIFY(m_folder.isValid());
    useOwnSettings(m_folder);
}

void TestLiveliness::aLargeRunLeavesTheWindowAlive_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("view");
    const QString folder = test_data::path("faces/orl/pgm"),
                  table = test_data::path("faces/orl/orl_10304x400_uint8.npy");
    if (test_data::there()) {
        QTest::newRow("faces") << folder << "basis-images";
        QTest::newRow("faces as a table") << table << "basis-bars";
    } else {
        QTest::newRow("noise") << QString() << "basis-images";
    }
}

void TestLiveliness::aLargeRunLeavesTheWindowAlive()
{
    QFETCH(QString, source);
    QFETCH(QString, view);
    if (source.isEmpty()) {
        source = m_folder.path() + "/pictures";
        QDir().mkpath(source);
        writePictures(source);
    }
    MainWindow window;
    openIn(window, source, iterations);
    Study& study = window.study();

    const Heartbeat heartbeat;
    const PaintCounter paints(window.findChild<QAbstractScrollArea*>(view)->viewport());
    QSignalSpy snapshots(&study, &Study::snapshotChanged);
    QElapsedTimer timer;
    double live = 0;
    QEventLoop untilFinished;
    connect(&study, &Study::phaseChanged, &untilFinished, [&] {
        if (study.phase() == Study::Phase::Finished) {
            live = static_cast<double>(timer.nsecsElapsed()) / 1e9;
            untilFinished.quit();
        }
    });
    QTimer::singleShot(180000, &untilFinished, &QEventLoop::quit);
    timer.start();
    study.run();
    untilFinished.exec();
    QCOMPARE(study.phase(), Study::Phase::Finished);
    QTest::qWait(100);
    const double longest = heartbeat.longest();

    timer.start();
    const Result batch = factorize(study.dataset(), study.options());
    const double alone = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    QCOMPARE(study.dataset()->V.rows(), Index{10304});
    QCOMPARE(study.dataset()->V.cols(), Index{400});
    std::cout << QTest::currentDataTag() << ": 10304 x 400, rank 49, " << iterations << " iterations, window "
              << window.width() << " x " << window.height() << ": " << live << " s live, " << alone
              << " s in batch, ratio " << live / alone << "; longest gap of the window " << longest << " ms (aim: 50); "
              << snapshots.count() << " snapshots, " << paints.count() << " paintings of the basis" << std::endl;
    QVERIFY(*study.snapshot()->W == batch.factors.W);
    QCOMPARE(study.snapshot()->record.iteration, iterations);
    QVERIFY(snapshots.count() >= 3);
    QVERIFY(paints.count() >= 3);
    QVERIFY2(longest < 400, qPrintable(QString::number(longest)));
    QVERIFY2(live < 2 * alone + 0.5, qPrintable(QString::number(live / alone)));
}

void TestLiveliness::theFirstPictureComesAtOnce()
{
    NEEDS_TEST_DATA();
    const QString source = test_data::path("faces/cbcl/cbcl_361x2429_uint8.npy");
    MainWindow window;
    openIn(window, source, iterations);
    Study& study = window.study();
    QSignalSpy snapshots(&study, &Study::snapshotChanged);
    QElapsedTimer timer;
    timer.start();
    study.run();
    QTRY_VERIFY(snapshots.count() > 0);
    const qint64 first = timer.elapsed();
    std::cout << "CBCL faces, rank 49: first picture " << first << " ms after the run was ordered (aim: 150)"
              << std::endl;
    QVERIFY2(first < 1500, qPrintable(QString::number(first)));
}

QTEST_MAIN(TestLiveliness)
#include "tst_liveliness.moc"
