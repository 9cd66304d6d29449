#include "core/error.h"
#include "core/formats/formats.h"
#include "tests/support/answers.h"
#include "tests/support/promptly.h"
#include "ui/model/newcomers.h"
#include "ui/plot/heatmap.h"
#include "ui/views/basis_view.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QTemporaryDir>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

/// A finished basis describes samples that it was not found from.
class TestNewcomers : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void theirCoefficientsStandBesideTheTrainingOnes();
    void otherFeaturesAreRefused();
    void aFileThatIsDroppedOnTheBasisIsApplied();
    void whatLooksAtAllSamplesIsRefused();

private:
    /// The first columns of V, times a factor, as a file.
    QString someOf(const Dataset& dataset, Index columns, double factor)
    {
        const QString path = m_others.filePath(QString("some%1.npy").arg(columns));
        saveNpy(path.toStdString(), factor * dataset.V.dense<double>()->leftCols(columns));
        return path;
    }

    /// Drops a file on the view of the basis, with what comes before a drop.
    static void dropOnBasis(MainWindow& window, const QString& path)
    {
        auto* basis = window.findChild<BasisView*>();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(basis, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(9, 9), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(basis, &drop);
    }

    QTemporaryDir m_others;
};

void TestNewcomers::theirCoefficientsStandBesideTheTrainingOnes()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    const auto snapshot = window->study().snapshot();
    auto twice = std::make_shared<Dataset>(*snapshot->dataset);
    twice->V = Matrix<double>(2 * *snapshot->dataset->V.dense<double>());
    const Newcomers newcomers = newcomersOf(snapshot, twice);
    QCOMPARE(newcomers.samples(), snapshot->dataset->V.cols());
    QCOMPARE(newcomers.everyOther, Index(1));
    QCOMPARE(newcomers.beside->rows(), 2 * newcomers.samples());
    // The bars are fitted exactly, so that twice the samples have twice the coefficients.
    const Matrix<double> trained = newcomers.beside->bottomRows(newcomers.samples());
    const double difference = (newcomers.beside->topRows(newcomers.samples()) - 2 * trained).norm();
    QVERIFY2(difference < 1e-3 * trained.norm(), qPrintable(QString::number(difference / trained.norm())));
    QVERIFY(newcomers.found.relativeError < 1e-3);
}

void TestNewcomers::otherFeaturesAreRefused()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    const auto turned = std::make_shared<const Dataset>(window->study().dataset()->transposed());
    try {
        newcomersOf(window->study().snapshot(), turned);
        QFAIL("was not refused");
    } catch (const Error& error) {
        QVERIFY2(QString(error.what()).contains("but the basis has 64"), error.what());
    }
}

void TestNewcomers::aFileThatIsDroppedOnTheBasisIsApplied()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    const auto snapshot = window->study().snapshot();
    dropOnBasis(*window, someOf(*snapshot->dataset, 2, 3));
    QDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = window->findChild<QDialog*>("newcomers-dialog")) && dialog->isVisible());
    QVERIFY(dialog->findChild<QLabel*>("newcomers-summary")->text().contains("some2"));
    QVERIFY(dialog->findChild<Heatmap*>("newcomers")->valueRange().high > 0);
    // What was open stays open.
    QCOMPARE(window->study().snapshot(), snapshot);
    QTest::mouseClick(dialog->findChild<QPushButton*>("newcomers-save"), Qt::LeftButton);
    const QString saved = m_others.filePath("H-new.npy");
    answerFileDialog(*window, saved);
    QTRY_VERIFY(QFile::exists(saved));
    const Dataset H = load(saved.toStdString(), formats());
    QCOMPARE(H.V.rows(), snapshot->W->cols());
    QCOMPARE(H.V.cols(), Index(2));
    dialog->close();
}

void TestNewcomers::whatLooksAtAllSamplesIsRefused()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    const auto snapshot = window->study().snapshot();
    const QString path = someOf(*snapshot->dataset, 2, 1);
    Applier applier;
    QSignalSpy failed(&applier, &Applier::failed), applied(&applier, &Applier::applied);
    ImportPlan norm, features, shift, fine;
    norm.normalisation = {"tf-idf", {}};
    features.normalisation = {"max", {{"features", 1}}};
    shift.repairs.negative = {"shift", {}};
    for (const ImportPlan& plan : {norm, features, shift}) {
        failed.clear();
        applier.apply(snapshot, plan, path);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.first().first().toString().contains("new samples"));
    }
    applier.apply(snapshot, fine, path);
    QTRY_COMPARE(applied.count(), 1);
}

QTEST_MAIN(TestNewcomers)
#include "tst_newcomers.moc"
