#include "core/formats/formats.h"
#include "tests/support/answers.h"
#include "tests/support/promptly.h"
#include "tests/support/study_watch.h"
#include "tests/support/window_driver.h"

#include <QClipboard>
#include <QDropEvent>
#include <QMimeData>
#include <QXmlStreamReader>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;
using Phase = Study::Phase;

namespace
{

void drop(MainWindow& window, const QList<QUrl>& urls)
{
    QMimeData data;
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
}

Figure* figureNamed(MainWindow& window, const QString& name)
{
    for (QWidget* widget : window.findChildren<QWidget*>(name))
        if (auto* figure = dynamic_cast<Figure*>(widget))
            return figure;
    return nullptr;
}

/// A picture of which something is drawn.
void verifyPicture(const QString& path)
{
    const QImage image(path);
    QVERIFY2(!image.isNull(), qPrintable(path));
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3)
            colors << image.pixel(x, y);
    QVERIFY2(colors.size() > 8, qPrintable(path));
}

void verifyDrawing(const QString& path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader reader(&file);
    int elements = 0;
    while (!reader.atEnd())
        elements += reader.readNext() == QXmlStreamReader::StartElement;
    QVERIFY2(!reader.hasError(), qPrintable(path + ": " + reader.errorString()));
    QVERIFY(elements > 10);
}

} // namespace

/// What the window opens, saves, copies and remembers; whatever Qt warns of is a failure.
class TestWindowFiles : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void aFileIsOpenedByTheDialog();
    void aDroppedFileIsOpened();
    void whatCannotBeOpenedIsOneSentence_data();
    void whatCannotBeOpenedIsOneSentence();
    void severalDroppedPicturesAreOpenedTogether();
    void factorsAreSaved_data();
    void factorsAreSaved();
    void twoSavesInARowAreBothWritten();
    void everyFigureIsSaved_data();
    void everyFigureIsSaved();
    void aFigureIsSavedByTheMenu();
    void aFigureIsCopied_data();
    void aFigureIsCopied();
    void recentFilesAreRemembered();
};

void TestWindowFiles::aFileIsOpenedByTheDialog()
{
    const auto window = shownWindow();
    QSignalSpy opened(&window->study(), &Study::opened);
    press(*window, Qt::Key_O, Qt::ControlModifier);
    answerFileDialog(*window, m_good);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->V.rows(), Index{5});
    QVERIFY(window->findChild<QWidget*>("basis-bars")->isVisible());
}

void TestWindowFiles::aDroppedFileIsOpened()
{
    const auto window = shownWindow();
    StudyWatch watch(window->study());
    runBarsEndlessly(*window);
    QSignalSpy opened(&window->study(), &Study::opened);
    drop(*window, {QUrl::fromLocalFile(m_good)});
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->V.rows(), Index{5});
    QTRY_VERIFY(iterationOf(*window) > 0);
    QVERIFY(window->windowTitle().contains("good"));
    QVERIFY(!messages(*window)->isVisible());
    QCOMPARE(watch.wrong, QStringList());
}

void TestWindowFiles::whatCannotBeOpenedIsOneSentence_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("named");
    QTest::newRow("a word in a table") << QUrl::fromLocalFile(
                                              study_driver::written(m_folder, "broken.csv", "1,2\n3,word\n"))
                                       << "broken.csv";
    QTest::newRow("a cut array") << QUrl::fromLocalFile(
                                        study_driver::written(m_folder, "cut.npy", QByteArray("\x93NUMPY\x01\x00", 8)))
                                 << "cut.npy";
    QTest::newRow("no picture") << QUrl::fromLocalFile(study_driver::written(m_folder, "no.png", "this is no picture"))
                                << "no.png";
    QTest::newRow("an empty folder") << QUrl::fromLocalFile(m_folder.filePath("empty")) << "empty";
    QTest::newRow("a page of the web") << QUrl("https://example.org/faces.npy") << "this computer";
}

