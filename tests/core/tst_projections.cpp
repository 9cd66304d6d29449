#include "tests/support/problems.h"

#include "core/measures/sparseness.h"
#include "core/simplex.h"
#include "core/sparse_projection.h"

#include <QTest>

#include <cmath>

using namespace nmf;

namespace
{

/// Entries of both signs.
Vector<double> signedVector(Index length, std::uint64_t seed)
{
    return problems::uniform(length, 1, seed).array() - 0.4;
}

Vector<double> projected(Vector<double> x, double measure)
{
    projectOnSparseness(x, measure);
    return x;
}

} // namespace

class TestProjections : public QObject
{
    Q_OBJECT

private slots:
    void theMeasureIsHoyers()
    {
        QCOMPARE(sparseness(Vector<double>{{1, 0, 0, 0}}), 1.0);
        QCOMPARE(sparseness(Vector<double>{{1, 1, 1, 1}}), 0.0);
        QVERIFY(std::abs(sparseness(Vector<double>{{3, 4, 0}}) - 0.45358983849) < 1e-11);
    }

    void theProjectionHasTheSparseness_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<double>("measure");
        for (const int length : {2, 3, 10, 361, 5000})
            for (const double measure : {0.05, 0.3, 0.5, 0.75, 0.95})
                QTest::addRow("%d, %g", length, measure) << length << measure;
    }
    void theProjectionHasTheSparseness()
    {
        QFETCH(int, length);
        QFETCH(double, measure);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const double size = std::pow(10, static_cast<double>(seed % 7) * 30 - 90);
            const Vector<double> p = projected(signedVector(length, seed) * size, measure);
            QVERIFY(p.minCoeff() >= 0);
            QVERIFY(std::abs(p.norm() - 1) < 1e-14);
            QVERIFY2(std::abs(sparseness(p) - measure) < 1e-14,
                     qPrintable(QString::number(sparseness(p) - measure, 'g', 4)));
        }
    }

    /// Equal entries, no entry above zero, one entry.
    void tiesAreBroken()
    {
        for (const Vector<double>& x :
             {Vector<double>{{1, 1, 1, 1, 1}}, Vector<double>{{2, 2, 2, 1, 0}}, Vector<double>{{-1, -1, -1, -3, -3}},
              Vector<double>{{0, 0, 0, 0, 0}}, Vector<double>{{0, 0, 0, 0, 5}}})
            for (const double measure : {0.1, 0.4, 0.7, 0.9}) {
                const Vector<double> p = projected(x, measure);
                QVERIFY(p.allFinite() && p.minCoeff() >= 0);
                QVERIFY(std::abs(sparseness(p) - measure) < 1e-14);
            }
        QCOMPARE(projected(Vector<double>{{-3}}, 0.5)(0), 1.0);
    }

    void noFeasiblePointIsNearer_data() { theProjectionHasTheSparseness_data(); }
    void noFeasiblePointIsNearer()
    {
        QFETCH(int, length);
        QFETCH(double, measure);
        if (length > 400)
            length = 50;
        const Vector<double> x = signedVector(length, 77);
        const Vector<double> p = projected(x, measure);
        const double best = x.dot(p);
        // Far from it and close to it.
        for (std::uint64_t seed = 100; seed < 400; ++seed) {
            const double step = std::pow(10, -static_cast<double>(seed % 5));
            const Vector<double> q = projected(p + step * signedVector(length, seed), measure);
            QVERIFY2(x.dot(q) <= best + 1e-13, qPrintable(QString::number(x.dot(q) - best)));
        }
    }

    /// In three dimensions the feasible points are a curve: looked through from end to end.
    void itIsTheBestOfTheWholeCurve()
    {
        for (std::uint64_t seed = 1; seed <= 30; ++seed)
            for (const double measure : {0.2, 0.5, 0.8}) {
                const Vector<double> x = signedVector(3, seed);
                const double ratio = normRatio(measure, 3), radius = std::sqrt(1 - ratio * ratio / 3);
                const Vector<double> e1 = Vector<double>{{1, -1, 0}} / std::sqrt(2),
                                     e2 = Vector<double>{{1, 1, -2}} / std::sqrt(6);
                double best = -1e9;
                constexpr int steps = 20000;
                for (int step = 0; step < steps; ++step) {
                    const double angle = 2 * std::acos(-1) * step / steps;
                    const Vector<double> q =
                        Vector<double>::Constant(3, ratio / 3) + radius * (std::cos(angle) * e1 + std::sin(angle) * e2);
                    if (q.minCoeff() >= 0)
                        best = std::max(best, x.dot(q));
                }
                const double found = x.dot(projected(x, measure));
                QVERIFY(found >= best - 1e-13);
                QVERIFY(found <= best + 1e-3);
            }
    }

    void theSimplexProjectionIsNearest()
    {
        for (const Index length : {1, 2, 7, 300})
            for (const double sum : {1e-6, 1.0, 250.0})
                for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                    const Vector<double> x = signedVector(length, seed) * 3;
                    Vector<double> p = x;
                    projectOnSimplex(p, sum);
                    QVERIFY(p.minCoeff() >= 0);
                    QVERIFY(std::abs(p.sum() - sum) <= 1e-14 * sum);
                    // What it has taken away is the same where something is left, and no more elsewhere.
                    const Vector<double> taken = x - p;
                    double level = -1e9;
                    for (Index i = 0; i < length; ++i)
                        if (p(i) > 0)
                            level = std::max(level, taken(i));
                    for (Index i = 0; i < length; ++i)
                        QVERIFY(p(i) > 0 ? std::abs(taken(i) - level) < 1e-12 * (1 + sum) : taken(i) <= level + 1e-12);
                }
    }
};

QTEST_APPLESS_MAIN(TestProjections)
#include "tst_projections.moc"
