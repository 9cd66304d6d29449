#include "core/error.h"
#include "core/formats/writers.h"
#include "tests/support/promptly.h"
#include "tests/support/refusal.h"
#include "tests/support/window_driver.h"
#include "ui/model/basis_montage.h"
#include "ui/model/result_export.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/montage_dialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMimeData>
#include <QSpinBox>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

Matrix<double> matrixIn(const QString& path, const std::string& member = {})
{
    return *load(path.toStdString(), formats(), {.member = member}).V.dense<double>();
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList filesIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

/// A table of two pictures, 3 × 2 pixels.
Matrix<double> twoParts(Index channels = 1)
{
    Matrix<double> W = Matrix<double>::Zero(6 * channels, 2);
    for (Index i = 0; i < W.rows(); ++i)
        W(i, 0) = static_cast<double>(i) / static_cast<double>(W.rows() - 1);
    W(0, 1) = 0.5;
    return W;
}

} // namespace

/// What the dialogs write, whole and as exactly as they say.
class TestExport : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QVERIFY2(complaints().isEmpty(), qPrintable(complaints().join('\n'))); }

    void resultsAreExportedByTheDialog_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QStringList>("files");
        const QStringList npy{"H.npy",  "V.npy",         "W.npy",        "WH.npy",
                              "fit.py", "manifest.json", "residual.npy", "start.npz"};
        const QStringList csv{"H.csv",  "V.npy",         "W.csv",        "WH.csv",
                              "fit.py", "manifest.json", "residual.csv", "start.npz"};
        const QStringList mat{"V.npy", "factors.mat", "fit.py", "manifest.json", "start.npz"};
        const QStringList npz{"V.npy", "factors.npz", "fit.py", "manifest.json", "start.npz"};
        QTest::newRow("npy") << "npy" << npy;
        QTest::newRow("csv") << "csv" << csv;
        QTest::newRow("mat") << "mat" << mat;
        QTest::newRow("npz") << "npz" << npz;
    }

    void resultsAreExportedByTheDialog()
    {
        QFETCH(QString, format);
        QFETCH(QStringList, files);
        const auto window = shownWindow();
        openNow(*window, m_good);
        QVERIFY(!actionNamed(*window, "Export results…")->isEnabled());
        runToTheEnd(*window);
        const QString folder = m_folder.filePath("results/" + format);
        ExportDialog* dialog = openDialog(*window, folder, format);
        for (const char* box : {"export-WH", "export-residual", "export-python"})
            dialog->findChild<QCheckBox*>(box)->setChecked(true);
        dialog->findChild<QComboBox*>("export-scaling")->setCurrentIndex(1);
        exportNow(*window);
        QCOMPARE(filesIn(folder), files);
        const Snapshot& snapshot = *window->study().snapshot();
        const auto read = [&](const std::string& name) {
            const QString alone = folder + '/' + QString::fromStdString(name) + '.' + format;
            return QFile::exists(alone) ? matrixIn(alone) : matrixIn(folder + "/factors." + format, name);
        };
        const Matrix<double> W = read("W"), H = read("H"), fit = *snapshot.W * snapshot.Ht->transpose();
        for (Index a = 0; a < W.cols(); ++a)
            QVERIFY(std::abs(W.col(a).norm() - 1) < 1e-12);
        QVERIFY((W * H - fit).norm() < 1e-12 * fit.norm());
        QVERIFY((read("WH") - fit).norm() < 1e-12 * fit.norm());
        QVERIFY((read("WH") + read("residual") - matrixIn(m_good)).norm() < 1e-12 * fit.norm());
        QVERIFY(matrixIn(folder + "/V.npy") == matrixIn(m_good));
        verifyManifest(folder, snapshot, files.size());
    }

    void factorsAreExportedAsTheyWereSolvedIfNothingElseIsSaid()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        runToTheEnd(*window);
        const QString folder = m_folder.filePath("plain");
        QVERIFY(QDir().mkpath(folder));
        study_driver::written(m_folder, "plain/W.npy", "old");
        const auto* shown = openDialog(*window, folder, "npy")->findChild<QLabel*>("export-files");
        QVERIFY2(shown->text().contains("Writes W.npy, H.npy, manifest.json."), qPrintable(shown->text()));
        QVERIFY2(shown->text().contains("Replaces W.npy."), qPrintable(shown->text()));
        exportNow(*window);
        QCOMPARE(filesIn(folder), QStringList({"H.npy", "W.npy", "manifest.json"}));
        QVERIFY(matrixIn(folder + "/W.npy") == *window->study().snapshot()->W);
        QVERIFY(matrixIn(folder + "/H.npy") == window->study().snapshot()->Ht->transpose());
    }

    void nothingToExportCannotBeExported()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        runToTheEnd(*window);
        ExportDialog* dialog = openDialog(*window, m_folder.path(), "npy");
        auto* button = dialog->findChild<QPushButton*>("export");
        QVERIFY(button->isEnabled() && button->isDefault());
        for (const char* box : {"export-W", "export-H"})
            dialog->findChild<QCheckBox*>(box)->setChecked(false);
        QVERIFY(!button->isEnabled());
        dialog->findChild<QCheckBox*>("export-residual")->setChecked(true);
        QVERIFY(button->isEnabled());
        dialog->findChild<QLineEdit*>("export-folder")->clear();
        QVERIFY(!button->isEnabled());
    }

    void anExportThatFailsIsOneSentenceAndLeavesNothing()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        runToTheEnd(*window);
        const QStringList before = filesIn(m_folder.path());
        ExportDialog* dialog = openDialog(*window, m_good + "/below a file", "npy");
        click(dialog->findChild<QPushButton*>("export"));
        QTRY_VERIFY(messages(*window)->isVisible());
        QVERIFY2(messages(*window)->text().contains("good.csv"), qPrintable(messages(*window)->text()));
        QVERIFY(dialog->isVisible() && dialog->findChild<QPushButton*>("export")->isEnabled());
        QCOMPARE(filesIn(m_folder.path()), before);
    }

    void whatIsGivenUpLeavesTheFolderAsItWas()
    {
        Study study;
        study_driver::openNow(study, m_good);
        study.step();
        study_driver::settle(study);
        QDir().mkpath(m_folder.filePath("given up"));
        std::stop_source stop;
        const LoadControl control{stop.get_token(), [&](double fraction) {
                                      if (fraction > 0.4)
                                          stop.request_stop();
                                  }};
        const ResultExport wanted{.snapshot = study.snapshot(),
                                  .matrices = allResultMatrices(),
                                  .forPython = true,
                                  .folder = m_folder.filePath("given up").toStdString()};
        QVERIFY_EXCEPTION_THROWN(write(wanted, control), Cancelled);
        QCOMPARE(filesIn(m_folder.filePath("given up")), QStringList());
    }

    void aJobIsGivenUpAndTheNextIsDone()
    {
        Exporter exporter;
        QSignalSpy saved(&exporter, &Exporter::saved), failed(&exporter, &Exporter::failed),
            progress(&exporter, &Exporter::progress);
        exporter.perform("endless", [](const LoadControl& control) {
            for (double done = 0;; done += 0.01)
                control.check(std::fmod(done, 1));
        });
        exporter.perform("short", [](const LoadControl&) {});
        QTRY_VERIFY(progress.count() > 3);
        QVERIFY(exporter.busy());
        exporter.cancel();
        QTRY_COMPARE(saved.count(), 1);
        QCOMPARE(saved.first().first().toString(), "short");
        QTRY_VERIFY(!exporter.busy());
        QCOMPARE(failed.count(), 0);
        // Nobody waits for what can be given up.
        Exporter leaving;
        for (int i = 0; i < 2; ++i)
            leaving.perform("endless", [](const LoadControl& control) {
                while (true)
                    control.check(0);
            });
    }

    void aMontageHasExactlyThePixelsThatAreAskedFor()
    {
        const Axis pixels = Axis::pixels(2, 3);
        const ExactMontage wanted{.pixel = 5, .gap = 3, .columns = 2};
        const QImage picture = exactMontage(twoParts(), {1, 0}, pixels, wanted);
        QCOMPARE(picture.size(), QSize(3 + 2 * (15 + 3), 3 + 10 + 3));
        QCOMPARE(picture.size(), wanted.size(2, pixels));
        QCOMPARE(picture.pixel(2, 2), wanted.background);
        // The part that comes first has one white pixel; of the other each is a square of its gray.
        QCOMPARE(picture.pixel(3, 3), qRgb(255, 255, 255));
        QCOMPARE(picture.pixel(7, 7), qRgb(255, 255, 255));
        QCOMPARE(picture.pixel(8, 7), qRgb(0, 0, 0));
        for (int x = 0; x < 15; ++x)
            for (int y = 0; y < 10; ++y) {
                const int gray = int(std::lround(255 * (y / 5 * 3 + x / 5) / 5.0));
                QCOMPARE(picture.pixel(21 + x, 3 + y), qRgb(gray, gray, gray));
            }
        const QImage shared =
            exactMontage(twoParts(), {1, 0}, pixels, {.pixel = 1, .gap = 0, .columns = 1, .shared = true});
        QCOMPARE(shared.size(), QSize(3, 4));
        QCOMPARE(shared.pixel(0, 0), qRgb(128, 128, 128));
        const QImage coloured = exactMontage(twoParts(3), {0, 1}, Axis::pixels(2, 3, 3), {.pixel = 1, .gap = 0});
        QCOMPARE(coloured.pixel(1, 0), qRgb(45, 60, 75));
        const QString said = refusal([&] {
            exactMontage(twoParts(), {0, 1}, pixels, {.pixel = 1 << 20, .columns = 2});
        });
        QVERIFY2(said.contains("32767") && said.endsWith('.'), qPrintable(said));
    }

    void aMontageIsSavedByTheMenu_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("PNG") << "montage.png";
        QTest::newRow("TIFF") << "montage.tif";
    }

    void aMontageIsSavedByTheMenu()
    {
        QFETCH(QString, name);
        const auto window = shownWindow();
        openNow(*window, "sample:bars");
        runToTheEnd(*window);
        actionNamed(*window, "Montage of the basis…")->trigger();
        auto* dialog = window->findChild<MontageDialog*>();
        QVERIFY(dialog);
        dialog->findChild<QSpinBox*>("montage-pixel")->setValue(7);
        const QString size = dialog->findChild<QLabel*>("montage-size")->text();
        dialog->accept();
        auto* files = window->findChild<QFileDialog*>();
        QVERIFY(files);
        const QString path = m_folder.filePath(name);
        auto* line = files->findChild<QLineEdit*>();
        line->setText(path);
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY(QFile::exists(path));
        const QImage picture(path);
        QCOMPARE(QStringLiteral("%1 × %2 pixels").arg(picture.width()).arg(picture.height()), size);
        openNow(*window, m_good);
        QVERIFY(!actionNamed(*window, "Montage of the basis…")->isEnabled());
        window->study().run();
        QTRY_VERIFY(window->study().snapshot());
        QVERIFY(!actionNamed(*window, "Montage of the basis…")->isEnabled());
    }

    void codeIsCopied()
    {
        const auto window = shownWindow();
        QVERIFY(!actionNamed(*window, "Copy as command")->isEnabled());
        openNow(*window, m_good);
        runToTheEnd(*window);
        actionNamed(*window, "Copy as command")->trigger();
        QVERIFY(QApplication::clipboard()->text().startsWith("partscope run "));
        actionNamed(*window, "Copy as Python")->trigger();
        QVERIFY(QApplication::clipboard()->text().contains("np.load(\"start.npz\")"));
        const QString folder = m_folder.filePath("for python");
        openDialog(*window, folder, "npy")->findChild<QCheckBox*>("export-python")->setChecked(true);
        exportNow(*window);
        actionNamed(*window, "Copy as Python")->trigger();
        const QString script = QApplication::clipboard()->text();
        QVERIFY2(script.contains(folder + "/start.npz") && script.contains(folder + "/V.npy"), qPrintable(script));
        // The start of another run is another.
        const auto before = window->study().snapshot()->run;
        window->study().restart();
        QTRY_VERIFY(window->study().snapshot()->run != before);
        actionNamed(*window, "Copy as Python")->trigger();
        QVERIFY(QApplication::clipboard()->text().contains("np.load(\"start.npz\")"));
    }

