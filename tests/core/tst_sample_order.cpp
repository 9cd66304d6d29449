#include "tests/support/problems.h"

#include "core/sample_order.h"

#include <QTest>

using namespace nmf;

namespace
{

Dataset named(std::vector<std::string> names)
{
    Dataset data;
    data.V = Matrix<double>(Matrix<double>::Ones(2, static_cast<Index>(names.size())));
    data.samples = Axis::named(std::move(names));
    return data;
}

using Order = std::vector<Index>;

} // namespace

/// In which order samples are shown, and on which scale.
class TestSampleOrder : public QObject
{
    Q_OBJECT

private slots:
    void samplesStandByTheirStrongestComponent()
    {
        Matrix<double> Ht(5, 2);
        Ht << 1, 3, 5, 1, 0, 9, 2, 1, 0, 0;
        // Component 2 counts as the first; of one component the larger share goes first; what has none goes last.
        const OrderedSamples samples =
            orderSamples(named({"a", "b", "c", "d", "e"}), Ht, {1, 0}, SampleOrder::ByComponent);
        QCOMPARE(samples.order, (Order{2, 0, 1, 3, 4}));
        QVERIFY(!samples.tree);
    }

    void clusteredSamplesStandBesideTheirLike()
    {
        Matrix<double> Ht(4, 2);
        Ht << 1, 0, 0, 1, 7, 0, 0, 3;
        const OrderedSamples samples = orderSamples(named({"a", "b", "c", "d"}), Ht, {0, 1}, SampleOrder::Clustered);
        QCOMPARE(samples.order, (Order{0, 2, 1, 3}));
        QCOMPARE(samples.tree->mergers.size(), std::size_t{3});
        QCOMPARE(samples.tree->mergers.back().height, 1.0);
        // Too many for a tree stand by their components.
        Dataset many;
        many.V = Matrix<double>(Matrix<double>::Ones(1, mostClustered + 1));
        const Matrix<double> large = problems::uniform(mostClustered + 1, 2, 1);
        const OrderedSamples others = orderSamples(many, large, {0, 1}, SampleOrder::Clustered);
        QVERIFY(!others.tree);
        QCOMPARE(others.order, orderSamples(many, large, {0, 1}, SampleOrder::ByComponent).order);
    }

    void numbersInNamesCountAsNumbers()
    {
        const Dataset data = named({"s10", "s2", "s02b", "a", "s2b", "s"});
        QCOMPARE(orderSamples(data, Matrix<double>::Ones(6, 1), {0}, SampleOrder::ByName).order,
                 (Order{3, 5, 1, 2, 4, 0}));
        QVERIFY(orderSamples(named({}), Matrix<double>::Ones(3, 1), {0}, SampleOrder::ByName).order.empty());
        QVERIFY(orderSamples(data, Matrix<double>::Ones(6, 1), {0}, SampleOrder::AsTheyCome).order.empty());
    }

    void groupsAreWhatNamesBeginWith()
    {
        const std::vector<std::string> names{"AML_12", "ALL_3_B", "AML_7", "ALL_1"};
        QCOMPARE(groupsOf(names), (std::vector<int>{1, 0, 1, 0}));
        QCOMPARE(orderSamples(named(names), Matrix<double>::Ones(4, 1), {0}, SampleOrder::ByGroup).order,
                 (Order{1, 3, 0, 2}));
        // One group is none, nor are as many as names, nor very many.
        QVERIFY(groupsOf({"s1", "s2"}).empty());
        QVERIFY(groupsOf({"a1", "b1"}).empty());
        QVERIFY(groupsOf({}).empty());
        std::vector<std::string> many;
        for (char letter = 'A'; letter <= 'Z'; ++letter)
            many.insert(many.end(), {std::string(1, letter) + "1", std::string(1, letter) + "2"});
        QVERIFY(groupsOf(many).empty());
    }

    void scalesAreOfTheView()
    {
        Matrix<double> Ht(3, 2), maximum(3, 2), sum(3, 2);
        Ht << 1, 3, 4, 0, 0, 0;
        maximum << 0.25, 1, 1, 0, 0, 0;
        sum << 0.25, 0.75, 1, 0, 0, 0;
        QVERIFY(scaledFor(CoefficientScale::AsTheyAre, Ht) == Ht);
        QVERIFY(scaledFor(CoefficientScale::ComponentMaximum, Ht) == maximum);
        QVERIFY(scaledFor(CoefficientScale::SampleSum, Ht) == sum);
    }
};

QTEST_APPLESS_MAIN(TestSampleOrder)
#include "tst_sample_order.moc"
