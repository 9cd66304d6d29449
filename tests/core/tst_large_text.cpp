#include "core/formats/formats.h"
#include "core/random_numbers.h"
#include "tests/support/refusal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

bool sameBits(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// A table that is read on all processors, and what makes one of its lines so odd that it is read with care.
QByteArray table(char delimiter, bool names, const QByteArray& lineEnd)
{
    const RandomNumbers random(5);
    QByteArray text = names ? "gene" : "a";
    for (int j = names ? 0 : 1; j < 9; ++j)
        text += delimiter + QByteArray("s") + QByteArray::number(j);
    text += lineEnd;
    for (int i = 0; i < 4000; ++i) {
        if (names)
            text += (i % 2 ? "\"g" + QByteArray::number(i) + "\"" : "g" + QByteArray::number(i)) + delimiter;
        for (int j = 0; j < 9; ++j) {
            const auto at = static_cast<std::uint64_t>(9 * i + j);
            const QByteArray number = QByteArray::number(std::pow(10, 20 * random.uniform(at) - 10), 'g', 17);
            const QByteArray cell = at % 97 == 0    ? QByteArray("NA")
                                    : at % 101 == 0 ? QByteArray()
                                    : at % 103 == 0 ? " " + number + " "
                                    : at % 107 == 0 ? "+" + number
                                                    : number;
            text += cell + (j < 8 ? QByteArray(1, delimiter) : lineEnd);
        }
    }
    return text;
}

} // namespace

/// Text that is large enough to be read on all processors is read to the same bits, and refused at the same place, as
/// line by line.
class TestLargeText : public QObject
{
    Q_OBJECT

private slots:
    void tablesAreReadAlike_data()
    {
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<bool>("names");
        QTest::addColumn<QByteArray>("lineEnd");
        QTest::newRow("commas") << ',' << false << QByteArray("\n");
        QTest::newRow("tabs, names, Windows") << '\t' << true << QByteArray("\r\n");
        QTest::newRow("semicolons, names") << ';' << true << QByteArray("\n");
    }
    void tablesAreReadAlike()
    {
        QFETCH(char, delimiter);
        QFETCH(bool, names);
        QFETCH(QByteArray, lineEnd);
        const QByteArray text = table(delimiter, names, lineEnd);
        QVERIFY(text.size() > 2 << 20 || text.size() > 64 * 1024);
        const Dataset quick = loaded("quick.csv", text), careful = loaded("careful.csv", text + lineEnd + lineEnd);
        QCOMPARE(quick.V.rows(), Index(4000));
        QCOMPARE(quick.V.cols(), Index(9));
        for (Index j = 0; j < 9; ++j)
            for (Index i = 0; i < 4000; ++i)
                QVERIFY2(sameBits(quick.V(i, j), careful.V(i, j)),
                         qPrintable(QString("row %1, column %2").arg(i).arg(j)));
        QCOMPARE(quick.features.names, careful.features.names);
        QCOMPARE(quick.samples.names, careful.samples.names);
        QCOMPARE(quick.notes, careful.notes);
    }

    void aFaultIsFoundInItsPlace()
    {
        QByteArray text = table(',', false, "\n");
        const qsizetype place = text.indexOf('\n', text.size() / 2) + 1;
        text.insert(place, "oops,");
        const auto line = text.first(place).count('\n') + 1;
        const QString said = refusal([&] { loaded("wrong.csv", text); });
        QVERIFY2(said.contains(QString("line %1").arg(line)), qPrintable(said));
    }

    void listsOfEntriesAreReadAlike()
    {
        const RandomNumbers random(6);
        QByteArray head = "%%MatrixMarket matrix coordinate real general\n700 300 20000\n", entries;
        for (std::uint64_t i = 0; i < 20000; ++i)
            entries += QByteArray::number(1 + static_cast<int>(random.below(700, 3 * i))) + ' ' +
                       QByteArray::number(1 + static_cast<int>(random.below(300, 3 * i + 1))) + ' ' +
                       QByteArray::number(random.uniform(3 * i + 2), 'g', 17) + '\n';
        const Dataset quick = loaded("quick.mtx", head + entries),
                      careful = loaded("careful.mtx", head + "% a comment\n" + entries);
        QCOMPARE(quick.V.stored(), careful.V.stored());
        QVERIFY(quick.V.stored() < 20000);
        for (Index j = 0; j < 300; ++j)
            QVERIFY(quick.V.column(j) == careful.V.column(j));
        QCOMPARE(quick.notes, careful.notes);
        QByteArray wrong = entries;
        wrong.replace(wrong.indexOf('\n', wrong.size() / 2) + 1, 1, "x");
        const QString said = refusal([&] { loaded("wrong.mtx", head + wrong); });
        QVERIFY2(said.contains("line 1") && said.contains("whole number"), qPrintable(said));
    }

private:
    Dataset loaded(const QString& name, const QByteArray& bytes) const
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        file.close();
        return load(path.toStdString(), formats());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestLargeText)
#include "tst_large_text.moc"
