#include "tests/support/kept_as.h"
#include "tests/support/problems.h"
#include "tests/support/refusal.h"

#include "core/repairs.h"

#include <QTest>

#include <cmath>

using namespace nmf;
using kept_as::dataset, kept_as::whole;

/// What a factorization cannot take is repaired as it was chosen, said, and else refused.
class TestRepairs : public QObject
{
    Q_OBJECT

    static Matrix<double> values()
    {
        Matrix<double> V(3, 2);
        V << 1, -2, 0, 4, -0.5, 3;
        return V;
    }

private slots:
    void negativeEntriesBecomeWhatWasChosen_data()
    {
        QTest::addColumn<bool>("sparse");
        QTest::addColumn<bool>("single");
        for (const bool sparse : {false, true})
            for (const bool single : {false, true})
                QTest::addRow("%s, %s", sparse ? "sparse" : "dense", single ? "single" : "double") << sparse << single;
    }
    void negativeEntriesBecomeWhatWasChosen()
    {
        QFETCH(bool, sparse);
        QFETCH(bool, single);
        const Dataset given = dataset(values(), sparse, single);
        const auto made = [&](const char* id) {
            const Dataset result = repaired(given, {.negative = {id}});
            const QString note = QString::fromStdString(result.notes.empty() ? "" : result.notes.back());
            [&] {
                QCOMPARE(result.notes.size(), given.notes.size() + 1);
                QVERIFY2(note.endsWith('.'), qPrintable(note));
                QCOMPARE(result.V.isSparse(), sparse);
                QCOMPARE(result.V.isSingle(), single);
                requireFactorizable(result);
            }();
            return whole(result.V);
        };
        QCOMPARE(made("zero"), values().cwiseMax(0).eval());
        QCOMPARE(made("absolute"), values().cwiseAbs().eval());
        const Matrix<double> both = made("split");
        QCOMPARE(both.topRows(3), values().cwiseMax(0).eval());
        QCOMPARE(both.bottomRows(3), (-values()).cwiseMax(0).eval());
        if (sparse)
            QVERIFY(refusal([&] { repaired(given, {.negative = {"shift"}}); }).contains("sparse"));
        else
            QCOMPARE(made("shift"), (values().array() + 2).matrix().eval());
    }

    void refusingIsTheStandardAndNamesTheWays()
    {
        const Dataset given = dataset(values(), false);
        QCOMPARE(whole(repaired(given, {}).V), values());
        const QString said = refusal([&] { requireFactorizable(repaired(given, {})); });
        QVERIFY2(said.contains("row 1, column 2") && said.contains("zero, shift, absolute, split"), qPrintable(said));
        Options options{.rank = 1, .loss = {"is"}, .algorithm = {"mu"}};
        const QString zeros = refusal([&] { Run(problems::dataset(problems::matrixB()), options); });
        QVERIFY2(zeros.contains("unknown, floor"), qPrintable(zeros));
        QVERIFY(refusal([&] { repaired(given, {.negative = {"magic"}}); }).contains("refuse, zero"));
    }

    void whatIsNotThereIsNotRepaired()
    {
        const Dataset given = dataset(problems::matrixA().array() + 1, false);
        const Dataset same = repaired(given, {.negative = {"shift"}, .zeros = {"unknown"}});
        QCOMPARE(whole(same.V), whole(given.V));
        QVERIFY(same.notes.empty() && !same.weights);
    }

    void splitRowsAreNamed()
    {
        Dataset given = dataset(values(), false);
        given.features = Axis::named({"a", "b", "c"});
        given.weights = DataMatrix(problems::uniform(3, 2, 1));
        Dataset both = repaired(given, {.negative = {"split"}});
        QCOMPARE(both.features.label(1), std::string("b, positive"));
        QCOMPARE(both.features.label(5), std::string("c, negative"));
        QCOMPARE(whole(*both.weights).bottomRows(3), problems::uniform(3, 2, 1));
        given.weights = DataMatrix(SparseMatrix<double>(problems::uniform(3, 2, 1).sparseView()));
        both = repaired(given, {.negative = {"split"}});
        QVERIFY(both.weights->isSparse());
        QCOMPARE(whole(*both.weights).topRows(3), problems::uniform(3, 2, 1));
        given.features = Axis::pixels(1, 3);
        both = repaired(given, {.negative = {"split"}});
        QVERIFY(both.features.kind == Axis::Kind::Pixels && both.features.height == 2 && both.features.width == 3);
        given.features = {};
        QCOMPARE(repaired(given, {.negative = {"split"}}).features.label(0), std::string("1, positive"));
    }

    void zerosAreUnknownOrRaised()
    {
        Matrix<double> V = problems::uniform(8, 3, 1) * problems::uniform(3, 9, 2);
        const Matrix<double> complete = V;
        V(2, 3) = V(5, 5) = 0;
        const Dataset given = dataset(V, false);
        const auto masked = std::make_shared<const Dataset>(repaired(given, {.zeros = {"unknown"}}));
        QCOMPARE(whole(*masked->weights).sum(), 70.0);
        Options options = problems::with("mu", 3, 20000);
        options.loss.id = "is";
        options.initializer.id = "random";
        const Result result = factorize(masked, options);
        const Matrix<double> X = result.factors.W * result.factors.Ht.transpose();
        QVERIFY2(std::abs(X(2, 3) - complete(2, 3)) < 0.05 * complete(2, 3), qPrintable(QString::number(X(2, 3))));
        Dataset weighted = given;
        weighted.weights = DataMatrix(Matrix<double>::Constant(8, 9, 2).eval());
        QCOMPARE(whole(*repaired(weighted, {.zeros = {"unknown"}}).weights).sum(), 140.0);
        const Dataset raised = repaired(given, {.zeros = {"floor", {{"floor", 0.01}}}});
        QCOMPARE(whole(raised.V), V.cwiseMax(0.01).eval());
        QVERIFY(raised.notes.back().find("0.01") != std::string::npos);
        QVERIFY(refusal([&] { repaired(given, {.zeros = {"floor"}}); }).contains("state a number"));
        const Dataset sparse = dataset(V, true);
        QVERIFY(refusal([&] { repaired(sparse, {.zeros = {"floor", {{"floor", 1}}}}); }).contains("sparse"));
        QVERIFY(!repaired(sparse, {.zeros = {"unknown"}}).weights);
    }

    void missingEntriesStayMissing()
    {
        Matrix<double> V = values();
        V(1, 0) = std::nan("");
        for (const char* id : {"zero", "shift", "absolute", "split"})
            QVERIFY(std::isnan(repaired(dataset(V, false), {.negative = {id}}).V(1, 0)));
    }

    void aShiftThatIsTooLargeIsRefused()
    {
        Matrix<double> V = values();
        V(0, 0) = 1.7e308;
        V(0, 1) = -1.7e308;
        QVERIFY(refusal([&] { repaired(dataset(V, false), {.negative = {"shift"}}); }).contains("Scale the data"));
    }
};

QTEST_APPLESS_MAIN(TestRepairs)
#include "tst_repairs.moc"