void TestWindowFiles::whatCannotBeOpenedIsOneSentence()
{
    QFETCH(QUrl, url);
    QFETCH(QString, named);
    QDir(m_folder.path()).mkdir("empty");
    const auto window = shownWindow();
    openByCard(*window, "bars");
    press(*window, Qt::Key_Period);
    QTRY_COMPARE(iterationOf(*window), 1);
    const auto dataset = window->study().dataset();
    const auto snapshot = window->study().snapshot();
    drop(*window, {url});
    MessageBar* bar = messages(*window);
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(bar->kind() == MessageBar::Kind::Error);
    QVERIFY2(bar->text().contains(named), qPrintable(bar->text()));
    QVERIFY2(bar->text().endsWith('.') && !bar->text().contains('\n'), qPrintable(bar->text()));
    QCOMPARE(window->study().dataset(), dataset);
    QCOMPARE(window->study().snapshot(), snapshot);
    // What can be opened afterwards wipes it off.
    openNow(*window, m_good);
    QVERIFY(!bar->isVisible());
}

void TestWindowFiles::severalDroppedPicturesAreOpenedTogether()
{
    QImage image(4, 3, QImage::Format_Grayscale8);
    image.fill(Qt::white);
    QVERIFY(image.save(m_folder.filePath("p10.png")) && image.save(m_folder.filePath("p2.png")));
    const auto window = shownWindow();
    QSignalSpy opened(&window->study(), &Study::opened);
    const QUrl ten = QUrl::fromLocalFile(m_folder.filePath("p10.png")),
               two = QUrl::fromLocalFile(m_folder.filePath("p2.png"));
    drop(*window, {ten, two});
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(window->study().dataset()->samples.names, (std::vector<std::string>{"p2.png", "p10.png"}));
    press(*window, Qt::Key_F5);
    QTRY_COMPARE(opened.count(), 2);
    drop(*window, {ten, QUrl::fromLocalFile(m_good)});
    QTRY_VERIFY(messages(*window)->isVisible());
    QVERIFY2(messages(*window)->text().contains("good.csv is none"), qPrintable(messages(*window)->text()));
    QCOMPARE(window->study().dataset()->V.cols(), Index{2});
}

void TestWindowFiles::factorsAreSaved_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("name");
    QTest::newRow("W as NPY") << "Basis W…"
                              << "W.npy";
    QTest::newRow("W as CSV") << "Basis W…"
                              << "W.csv";
    QTest::newRow("H as NPY") << "Coefficients H…"
                              << "H.npy";
    QTest::newRow("H as CSV") << "Coefficients H…"
                              << "H.csv";
    QTest::newRow("W as MAT") << "Basis W…"
                              << "W.mat";
    QTest::newRow("H as NPZ") << "Coefficients H…"
                              << "H.npz";
    QTest::newRow("an ending in capitals") << "Coefficients H…"
                                           << "H2.CSV";
}

void TestWindowFiles::factorsAreSaved()
{
    QFETCH(QString, action);
    QFETCH(QString, name);
    const auto window = shownWindow();
    openNow(*window, m_good);
    QVERIFY(!actionNamed(*window, action)->isEnabled());
    runToTheEnd(*window);
    QVERIFY(actionNamed(*window, action)->isEnabled());
    actionNamed(*window, action)->trigger();
    const QString path = m_folder.filePath(name);
    answerFileDialog(*window, path);
    QTRY_VERIFY(QFile::exists(path));
    QTest::qWait(20);
    const Dataset saved = load(path.toStdString(), formats());
    const Snapshot& snapshot = *window->study().snapshot();
    const Matrix<double> expected = name.startsWith('W') ? *snapshot.W : Matrix<double>(snapshot.Ht->transpose());
    QVERIFY(*saved.V.dense<double>() == expected);
    QVERIFY(!messages(*window)->isVisible());
}

