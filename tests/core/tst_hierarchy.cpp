#include "tests/support/problems.h"

#include "core/hierarchy.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace nmf;

namespace
{

Matrix<double> distancesOf(const std::vector<double>& places)
{
    const auto n = static_cast<Index>(places.size());
    Matrix<double> result(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
            result(i, j) = std::abs(places[static_cast<std::size_t>(i)] - places[static_cast<std::size_t>(j)]);
    return result;
}

using Items = std::set<Index>;

/// The definition: merge the two clusters whose items have the smallest mean distance, until one is left.
std::vector<std::pair<double, Items>> byDefinition(const Matrix<double>& distance)
{
    std::vector<Items> clusters;
    for (Index i = 0; i < distance.rows(); ++i)
        clusters.push_back({i});
    const auto mean = [&](const Items& one, const Items& other) {
        double sum = 0;
        for (const Index i : one)
            for (const Index j : other)
                sum += distance(i, j);
        return sum / static_cast<double>(one.size() * other.size());
    };
    std::vector<std::pair<double, Items>> merged;
    while (clusters.size() > 1) {
        double least = std::numeric_limits<double>::infinity();
        std::size_t one = 0, other = 0;
        for (std::size_t i = 0; i < clusters.size(); ++i)
            for (std::size_t j = i + 1; j < clusters.size(); ++j)
                if (const double here = mean(clusters[i], clusters[j]); here < least) {
                    least = here;
                    one = i;
                    other = j;
                }
        clusters[one].insert(clusters[other].begin(), clusters[other].end());
        merged.emplace_back(least, clusters[one]);
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(other));
    }
    return merged;
}

/// The items below each merger.
std::vector<Items> itemsOf(const Hierarchy& tree)
{
    const auto n = tree.order.size();
    std::vector<Items> result;
    for (const Merger& merger : tree.mergers) {
        Items items;
        for (const Index cluster : {merger.one, merger.other}) {
            const auto at = static_cast<std::size_t>(cluster);
            if (at < n)
                items.insert(cluster);
            else
                items.insert(result[at - n].begin(), result[at - n].end());
        }
        result.push_back(items);
    }
    return result;
}

} // namespace

/// Clustering by average linkage.
class TestHierarchy : public QObject
{
    Q_OBJECT

private slots:
    void fivePlacesOnALineAreMergedAsByHand()
    {
        // 4 and 5 first, then 0 and 2, then both pairs: (4 + 2 + 5 + 3)/4; then 9 to all: (5 + 9 + 4 + 7)/4.
        const Hierarchy tree = averageLinkage(distancesOf({4, 0, 9, 5, 2}));
        QCOMPARE(tree.mergers.size(), std::size_t{4});
        const double heights[] = {1, 2, 3.5, 6.25};
        const double pairs[] = {1, 1, 4, 4};
        const Index sizes[] = {2, 2, 4, 5};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(tree.mergers[i].height, heights[i]);
            QCOMPARE(tree.mergers[i].pairs, pairs[i]);
            QCOMPARE(tree.mergers[i].size, sizes[i]);
        }
        QCOMPARE(tree.order, (std::vector<Index>{0, 3, 1, 4, 2}));
        QCOMPARE(tree.mergers[0].one, Index{0});
        QCOMPARE(tree.mergers[2].one, Index{5}); // the cluster that the first merger made
        QCOMPARE(tree.mergers[2].other, Index{6});
        QCOMPARE(tree.mergers[3].other, Index{2});
    }

    void everyMergerIsThatOfTheDefinition_data()
    {
        QTest::addColumn<int>("items");
        for (const int items : {2, 3, 7, 20, 45})
            QTest::addRow("%d items", items) << items;
    }
    void everyMergerIsThatOfTheDefinition()
    {
        QFETCH(int, items);
        Matrix<double> distance = problems::uniform(items, items, 7);
        distance = (distance + distance.transpose()).eval() / 2;
        distance.diagonal().setZero();
        const auto wanted = byDefinition(distance);
        const Hierarchy tree = averageLinkage(distance);
        const std::vector<Items> found = itemsOf(tree);
        QCOMPARE(found.size(), wanted.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            QVERIFY(std::abs(tree.mergers[i].height - wanted[i].first) < 1e-12);
            QVERIFY(found[i] == wanted[i].second);
            QCOMPARE(tree.mergers[i].size, static_cast<Index>(wanted[i].second.size()));
        }
    }

    void noLinesOfTheTreeCross()
    {
        const Matrix<double> rows = problems::uniform(60, 4, 3);
        const Hierarchy tree = averageLinkage(angularDistances(rows));
        std::vector<Index> sorted = tree.order;
        std::sort(sorted.begin(), sorted.end());
        for (Index i = 0; i < 60; ++i)
            QCOMPARE(sorted[static_cast<std::size_t>(i)], i);
        for (const Items& items : itemsOf(tree)) {
            Index first = 60, last = -1;
            for (Index place = 0; place < 60; ++place)
                if (items.contains(tree.order[static_cast<std::size_t>(place)])) {
                    first = std::min(first, place);
                    last = place;
                }
            QCOMPARE(last - first + 1, static_cast<Index>(items.size()));
        }
        for (std::size_t i = 1; i < tree.mergers.size(); ++i)
            QVERIFY(tree.mergers[i].height >= tree.mergers[i - 1].height);
    }

    void equalDistancesAreNoMatterOfChance()
    {
        const Matrix<double> distance = Matrix<double>::Ones(6, 6) - Matrix<double>::Identity(6, 6);
        const Hierarchy tree = averageLinkage(distance);
        QCOMPARE(tree.order, averageLinkage(distance).order);
        QCOMPARE(tree.order.front(), Index{0});
        for (const Merger& merger : tree.mergers)
            QCOMPARE(merger.height, 1.0);
    }

    void fewItemsPass()
    {
        QVERIFY(averageLinkage({}).order.empty());
        const Hierarchy one = averageLinkage(Matrix<double>::Zero(1, 1));
        QVERIFY(one.mergers.empty());
        QCOMPARE(one.order, std::vector<Index>{0});
    }

    void anglesDoNotDependOnSizes()
    {
        Matrix<double> rows(4, 2);
        rows << 1, 0, 1e200, 0, 0, 3, 0, 0;
        const Matrix<double> distance = angularDistances(rows);
        QCOMPARE(distance(0, 1), 0.0);
        QCOMPARE(distance(0, 2), 1.0);
        QCOMPARE(distance(3, 2), 1.0); // what has no direction is like nothing
        QCOMPARE(distance(3, 3), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestHierarchy)
#include "tst_hierarchy.moc"
