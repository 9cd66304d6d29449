#include "tests/support/plots.h"
#include "ui/plot/heatmap.h"
#include "ui/plot/line_plot.h"
#include "ui/plot/plot_placeholder.h"

#include <QSignalSpy>

#include <array>
#include <cmath>

namespace nmf::ui
{

using namespace plots;

/// Curves, by what they hold and tell.
class TestLinePlot : public QObject
{
    Q_OBJECT

private slots:
    void curveTellsThePointUnderThePointer();
    void aClickTellsThePointThatItIsNear();
    void longCurvesAreThinned();
    void growingCurveKeepsItsAxesForAWhile();
    void curvesSurviveWhatCannotBeDrawn();
    void anEmptyPlotSaysWhatWillBeThere();
};

void TestLinePlot::curveTellsThePointUnderThePointer()
{
    LinePlot plot;
    plot.setPoints(1, {0, 1, 2, 3}, {10, 8, 6, 5});
    plot.setPoints(2, {0, 1, 2, 3}, {4, 3, 2, 1});
    present(plot);
    QSignalSpy hovered(&plot, &LinePlot::hovered);
    QSignalSpy clicked(&plot, &LinePlot::clicked);
    point(plot, plot.positionOf(2, 2) + QPointF(3, 5));
    QCOMPARE(hovered.back(), (QVariantList{2, 2.0, 2.0}));
    point(plot, plot.positionOf(1, 8) + QPointF(3, -5));
    QCOMPARE(hovered.back(), (QVariantList{1, 1.0, 8.0}));
    const QPoint at = plot.positionOf(2, 5).toPoint();
    QWidget* inside = plot.childAt(at);
    QTest::mouseClick(inside, Qt::LeftButton, {}, inside->mapFrom(&plot, at));
    QVERIFY(std::abs(clicked.back()[0].toDouble() - 2) < 0.02);
}

void TestLinePlot::aClickTellsThePointThatItIsNear()
{
    LinePlot plot;
    plot.setWholeTicks();
    std::vector<double> x, y;
    for (int i = 0; i < 3000; ++i) {
        x.push_back(i * 0.001);
        y.push_back((i * 37) % 101);
    }
    plot.setCurve(4, {.series = 2, .look = LinePlot::Look::Points});
    plot.setPoints(4, x, y);
    plot.setCurve(5, {.name = QStringLiteral("mean")});
    plot.setPoints(5, {0, 3}, {200, 200});
    present(plot);
    // Points that stand for themselves are all there.
    QCOMPARE(plot.drawnPoints(4), 3000);
    QVERIFY(plot.xRange().first < 0 && plot.xRange().second > 3);
    QSignalSpy clicked(&plot, &LinePlot::pointClicked);
    auto* canvas = plot.findChild<QWidget*>();
    const auto click = [&](double atX, double atY) {
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(plot.positionOf(atX, atY).toPoint()));
    };
    click(1.5, 150);
    QCOMPARE(clicked.count(), 0); // near nothing
    click(3, 200);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked[0][0].toInt(), 5);
    plot.removeCurve(5);
    plot.setPoints(4, {1, 1.01, 2}, {10, 60, 20});
    click(1.01, 60);
    QCOMPARE(clicked.count(), 2);
    QCOMPARE(clicked[1], (QVariantList{4, 1.01, 60.0}));
    plot.setAlwaysShown({.lowest = -50, .highest = 70});
    QVERIFY(plot.yRange().first <= -50 && plot.yRange().second >= 70);
}

void TestLinePlot::longCurvesAreThinned()
{
    LinePlot plot;
    present(plot);
    std::vector<double> x(100000), y(100000);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = double(i);
        y[i] = 1 + std::sin(double(i));
    }
    plot.setPoints(1, x, y);
    QCoreApplication::processEvents();
    QVERIFY(plot.drawnPoints(1) > 100);
    QVERIFY(plot.drawnPoints(1) <= 4 * plot.width() + 8);
    for (int i = 0; i < 10000; ++i)
        plot.append(1, std::array{100000.0 + i}, std::array{1.0});
    QVERIFY(plot.drawnPoints(1) <= 4 * plot.width() + 2200);
    QVERIFY(plot.xRange().second >= 109999);
}

