#include "ui/model/basis_montage.h"
#include "ui/model/montage.h"

#include <QTest>

#include <cmath>

using nmf::Axis;
using nmf::Index;
using nmf::ui::basisMontage;
using nmf::ui::MontageLayout;
using nmf::ui::montageLayout;

class TestBasisMontage : public QObject
{
    Q_OBJECT

private slots:
    void holdsEveryPartWithinItsBounds_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("one pixel") << 1 << 1 << 1;
        QTest::newRow("faces") << 49 << 19 << 19;
        QTest::newRow("wide") << 7 << 10 << 400;
        QTest::newRow("high") << 7 << 4000 << 3;
        QTest::newRow("photographs") << 100 << 4000 << 6000;
        QTest::newRow("one row of pixels") << 64 << 1 << 100000;
    }

    void holdsEveryPartWithinItsBounds()
    {
        QFETCH(int, count);
        QFETCH(int, height);
        QFETCH(int, width);
        const MontageLayout layout = montageLayout(count, Axis::pixels(height, width));
        QVERIFY(layout.columns * layout.rows >= count);
        QVERIFY(layout.columns * (layout.rows - 1) < count);
        QVERIFY(layout.width() <= 8192 && layout.height() <= 8192);
        QVERIFY(layout.tileWidth * layout.reduced >= width * layout.enlarged);
        QVERIFY(layout.tileHeight * layout.reduced >= height * layout.enlarged);
        QVERIFY(layout.enlarged == 1 || layout.reduced == 1);
    }

    void drawsTheStrongestPartFirstWithItsOwnContrast()
    {
        nmf::Factors<double> factors{nmf::Matrix<double>::Zero(4, 2), nmf::Matrix<double>::Ones(3, 2)};
        factors.W.col(0) << 0, 0, 0, 1;  // the weaker one: bottom right
        factors.W.col(1) << 10, 5, 0, 0; // the stronger one: top left, half as bright beside it
        const QImage picture = basisMontage(factors, Axis::pixels(2, 2));
        const MontageLayout layout = montageLayout(2, Axis::pixels(2, 2));
        const auto at = [&](Index tile, Index x, Index y) {
            return qRed(
                picture.pixel(static_cast<int>(MontageLayout::gap + tile * (layout.tileWidth + MontageLayout::gap) +
                                               x * layout.enlarged),
                              static_cast<int>(MontageLayout::gap + y * layout.enlarged)));
        };
        QCOMPARE(layout.columns, Index(2));
        QCOMPARE(at(0, 0, 0), 255);
        QCOMPARE(at(0, 1, 0), 128);
        QCOMPARE(at(0, 1, 1), 0);
        QCOMPARE(at(1, 1, 1), 255);
        QCOMPARE(at(1, 0, 0), 0);
    }

    void drawsThreeChannelsAsColours()
    {
        nmf::Factors<double> factors{nmf::Matrix<double>::Zero(3, 1), nmf::Matrix<double>::Ones(1, 1)};
        factors.W.col(0) << 4, 2, 0;
        const QRgb colour = basisMontage(factors, Axis::pixels(1, 1, 3)).pixel(5, 5);
        QCOMPARE(colour, qRgb(255, 128, 0));
    }

    void hidesNoPeakWhenItMustReduce()
    {
        const Index side = 9001;
        nmf::Factors<double> factors{nmf::Matrix<double>::Zero(side, 1), nmf::Matrix<double>::Ones(1, 1)};
        factors.W(4321, 0) = 1;
        const QImage picture = basisMontage(factors, Axis::pixels(1, side));
        int peaks = 0;
        for (int x = 0; x < picture.width(); ++x)
            peaks += picture.pixel(x, static_cast<int>(MontageLayout::gap)) == qRgb(255, 255, 255);
        QCOMPARE(peaks, 1);
    }

    void drawsAPartOfZerosBlack()
    {
        const nmf::Factors<double> factors{nmf::Matrix<double>::Zero(4, 1), nmf::Matrix<double>::Zero(2, 1)};
        QCOMPARE(basisMontage(factors, Axis::pixels(2, 2)).pixel(10, 10), qRgb(0, 0, 0));
    }

    /// No gray stands for what is missing, in pictures and in tables.
    void missingEntriesAreHatched()
    {
        nmf::Matrix<double> V = nmf::Matrix<double>::Constant(4, 3, 0.5);
        V(1, 0) = V(2, 0) = V(3, 2) = std::nan("");
        nmf::Dataset dataset;
        dataset.V = nmf::DataMatrix(V);
        const auto isGray = [](QRgb colour) {
            return qRed(colour) == qGreen(colour) && qGreen(colour) == qBlue(colour);
        };
        const QImage table = nmf::ui::montageOf(dataset, 3, 1);
        QCOMPARE(table.size(), QSize(3, 4));
        for (int row = 0; row < 4; ++row)
            for (int column = 0; column < 3; ++column)
                QCOMPARE(isGray(table.pixel(column, row)), !std::isnan(V(row, column)));
        dataset.features = Axis::pixels(2, 2);
        const QImage pictures = nmf::ui::montageOf(dataset, 3, 1);
        QCOMPARE(pictures.size(), QSize(8, 2));
        for (int sample = 0; sample < 3; ++sample)
            for (int pixel = 0; pixel < 4; ++pixel)
                QCOMPARE(isGray(pictures.pixel(3 * sample + pixel % 2, pixel / 2)), !std::isnan(V(pixel, sample)));
    }
};

QTEST_GUILESS_MAIN(TestBasisMontage)
#include "tst_basis_montage.moc"
