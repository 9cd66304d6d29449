#include "core/error.h"
#include "core/random_numbers.h"
#include "tests/support/test_data.h"
#include "ui/model/image_format.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

/// Files that are cut, or have one byte changed, are read or refused with a sentence; nothing crashes, hangs or is
/// huge.
class TestDamagedFiles : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cutFilesAreReadOrRefused_data() { rowForEachSmallFile(); }
    void cutFilesAreReadOrRefused();
    void changedBytesAreReadOrRefused_data() { rowForEachSmallFile(); }
    void changedBytesAreReadOrRefused();
    void aCutPictureOrArrayIsNeverReadInPart_data() { rowForEachSmallFile(); }
    void aCutPictureOrArrayIsNeverReadInPart();

private:
    static void rowForEachSmallFile();
    QByteArray original() const;
    std::optional<nmf::Dataset> opened(const QByteArray& bytes) const;

    QTemporaryDir m_folder;
};

namespace
{

bool sameNumbers(const nmf::DataMatrix& a, const nmf::DataMatrix& b)
{
    for (nmf::Index column = 0; column < a.cols(); ++column)
        if (a.column(column) != b.column(column))
            return false;
    return true;
}

} // namespace

void TestDamagedFiles::initTestCase()
{
    NEEDS_TEST_DATA();
    QVERIFY(m_folder.isValid());
}

void TestDamagedFiles::rowForEachSmallFile()
{
    constexpr qint64 largest = 8192;
    QTest::addColumn<QString>("path");
    for (const char* kind : {"npy", "npz", "csv", "mtx", "images"})
        for (const QFileInfo& file : QDir(test_data::path("formats/") + kind).entryInfoList(QDir::Files))
            if (file.size() <= largest)
                QTest::newRow(qPrintable(kind + ('/' + file.fileName()))) << file.filePath();
}

QByteArray TestDamagedFiles::original() const
{
    QFETCH(QString, path);
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What the bytes give under the file's own name; nothing if they are refused in due form.
std::optional<nmf::Dataset> TestDamagedFiles::opened(const QByteArray& bytes) const
{
    QFETCH(QString, path);
    const QString name = m_folder.filePath(path.section('/', -1));
    // A file that is made anew waits for no disk, unlike one that is cut and filled again.
    QFile::remove(name);
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(name));
    file.close();
    try {
        nmf::Dataset dataset = nmf::ui::open(name.toStdString());
        constexpr nmf::Index largest = 1 << 20;
        if (dataset.V.size() == 0 || dataset.V.size() > largest)
            qFatal("read as %lld numbers", static_cast<long long>(dataset.V.size()));
        return dataset;
    } catch (const nmf::Error& error) {
        const QString message = QString::fromUtf8(error.what());
        if (!message.contains(path.section('/', -1)) || !message.endsWith('.') || message.contains('\n') ||
            message.size() > 400)
            qFatal("a poor sentence: %s", error.what());
        return {};
    }
}

void TestDamagedFiles::cutFilesAreReadOrRefused()
{
    const QByteArray bytes = original();
    const qsizetype step = std::max<qsizetype>(1, bytes.size() / 60);
    for (qsizetype length = 0; length < bytes.size(); length += step)
        opened(bytes.first(length));
}

void TestDamagedFiles::changedBytesAreReadOrRefused()
{
    const QByteArray bytes = original();
    const nmf::RandomNumbers numbers(7);
    constexpr int tries = 100;
    for (int i = 0; i < tries; ++i) {
        QByteArray changed = bytes;
        const auto index = static_cast<std::uint64_t>(i);
        // Headers stand in front: half of the tries go there.
        const auto range = static_cast<std::uint64_t>(i % 2 ? bytes.size() : std::min<qsizetype>(bytes.size(), 128));
        changed[static_cast<qsizetype>(numbers.below(range, 2 * index))] =
            static_cast<char>(numbers.below(256, 2 * index + 1));
        opened(changed);
    }
}

void TestDamagedFiles::aCutPictureOrArrayIsNeverReadInPart()
{
    QFETCH(QString, path);
    if (path.contains("/csv/"))
        return; // half of a table may be a table
    const QByteArray bytes = original();
    const std::optional<nmf::Dataset> whole = opened(bytes);
    for (const qsizetype length : {bytes.size() / 2, bytes.size() * 3 / 4, bytes.size() * 9 / 10, bytes.size() - 4}) {
        const std::optional<nmf::Dataset> part = opened(bytes.first(length));
        const bool same = part && whole && part->V.rows() == whole->V.rows() && part->V.cols() == whole->V.cols() &&
                          sameNumbers(part->V, whole->V);
        QVERIFY2(!part || same, qPrintable(QString("read in part with %1 of %2 bytes").arg(length).arg(bytes.size())));
    }
}

QTEST_GUILESS_MAIN(TestDamagedFiles)
#include "tst_damaged_files.moc"