void TestLinePlot::growingCurveKeepsItsAxesForAWhile()
{
    LinePlot plot;
    plot.setSpacing(Spacing::Linear, Spacing::Logarithmic);
    plot.setGrowth(LinePlot::Growth::Growing);
    present(plot);
    int moves = 0;
    auto before = std::pair{plot.xRange(), plot.yRange()};
    for (int i = 0; i < 1000; ++i) {
        plot.append(1, std::array{double(i)}, std::array{1000 * std::exp(-i / 60.0) + 1});
        const auto now = std::pair{plot.xRange(), plot.yRange()};
        moves += now != before;
        before = now;
        QVERIFY(now.first.second >= i);
    }
    QVERIFY2(moves < 60, qPrintable(QString::number(moves)));
    plot.setGrowth(LinePlot::Growth::Still);
    QCOMPARE(plot.xRange(), (std::pair{0.0, 999.0}));
}

void TestLinePlot::curvesSurviveWhatCannotBeDrawn()
{
    LinePlot plot;
    plot.setSpacing(Spacing::Logarithmic, Spacing::Logarithmic);
    present(plot);
    plot.setPoints(1, {}, {});
    plot.setPoints(2, {0, 1}, {0, -1});
    plot.setPoints(3, {1, 2, 3}, {std::nan(""), 4, INFINITY});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(2), 0);
    QCOMPARE(plot.drawnPoints(3), 1);
    plot.removeCurve(3);
    plot.clear();
    QCoreApplication::processEvents();
    plot.append(4, std::array{1.0}, std::array{1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 1);
    // What comes again takes the place of what was there.
    plot.append(4, std::array{1.0, 2.0, 3.0}, std::array{5.0, 4.0, 3.0});
    plot.append(4, std::array{3.0, 4.0}, std::array{2.0, 1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 4);
    plot.append(4, std::array{2.0}, std::array{1.0});
    QCoreApplication::processEvents();
    QCOMPARE(plot.drawnPoints(4), 2);
}

void TestLinePlot::anEmptyPlotSaysWhatWillBeThere()
{
    LinePlot curves;
    Heatmap table;
    const std::pair<QWidget*, const char*> plots[] = {{&curves, "No curve yet"}, {&table, "No table yet"}};
    curves.setPlaceholder(plots[0].second);
    table.setPlaceholder(plots[1].second);
    for (const auto& [plot, text] : plots) {
        plot->resize(300, 200);
        plot->show();
        const auto* sentence = plot->findChild<PlotPlaceholder*>();
        QVERIFY(sentence->isVisible());
        QCOMPARE(sentence->accessibleName(), QString(text));
        QCOMPARE(sentence->geometry(), plot->rect());
        // Nothing is under the pointer but the sentence, and only with something to draw does it go.
        QCOMPARE(plot->childAt(plot->rect().center()), static_cast<const QWidget*>(sentence));
    }
    curves.setCurve(0, {.name = "empty"});
    QVERIFY(curves.findChild<PlotPlaceholder*>()->isVisible());
    curves.setPoints(0, {1, 2}, {3, 4});
    table.setMatrix(counting(2, 3));
    for (const auto& [plot, text] : plots)
        QVERIFY(!plot->findChild<PlotPlaceholder*>()->isVisible());
    curves.clear();
    table.clear();
    for (const auto& [plot, text] : plots)
        QVERIFY(plot->findChild<PlotPlaceholder*>()->isVisible());
}

} // namespace nmf::ui

QTEST_MAIN(nmf::ui::TestLinePlot)
#include "tst_line_plot.moc"