private:
    ExportDialog* openDialog(MainWindow& window, const QString& folder, const QString& format)
    {
        press(window, Qt::Key_E, Qt::ControlModifier);
        auto* dialog = window.findChild<ExportDialog*>();
        if (!dialog)
            qFatal("Ctrl+E opens no dialog.");
        dialog->findChild<QLineEdit*>("export-folder")->setText(folder);
        auto* formats = dialog->findChild<QComboBox*>("export-format");
        formats->setCurrentIndex(formats->findData(format));
        return dialog;
    }

    void exportNow(MainWindow& window)
    {
        click(window.findChild<ExportDialog*>()->findChild<QPushButton*>("export"));
        QTRY_VERIFY2(!window.findChild<ExportDialog*>(), qPrintable(messages(window)->text()));
        QVERIFY(!messages(window)->isVisible());
    }

    void verifyManifest(const QString& folder, const Snapshot& snapshot, qsizetype files)
    {
        const QJsonObject manifest = QJsonDocument::fromJson(contents(folder + "/manifest.json")).object();
        const QJsonObject input = manifest["input"].toObject();
        QCOMPARE(manifest["program"].toString(), "partscope");
        QCOMPARE(manifest["version"].toString(), QCoreApplication::applicationVersion());
        QCOMPARE(manifest["options"].toObject()["rank"].toInteger(), snapshot.options.rank);
        QCOMPARE(manifest["seed"].toInteger(), qint64(snapshot.options.seed));
        QCOMPARE(manifest["objective"].toDouble(), snapshot.record.objective);
        QCOMPARE(manifest["iterations"].toInt(), snapshot.record.iteration);
        QCOMPARE(manifest["stopped_because"].toString(), QString::fromStdString(idOf(*snapshot.ended)));
        QCOMPARE(manifest["files"].toArray().size(), files);
        QCOMPARE(input["bytes"].toInteger(), contents(m_good).size());
        QCOMPARE(input["sha256"].toString(),
                 QCryptographicHash::hash(contents(m_good), QCryptographicHash::Sha256).toHex());
    }
};

QTEST_MAIN(TestExport)
#include "tst_export.moc"