void TestWindowFiles::twoSavesInARowAreBothWritten()
{
    Study study;
    QSignalSpy opened(&study, &Study::opened);
    study.open("sample:bars");
    QVERIFY(opened.wait());
    study.step();
    QTRY_VERIFY(study.snapshot());
    Exporter exporter;
    QSignalSpy saved(&exporter, &Exporter::saved), failed(&exporter, &Exporter::failed);
    for (const char* name : {"1.npy", "2.csv", "3.npy", "missing/4.npy", "5.csv"})
        exporter.save(study.snapshot(), Exporter::What::Basis, m_folder.filePath(name));
    QTRY_COMPARE(saved.count(), 4);
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(failed.first().first().toString().contains("4.npy"));
    for (const char* name : {"1.npy", "2.csv", "3.npy", "5.csv"})
        QVERIFY2(QFile::exists(m_folder.filePath(name)), name);
    {
        Exporter leaving;
        for (const char* name : {"6.npy", "7.npy"})
            leaving.save(study.snapshot(), Exporter::What::Coefficients, m_folder.filePath(name));
    }
    QVERIFY(QFile::exists(m_folder.filePath("6.npy")) && QFile::exists(m_folder.filePath("7.npy")));
}

void TestWindowFiles::everyFigureIsSaved_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("figure");
    for (const char* figure : {"basis-images", "coefficients", "loss-plot"})
        QTest::addRow("bars: %s", figure) << "sample:bars" << figure;
    for (const char* figure : {"basis-bars", "coefficients", "loss-plot"})
        QTest::addRow("table: %s", figure) << m_good << figure;
}

void TestWindowFiles::everyFigureIsSaved()
{
    QFETCH(QString, source);
    QFETCH(QString, figure);
    const auto window = shownWindow();
    openNow(*window, source);
    runToTheEnd(*window);
    Figure* shown = figureNamed(*window, figure);
    QVERIFY(shown);
    const QString path = m_folder.filePath(figure);
    shown->save(path + ".png");
    shown->save(path + ".svg");
    shown->save(path + ".pdf");
    verifyPicture(path + ".png");
    QCOMPARE(QImage(path + ".png").size(), 2 * shown->figureSize());
    verifyDrawing(path + ".svg");
    QVERIFY(QFileInfo(path + ".pdf").size() > 500);
    QVERIFY_EXCEPTION_THROWN(shown->save(m_folder.filePath("missing/figure.png")), std::runtime_error);
}

void TestWindowFiles::aFigureIsSavedByTheMenu()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    actionNamed(*window, "Loss curve…")->trigger();
    answerFileDialog(*window, m_folder.filePath("by menu.png"));
    QTRY_VERIFY(QFile::exists(m_folder.filePath("by menu.png")));
    verifyPicture(m_folder.filePath("by menu.png"));
    actionNamed(*window, "Loss curve…")->trigger();
    answerFileDialog(*window, m_folder.filePath("figure.txt"));
    QTRY_VERIFY(messages(*window)->isVisible());
    QVERIFY(messages(*window)->text().contains("figure.txt"));
}

void TestWindowFiles::aFigureIsCopied_data()
{
    QTest::addColumn<QString>("view");
    for (const char* view : {"basis-images", "coefficients", "loss-plot"})
        QTest::newRow(view) << view;
}

void TestWindowFiles::aFigureIsCopied()
{
    QFETCH(QString, view);
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    QApplication::clipboard()->clear();
    Figure* figure = figureNamed(*window, view);
    auto* shown = dynamic_cast<QWidget*>(figure);
    QVERIFY(shown);
    // A click makes a view the one that is meant.
    QTest::mouseClick(shown, Qt::LeftButton, {}, shown->rect().center());
    shown->setFocus();
    press(*window, Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY(QApplication::clipboard()->mimeData()->hasImage());
    const auto image = QApplication::clipboard()->image();
    QCOMPARE(image.size(), 2 * figure->figureSize());
    QVERIFY(QApplication::clipboard()->mimeData()->hasFormat("image/svg+xml"));
}

void TestWindowFiles::recentFilesAreRemembered()
{
    {
        const auto window = shownWindow();
        openNow(*window, "sample:bars");
        openNow(*window, m_good);
        openNow(*window, "sample:bars");
        openNow(*window, m_good);
        window->close();
    }
    QCOMPARE(Settings().recentSources(), QStringList({m_good, "sample:bars"}));
    const auto window = shownWindow();
    QToolButton* link = nullptr;
    for (auto* button : window->findChildren<QToolButton*>())
        if (button->toolTip() == m_good)
            link = button;
    QSignalSpy opened(&window->study(), &Study::opened);
    click(link);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().toString(), m_good);
}

QTEST_MAIN(TestWindowFiles)
#include "tst_window_files.moc"
