#include "core/error.h"
#include "core/formats/formats.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <string>
#include <sys/resource.h>

namespace
{

/// Megabytes that the process, or the largest of those that it has started, took at the most so far.
double peak(int whose)
{
    rusage usage{};
    getrusage(static_cast<__rusage_who>(whose), &usage);
    return static_cast<double>(usage.ru_maxrss) / 1000;
}

} // namespace

/// Small files that claim a million times a million numbers are refused before anything is allocated for them.
class TestClaims : public QObject
{
    Q_OBJECT

private slots:
    void aClaimOfAMillionMillionsIsRefused_data()
    {
        QTest::addColumn<QString>("path");
        const QFileInfoList files = QDir(PARTSCOPE_CLAIMS).entryInfoList(QDir::Files);
        QCOMPARE(files.size(), qsizetype(10));
        for (const QFileInfo& file : files)
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }

    void aClaimOfAMillionMillionsIsRefused()
    {
        QFETCH(QString, path);
        const double before = peak(RUSAGE_SELF);
        QElapsedTimer timer;
        timer.start();
        std::string sentence;
        try {
            nmf::load(path.toStdString(), nmf::formats());
        } catch (const nmf::Error& error) {
            sentence = error.what();
        }
        qInfo("%lld ms: %s", timer.elapsed(), sentence.c_str());
        QVERIFY(!sentence.empty());
        const QString text = QString::fromStdString(sentence);
        QVERIFY2(text.contains("1000000"), sentence.c_str());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        constexpr double most = 50;
        QVERIFY2(peak(RUSAGE_SELF) - before < most, qPrintable(QString::number(peak(RUSAGE_SELF) - before)));
        QVERIFY2(peak(RUSAGE_CHILDREN) < most, qPrintable(QString::number(peak(RUSAGE_CHILDREN))));
#endif
    }
};

QTEST_APPLESS_MAIN(TestClaims)
#include "tst_claims.moc"
