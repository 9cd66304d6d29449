#include "core/formats/formats.h"
#include "tests/support/promptly.h"
#include "tests/support/window_driver.h"
#include "ui/plot/heatmap.h"
#include "ui/views/data_view.h"

#include <QClipboard>
#include <QMimeData>
#include <QUrl>
#include <QWheelEvent>
#include <QXmlStreamReader>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

Figure* figureNamed(MainWindow& window, const QString& name)
{
    for (auto* widget : window.findChildren<QWidget*>(name))
        if (auto* figure = dynamic_cast<Figure*>(widget))
            return figure;
    return nullptr;
}

/// Cells of a table with this separator.
QList<QStringList> cellsOf(const QString& text, QChar separator)
{
    QList<QStringList> cells;
    for (const QString& line : text.split('\n', Qt::SkipEmptyParts))
        cells << line.split(separator);
    return cells;
}

} // namespace

/// What goes out by the clipboard, and what comes in.
class TestClipboard : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init()
    {
        beginAfresh();
        QApplication::clipboard()->clear();
    }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void aViewIsCopiedAsPictureDrawingAndTable_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("figure");
        QTest::addColumn<int>("columns");
        QTest::newRow("coefficients") << m_good << "coefficients" << 5;
        QTest::newRow("loss") << m_good << "loss-plot" << 3;
        QTest::newRow("bars") << m_good << "basis-bars" << 5;
        QTest::newRow("images") << "sample:bars"
                                << "basis-images" << 19;
    }

    void aViewIsCopiedAsPictureDrawingAndTable()
    {
        QFETCH(QString, source);
        QFETCH(QString, figure);
        QFETCH(int, columns);
        const auto window = shownWindow();
        openNow(*window, source);
        runToTheEnd(*window);
        Figure* shown = figureNamed(*window, figure);
        QVERIFY(shown);
        dynamic_cast<QWidget*>(shown)->setFocus();
        press(*window, Qt::Key_C, Qt::ControlModifier);
        const QMimeData* copied = QApplication::clipboard()->mimeData();
        QCOMPARE(copied->imageData().value<QImage>().size(), 2 * shown->figureSize());
        QXmlStreamReader drawing(copied->data("image/svg+xml"));
        while (!drawing.atEnd())
            drawing.readNext();
        QVERIFY(!drawing.hasError());
        const QList<QStringList> tabbed = cellsOf(copied->text(), '\t');
        QCOMPARE(tabbed.first().size(), columns);
        QVERIFY(tabbed.size() > 2);
        for (const QStringList& row : tabbed)
            QCOMPARE(row.size(), columns);
        QCOMPARE(cellsOf(QString::fromUtf8(copied->data("text/csv")).remove('"'), '\n').size(), tabbed.size());
    }

    void theTableHasTheNumbersThatAreShown()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        runToTheEnd(*window);
        const Snapshot& snapshot = *window->study().snapshot();
        const auto* heatmap = window->findChild<Heatmap*>("coefficients");
        const FigureTable table = heatmap->table();
        QCOMPARE(qsizetype(table.rows.size()), qsizetype(snapshot.options.rank));
        for (std::size_t place = 0; place < table.rows.size(); ++place) {
            const Index component = snapshot.order[place];
            QCOMPARE(table.rows[place][0], QString::number(component + 1));
            for (Index sample = 0; sample < snapshot.Ht->rows(); ++sample)
                QCOMPARE(table.rows[place][sample + 1].toDouble(), (*snapshot.scaledHt)(sample, component));
        }
        const FigureTable bars = figureNamed(*window, "basis-bars")->table();
        QCOMPARE(bars.rows[2][1].toDouble(), (*snapshot.W)(2, snapshot.order[0]));
        const FigureTable loss = figureNamed(*window, "loss-plot")->table();
        QCOMPARE(loss.rows.back()[2].toDouble(), snapshot.record.objective);
    }

    void onlyWhatIsZoomedToIsInTheTable()
    {
        Heatmap heatmap;
        heatmap.resize(600, 300);
        heatmap.setMatrix(std::make_shared<const Matrix<double>>(Matrix<double>::Random(3, 400)),
                          Heatmap::Orientation::Upright);
        heatmap.show();
        QVERIFY(QTest::qWaitForWindowExposed(&heatmap));
        QCOMPARE(heatmap.table().header.size(), 401);
        const QPoint middle(250, 120);
        QWheelEvent zoom(middle, heatmap.mapToGlobal(middle), {}, {0, 600}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(heatmap.findChild<QWidget*>(), &zoom);
        const auto [left, right] = heatmap.visibleColumns();
        const QStringList shown = heatmap.table().header;
        QVERIFY(right - left < 300 && shown.size() < 302);
        QCOMPARE(shown[1].toInt(), int(std::ceil(left)) + 1);
        QCOMPARE(shown.last().toInt(), int(std::floor(right)) + 1);
        heatmap.setMatrix(std::make_shared<const Matrix<double>>(Matrix<double>::Random(2, 200'000)),
                          Heatmap::Orientation::Upright);
        QVERIFY(heatmap.table().isEmpty());
        heatmap.setMatrix(nullptr);
        QVERIFY(heatmap.table().isEmpty());
    }

    void cellsThatNeedItAreQuoted()
    {
        const FigureTable table{.header = {"a,b", "c"}, .rows = {{"say \"x\"", "1"}, {"tab\there", "2"}}};
        QCOMPARE(table.separated(), "\"a,b\",c\n\"say \"\"x\"\"\",1\ntab\there,2\n");
        QCOMPARE(table.tabbed(), "a,b\tc\nsay \"x\"\t1\ntab here\t2\n");
    }

    void figuresAreSavedInEveryKindAndScale_data()
    {
        QTest::addColumn<QString>("source");
        QTest::newRow("images") << "sample:bars";
        QTest::newRow("a table") << m_good;
    }

    void figuresAreSavedInEveryKindAndScale()
    {
        QFETCH(QString, source);
        const auto window = shownWindow();
        window->resize(900, 600);
        openNow(*window, source);
        runToTheEnd(*window);
        QList<Figure*> figures{window->findChild<DataView*>(), figureNamed(*window, "coefficients"),
                               figureNamed(*window, "loss-plot"),
                               figureNamed(*window, source == m_good ? "basis-bars" : "basis-images")};
        for (Figure* figure : figures) {
            QVERIFY(figure);
            for (const int scale : {1, 4}) {
                figure->save(m_folder.filePath("figure.png"), scale);
                QCOMPARE(QImage(m_folder.filePath("figure.png")).size(), scale * figure->figureSize());
            }
            for (const char* name : {"figure.svg", "figure.pdf"}) {
                figure->save(m_folder.filePath(name));
                QVERIFY(QFileInfo(m_folder.filePath(name)).size() > 500);
            }
            if (figure == figures.first())
                continue;
            figure->save(m_folder.filePath("figure.csv"));
            QFile table(m_folder.filePath("figure.csv"));
            QVERIFY(table.open(QIODevice::ReadOnly));
            QCOMPARE(table.readAll(), figure->table().separated().toUtf8());
        }
        QVERIFY_EXCEPTION_THROWN(figures.first()->save(m_folder.filePath("none.csv")), std::runtime_error);
    }

    void aPastedTableIsOpened_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("of a spreadsheet") << "gene\ta\tb\nx\t1\t2\ny\t3\t4.5\n" << QStringList{"x", "y"};
        QTest::newRow("with decimal commas") << "gene\ta\tb\nx\t1\t2\ny\t3\t4,5\n" << QStringList{"x", "y"};
        QTest::newRow("of a web page") << "<p>Numbers:</p><table><tr><th>gene</th><th>a</th><th>b</th></tr>"
                                          "<tr><td>x</td><td>1</td><td>2</td></tr>"
                                          "<tr><td>y</td><td>3</td><td> 4.5\n</td></tr></table>"
                                       << QStringList{"x", "y"};
        QTest::newRow("with commas") << "1,2\n3,4.5\n" << QStringList();
    }

    void aPastedTableIsOpened()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        const auto window = shownWindow();
        auto* copied = new QMimeData; // owned by the clipboard
        text.startsWith('<') ? copied->setHtml(text) : copied->setText(text);
        QApplication::clipboard()->setMimeData(copied);
        QSignalSpy changed(&window->study(), &Study::datasetChanged);
        press(*window, Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(changed.count(), 1);
        const Dataset& dataset = *window->study().dataset();
        QVERIFY(dataset.title == "Clipboard");
        QVERIFY(dataset.source.empty());
        QVERIFY(*dataset.V.dense<double>() == (Matrix<double>(2, 2) << 1, 2, 3, 4.5).finished());
        QStringList found;
        for (const std::string& name : dataset.features.names)
            found << QString::fromStdString(name);
        QCOMPARE(found, names);
        QVERIFY(Settings().recentSources().isEmpty());
        runToTheEnd(*window);
        actionNamed(*window, "Copy as command")->trigger();
        QVERIFY(messages(*window)->text().contains("clipboard"));
    }

    void aPastedPictureIsOpened()
    {
        const auto window = shownWindow();
        QImage picture(3, 2, QImage::Format_Grayscale8);
        picture.fill(0);
        picture.setPixelColor(1, 0, Qt::white);
        QApplication::clipboard()->setImage(picture);
        QSignalSpy changed(&window->study(), &Study::datasetChanged);
        press(*window, Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(changed.count(), 1);
        const Dataset& dataset = *window->study().dataset();
        QVERIFY(dataset.features.kind == Axis::Kind::Pixels && dataset.features.width == 3);
        QCOMPARE(dataset.V(1, 0), 1.0);
        QCOMPARE(dataset.V(0, 0), 0.0);
    }

    void aPastedFileIsOpened()
    {
        const auto window = shownWindow();
        auto* files = new QMimeData; // owned by the clipboard
        files->setUrls({QUrl::fromLocalFile(m_good)});
        QApplication::clipboard()->setMimeData(files);
        QSignalSpy opened(&window->study(), &Study::opened);
        press(*window, Qt::Key_V, Qt::ControlModifier);
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(opened.first().first().toString(), m_good);
    }

    void whatIsNoDataIsSaid_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << "";
        QTest::newRow("a letter") << "Dear Sir,\nthank you for the data.\n";
    }

    void whatIsNoDataIsSaid()
    {
        QFETCH(QString, text);
        const auto window = shownWindow();
        openNow(*window, m_good);
        const auto dataset = window->study().dataset();
        QApplication::clipboard()->setText(text);
        press(*window, Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(messages(*window)->isVisible());
        QVERIFY2(messages(*window)->text().contains("lipboard"), qPrintable(messages(*window)->text()));
        QCOMPARE(window->study().dataset(), dataset);
    }
};

QTEST_MAIN(TestClipboard)
#include "tst_clipboard.moc"
