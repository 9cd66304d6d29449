#include "tests/support/promptly.h"
#include "tests/support/study_driver.h"
#include "ui/views/data_table.h"
#include "ui/views/data_view.h"

#include <QHelpEvent>
#include <QToolTip>

using namespace nmf;
using namespace nmf::ui;

/// What is open, at a glance and by its numbers; what is unknown shows as that.
class TestDataView : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    /// Four films and three people, of rank one where something is known.
    QString m_ratings = study_driver::written(m_folder, "list.csv",
                                              "userId,movieId,rating\n7,1,1\n7,2,2\n7,3,3\n8,1,2\n8,4,8\n9,2,6\n9,3,9\n"
                                              "9,4,12\n");

    static void takeGapsForUnknown(Study& study, bool unknown)
    {
        Options options = study.options();
        options.unstoredUnknown = unknown;
        options.rank = 1;
        study.setOptions(options);
    }

    static QString shown(const DataTable& table, int row, int column)
    {
        return table.data(table.index(row, column), Qt::DisplayRole).toString();
    }

    static bool isStriped(const QImage& image, int column, int row)
    {
        const QColor colour = image.pixelColor(column, row);
        return colour.red() != colour.blue();
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void gapsOfASparseTableAreStripedWhileTheyAreUnknown()
    {
        Study study;
        Selection selection;
        DataView view(study, selection);
        study_driver::openNow(study, m_ratings);
        auto* facts = view.findChild<QLabel*>("data-facts");
        QVERIFY(isStriped(study.montage(), 1, 1) && isStriped(study.montage(), 2, 0));
        QVERIFY(!isStriped(study.montage(), 0, 0));
        QVERIFY2(facts->text().contains("unknown: 33.3 %") && facts->text().contains("values: up to 12"),
                 qPrintable(facts->text()));
        takeGapsForUnknown(study, false);
        QCOMPARE(study.montage().pixelColor(1, 1), QColor(Qt::black));
        QVERIFY2(facts->text().contains("zeros: 33.3 %") && facts->text().contains("values: 0 to 12"),
                 qPrintable(facts->text()));
    }

    void gapsOfPicturesAreStripedToo()
    {
        SparseMatrix<double> V(4, 2);
        V.insert(1, 0) = 3;
        V.insert(2, 1) = 0;
        Dataset dataset;
        dataset.V = V;
        dataset.features = Axis::pixels(2, 2);
        const QImage known = montageOf(dataset, 2, 1, Gaps::Unknown), zeros = montageOf(dataset, 2, 1);
        QVERIFY(isStriped(known, 0, 0) && !isStriped(known, 1, 0));
        // A zero that is listed is known.
        QVERIFY(!isStriped(known, 3, 1) && !isStriped(zeros, 0, 0));
        QVERIFY(isUnknown(dataset, 0, 1, Gaps::Unknown) && !isUnknown(dataset, 2, 1, Gaps::Unknown));
        QVERIFY(!isUnknown(dataset, 0, 1));
    }

    void ofACellThatStandsForManyTheFirstUnknownIsMeant()
    {
        SparseMatrix<double> V(6, 6);
        for (const auto& [row, column] : {std::pair(0, 0), {1, 0}, {2, 0}, {3, 4}})
            V.insert(row, column) = 1;
        Dataset dataset;
        dataset.V = V;
        const auto place = [&](int x, int y, Gaps gaps) {
            const auto found = placeInMontage(dataset, {x, y}, 1, 1, gaps, 2);
            return QPoint(static_cast<int>(found->column), static_cast<int>(found->row));
        };
        QCOMPARE(place(0, 0, Gaps::Unknown), QPoint(1, 0));
        QCOMPARE(place(0, 1, Gaps::Unknown), QPoint(0, 3));
        QCOMPARE(place(0, 0, Gaps::Zero), QPoint(0, 0));
        const QImage image = montageOf(dataset, 1, 1, Gaps::Unknown, 2);
        QVERIFY(!isStriped(image, 0, 0) && isStriped(image, 0, 1) && !isStriped(image, 1, 1));
    }

    void pointingAtAGapSaysWhatTheModelMakesOfIt()
    {
        Study study;
        Selection selection;
        DataView view(study, selection);
        view.resize(300, 600);
        view.show();
        study_driver::openNow(study, m_ratings);
        const DataTable table(study);
        QCOMPARE(table.data(table.index(1, 1), Qt::ToolTipRole).toString(),
                 QStringLiteral("movie 2 · user 8 · unknown"));
        takeGapsForUnknown(study, true);
        study.run();
        study_driver::settle(study);
        const Snapshot& snapshot = *study.snapshot();
        const QString said = QStringLiteral("movie 2 · user 8 · unknown; the model says ") +
                             QLocale().toString(snapshot.W->row(1).dot(snapshot.Ht->row(1)), 'g', 6);
        QCOMPARE(table.data(table.index(1, 1), Qt::ToolTipRole).toString(), said);
        QVERIFY(table.data(table.index(3, 1), Qt::ToolTipRole).toString().startsWith("movie 4 · user 8 · V 8 · WH "));
        auto* picture = view.findChild<QLabel*>("data-montage");
        // In the second of three columns and of four rows.
        const QSize size = picture->pixmap().deviceIndependentSize().toSize();
        const QPoint point = picture->rect().center() - QPoint(0, size.height() / 8);
        QHelpEvent help(QEvent::ToolTip, point, picture->mapToGlobal(point));
        QApplication::sendEvent(picture, &help);
        QTRY_COMPARE(QToolTip::text(), said);
    }

    void theNumbersAreASecondLook()
    {
        Study study;
        Selection selection;
        DataView view(study, selection);
        view.show();
        auto* look = view.findChild<QComboBox*>("data-look");
        auto* table = view.findChild<QTableView*>("data-numbers");
        study_driver::openNow(study, study_driver::bars);
        QVERIFY(!look->isVisible() && !table->isVisible());
        study_driver::openNow(study, m_ratings);
        QVERIFY(look->isVisible() && !table->isVisible());
        look->setCurrentIndex(1);
        emit look->activated(1);
        QVERIFY(table->isVisible() && !view.findChild<QLabel*>("data-montage")->isVisible());
        const auto& numbers = *qobject_cast<DataTable*>(table->model());
        QCOMPARE(numbers.rowCount(), 4);
        QCOMPARE(numbers.columnCount(), 3);
        QCOMPARE(shown(numbers, 3, 2), QStringLiteral("12"));
        QCOMPARE(shown(numbers, 1, 1), QStringLiteral("unknown"));
        QCOMPARE(numbers.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("9"));
        QSignalSpy changed(&numbers, &QAbstractItemModel::dataChanged);
        takeGapsForUnknown(study, false);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(shown(numbers, 1, 1), QStringLiteral("0"));
    }

    void missingNumbersOfADenseTableAreUnknown()
    {
        Study study;
        study_driver::openNow(study, study_driver::written(m_folder, "gap.csv", ",a,b\nx,1,nan\ny,0,2.5\n"));
        const DataTable table(study);
        QCOMPARE(shown(table, 0, 1), QStringLiteral("unknown"));
        QCOMPARE(shown(table, 1, 0), QStringLiteral("0"));
        QCOMPARE(table.headerData(1, Qt::Vertical, Qt::DisplayRole).toString(), QStringLiteral("y"));
        QVERIFY(isStriped(study.montage(), 1, 0));
    }

    void ofALargeTableTheFirstNumbersAreShown()
    {
        // As a dense one it would need 7 GB.
        QByteArray list = "%%MatrixMarket matrix coordinate real general\n300000 3000 2\n1 1 2\n300000 3000 5\n";
        Study study;
        study_driver::openNow(study, study_driver::written(m_folder, "large.mtx", list));
        const DataTable table(study);
        QCOMPARE(table.rowCount(), static_cast<int>(DataTable::most));
        QCOMPARE(table.columnCount(), static_cast<int>(DataTable::most));
        QVERIFY2(table.limits().contains(QLocale().toString(300000)), qPrintable(table.limits()));
        QCOMPARE(shown(table, 0, 0), QStringLiteral("2"));
        QCOMPARE(shown(table, 999, 999), QStringLiteral("0"));
    }
};

QTEST_MAIN(TestDataView)
#include "tst_data_view.moc"
