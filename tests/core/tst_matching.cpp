#include "core/measures/matching.h"
#include "core/random_numbers.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

using nmf::Index;
using nmf::Matching;
using nmf::Matrix;

namespace
{

std::size_t at(Index index)
{
    return static_cast<std::size_t>(index);
}

Matrix<double> uniform(Index rows, Index cols, std::uint64_t seed, double offset = 0)
{
    const nmf::RandomNumbers random(seed);
    Matrix<double> result(rows, cols);
    for (Index i = 0; i < result.size(); ++i)
        result.data()[i] = random.uniform(static_cast<std::uint64_t>(i)) + offset;
    return result;
}

double cosine(const Matrix<double>& a, Index i, const Matrix<double>& b, Index j)
{
    return a.col(i).dot(b.col(j)) / (a.col(i).norm() * b.col(j).norm());
}

/// The largest sum of cosines over all ways to give each column of the narrower matrix a partner of its own.
double bestSum(const Matrix<double>& wanted, const Matrix<double>& found)
{
    const bool wide = wanted.cols() <= found.cols();
    const Matrix<double>& few = wide ? wanted : found;
    const Matrix<double>& many = wide ? found : wanted;
    std::vector<Index> order(at(many.cols()));
    std::iota(order.begin(), order.end(), 0);
    double best = -1e9;
    do {
        double sum = 0;
        for (Index i = 0; i < few.cols(); ++i)
            sum += cosine(few, i, many, order[at(i)]);
        best = std::max(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

/// Partners are columns of `found` or nobody, no column is taken twice, and as many as possible are.
bool isMatching(const Matching& matching, Index wanted, Index found)
{
    std::vector<bool> taken(at(found), false);
    Index pairs = 0;
    for (const Index partner : matching.partner) {
        if (partner == -1)
            continue;
        if (partner < 0 || partner >= found || taken[at(partner)])
            return false;
        taken[at(partner)] = true;
        ++pairs;
    }
    return matching.partner.size() == at(wanted) && matching.cosine.size() == at(wanted) &&
           pairs == std::min(wanted, found);
}

} // namespace

class TestMatching : public QObject
{
    Q_OBJECT

private slots:
    void findsPermutedAndScaledCopies_data();
    void findsPermutedAndScaledCopies();
    void isAsGoodAsTryingAllPermutations_data();
    void isAsGoodAsTryingAllPermutations();
    void nearestIsNotAlwaysPartner();
    void tellsTheCosines();
    void columnsWithoutDirectionAreLikeNothing();
    void emptyMatricesMatchNothing();
};

void TestMatching::findsPermutedAndScaledCopies_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("scale");
    for (const int count : {1, 2, 7, 30, 100})
        for (const double scale : {1.0, 1e-200, 1e200})
            QTest::addRow("%d columns times %g", count, scale) << count << scale;
}

void TestMatching::findsPermutedAndScaledCopies()
{
    QFETCH(int, count);
    QFETCH(double, scale);
    const Matrix<double> wanted = uniform(120, count, 5);
    std::vector<Index> order(at(count));
    std::iota(order.begin(), order.end(), 0);
    const nmf::RandomNumbers random(6);
    for (Index a = count - 1; a > 0; --a)
        std::swap(order[at(a)], order[random.below(at(a) + 1, at(a))]);
    Matrix<double> found(wanted.rows(), count);
    for (Index a = 0; a < count; ++a)
        found.col(order[at(a)]) = wanted.col(a) * scale * (1.0 + static_cast<double>(a));

    const Matching matching = nmf::matchColumns(wanted, found);
    QVERIFY(isMatching(matching, count, count));
    for (Index a = 0; a < count; ++a) {
        QCOMPARE(matching.partner[at(a)], order[at(a)]);
        QVERIFY(std::abs(matching.cosine[at(a)] - 1) < 1e-12);
    }
}

void TestMatching::isAsGoodAsTryingAllPermutations_data()
{
    QTest::addColumn<int>("wanted");
    QTest::addColumn<int>("found");
    QTest::addColumn<double>("offset");
    for (int wanted = 1; wanted <= 6; ++wanted)
        for (int found = 1; found <= 6; ++found) {
            QTest::addRow("%d with %d, non-negative", wanted, found) << wanted << found << 0.0;
            QTest::addRow("%d with %d, any sign", wanted, found) << wanted << found << -0.5;
        }
}

void TestMatching::isAsGoodAsTryingAllPermutations()
{
    QFETCH(int, wanted);
    QFETCH(int, found);
    QFETCH(double, offset);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const Matrix<double> a = uniform(4, wanted, 2 * seed, offset), b = uniform(4, found, 2 * seed + 1, offset);
        const Matching matching = nmf::matchColumns(a, b);
        QVERIFY(isMatching(matching, wanted, found));
        const double sum = std::accumulate(matching.cosine.begin(), matching.cosine.end(), 0.0);
        QVERIFY2(std::abs(sum - bestSum(a, b)) < 1e-12, qPrintable(QString::number(sum - bestSum(a, b))));
    }
}

void TestMatching::nearestIsNotAlwaysPartner()
{
    const auto direction = [](double degrees) {
        const double angle = degrees * std::numbers::pi / 180;
        return nmf::Vector<double>{{std::cos(angle), std::sin(angle)}};
    };
    Matrix<double> wanted(2, 2), found(2, 2);
    wanted << direction(29), direction(0);
    found << direction(18), direction(55);
    // The first of either are nearest to each other, but then 0° would be left with 55°.
    QCOMPARE(nmf::matchColumns(wanted, found).partner, (std::vector<Index>{1, 0}));
}

void TestMatching::tellsTheCosines()
{
    const Matrix<double> wanted = uniform(9, 3, 1), found = uniform(9, 5, 2);
    const Matching matching = nmf::matchColumns(wanted, found);
    for (Index a = 0; a < 3; ++a)
        QVERIFY(std::abs(matching.cosine[at(a)] - cosine(wanted, a, found, matching.partner[at(a)])) < 1e-14);
}

void TestMatching::columnsWithoutDirectionAreLikeNothing()
{
    Matrix<double> wanted = uniform(6, 4, 1);
    wanted.col(1).setZero();
    wanted(2, 2) = std::numeric_limits<double>::quiet_NaN();
    const Matrix<double> found = uniform(6, 4, 1);
    const Matching matching = nmf::matchColumns(wanted, found);
    QVERIFY(isMatching(matching, 4, 4));
    QCOMPARE(matching.partner[0], Index(0));
    QCOMPARE(matching.partner[3], Index(3));
    QCOMPARE(matching.cosine[1], 0.0);
    QCOMPARE(matching.cosine[2], 0.0);
}

void TestMatching::emptyMatricesMatchNothing()
{
    const Matrix<double> none(5, 0), some = uniform(5, 2, 1);
    QVERIFY(nmf::matchColumns(none, some).partner.empty());
    QCOMPARE(nmf::matchColumns(some, none).partner, (std::vector<Index>{-1, -1}));
}

QTEST_APPLESS_MAIN(TestMatching)
#include "tst_matching.moc"
