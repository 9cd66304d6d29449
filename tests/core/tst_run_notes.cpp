#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/restarts.h"
#include "core/terms.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace nmf;

/// What a run says of itself, and data of any size.
class TestRunNotes : public QObject
{
    Q_OBJECT

    static QString notesOf(const Result& result)
    {
        QString all;
        for (const std::string& note : result.notes)
            all += QString::fromStdString(note) + "\n";
        return all;
    }

    static std::shared_ptr<const Dataset> dataset(const Matrix<double>& V, bool sparse)
    {
        if (!sparse)
            return problems::dataset(V);
        auto result = std::make_shared<Dataset>();
        result->title = result->source = "test";
        result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
        return result;
    }

private slots:
    void emptyRowsAndColumnsAreNoted()
    {
        Matrix<double> V = problems::uniform(8, 9, 1);
        QVERIFY(!notesOf(factorize(problems::dataset(V), problems::with("hals", 2, 1))).contains("zero"));
        V.col(2).setZero();
        V.col(5).setZero();
        for (const bool sparse : {false, true})
            QVERIFY(notesOf(factorize(dataset(V, sparse), problems::with("hals", 2, 1)))
                        .contains("2 columns of V are zero throughout: their coefficients are zero."));
        V.row(3).setZero();
        Options options = problems::with("hals", 2, 1);
        QVERIFY(notesOf(factorize(problems::dataset(V), options)).contains("1 row and 2 columns of V are zero"));
        options.ofH.sum = 1;
        QVERIFY(!notesOf(factorize(problems::dataset(V), options)).contains("factors is zero"));
    }

    void startsOfTooManyComponentsSaySo()
    {
        Options options = problems::with("hals", 7, 1);
        const auto data = problems::dataset(problems::uniform(9, 5, 1));
        for (const char* id : {"nndsvd", "nndsvdar", "lrc"}) {
            options.initializer.id = id;
            QVERIFY2(notesOf(factorize(data, options)).contains("no more than 5 components there: the other 2 begin"),
                     id);
        }
        options.initializer.id = "random";
        QVERIFY(factorize(data, options).notes.empty());
    }

    void linesWithTooFewKnownEntriesAreNoted()
    {
        Matrix<double> V = problems::uniform(6, 7, 1);
        V.row(2).tail(6).setConstant(NAN);
        Options options = problems::with("hals", 2, 1);
        options.nanUnknown = true;
        QVERIFY(notesOf(factorize(problems::dataset(V), options)).contains("1 row of V has fewer known entries than"));
        options.onW.l2 = options.onH.l2 = 1;
        QVERIFY(!notesOf(factorize(problems::dataset(V), options)).contains("fewer known"));
        Matrix<double> ratings = Matrix<double>::Zero(6, 7);
        ratings.topRows(3) = problems::uniform(3, 7, 2);
        ratings.row(2).tail(6).setZero();
        options = problems::with("hals", 3, 1);
        options.unstoredUnknown = true;
        QVERIFY(notesOf(factorize(dataset(ratings, true), options)).contains("1 row and 6 columns of V have fewer"));
        options.unstoredUnknown = false;
        QVERIFY(!notesOf(factorize(dataset(ratings, true), options)).contains("fewer known"));
    }

    void zerosThatMultiplicativeRulesMeetAreNoted()
    {
        Options options = problems::with("mu", 2, 1);
        options.initializer.id = "nndsvd";
        const auto data = problems::dataset(problems::matrixB());
        QVERIFY(notesOf(factorize(data, options)).contains("of the start are zero, where multiplicative"));
        options.algorithm.id = "hals";
        QVERIFY(!notesOf(factorize(data, options)).contains("multiplicative"));
        options.algorithm.id = "mu";
        auto start =
            std::make_shared<Factors<double>>(Factors<double>{problems::uniform(6, 2, 1), problems::uniform(5, 2, 2)});
        options.start = start;
        QVERIFY(!notesOf(factorize(data, options)).contains("multiplicative"));
        start->W(1, 1) = 0;
        QVERIFY(notesOf(factorize(data, options)).contains("1 entry of the start is zero"));
    }

    void theClockSaysThatItIsNotReproducible()
    {
        Options options = problems::with("hals", 3, 1000000);
        options.timeLimit = 0.01;
        const Result result = factorize(problems::dataset(problems::uniform(20, 30, 6)), options);
        QCOMPARE(result.termination, Termination::TimeLimit);
        const QString said = QString::fromStdString(sentence(result.termination, options, result.history));
        QVERIFY2(said.contains("The clock decided that") && said.endsWith('.'), qPrintable(said));
    }

    void dataOfAnySizeAreFitted_data()
    {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("size");
        QTest::addColumn<bool>("sparse");
        for (const char* loss : {"frobenius", "kl", "is"})
            for (const double size : {0x1p996, 0x1p-996}) // about 1e300, and 1e-300
                for (const bool sparse : {false, true})
                    if (!sparse || QString(loss) != "is")
                        QTest::addRow("%s, %g, %s", loss, size, sparse ? "sparse" : "dense") << loss << size << sparse;
    }
    void dataOfAnySizeAreFitted()
    {
        QFETCH(QString, loss);
        QFETCH(double, size);
        QFETCH(bool, sparse);
        Matrix<double> V = problems::uniform(12, 10, 4);
        if (sparse)
            V = (V.array() > 0.4).select(V, 0.0).eval();
        Options options;
        options.rank = 3;
        options.loss.id = loss.toStdString();
        options.algorithm.id = automaticAlgorithm(find(losses(), options.loss.id)->make({}));
        options.maxIterations = 60;
        options.tolerance = 0;
        const Result plain = factorize(dataset(V, sparse), options);
        const Result scaled = factorize(dataset(V * size, sparse), options);
        QCOMPARE(scaled.termination, Termination::IterationLimit);
        QVERIFY(scaled.factors.W.allFinite() && scaled.factors.Ht.allFinite());
        const double error = scaled.history.back().relativeError;
        QCOMPARE(error, plain.history.back().relativeError);
        const Matrix<double> X = scaled.factors.W * scaled.factors.Ht.transpose();
        QVERIFY(std::abs((V - X / size).norm() / V.norm() - error) < 1e-9);
        // The square of the one is beyond all numbers, and that of the other below.
        const double objective = scaled.history.back().objective;
        const double expected = options.loss.id == "is"   ? plain.history.back().objective
                                : options.loss.id == "kl" ? plain.history.back().objective * size
                                : size > 1                ? HUGE_VAL
                                                          : 0;
        QVERIFY2(objective == expected || std::abs(objective - expected) < 1e-3 * expected,
                 qPrintable(QString("%1 %2").arg(objective).arg(expected)));
        QCOMPARE(notesOf(scaled).contains("data of this size"), options.loss.id == "frobenius");
        QCOMPARE(scaled.monotonicityViolations, 0);
        options.initializer.id = "random";
        const Restarts many = restart(dataset(V * size, sparse), options, 3);
        for (const RestartOutcome& one : many.runs)
            QVERIFY2(one.usable() && one.last.scaledObjective >= many.runs[many.best].last.scaledObjective,
                     one.failure.c_str());
    }

    void aPenaltyBeyondTinyDataLeavesNothing()
    {
        Options options = problems::with("hals", 2, 20);
        options.onW = options.onH = {0.1, 0.1};
        const Result result = factorize(problems::dataset(problems::uniform(6, 5, 1) * 1e-300), options);
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        QVERIFY(result.factors.W.isZero(0) || result.factors.Ht.isZero(0));
    }

    void aGivenStartIsBalancedAtOnce()
    {
        Options options = problems::with("hals", 3, 0);
        options.onW = options.onH = {0.1, 0.2};
        auto start = std::make_shared<Factors<double>>(*problems::goldenStart());
        start->W *= 100;
        start->Ht /= 100;
        options.start = start;
        const auto data = problems::dataset(problems::matrixB());
        const Result balanced = factorize(data, options);
        options.balanced = false;
        const Result given = factorize(data, options);
        QVERIFY(balanced.history[0].objective < 0.1 * given.history[0].objective);
        const Matrix<double> before = start->W * start->Ht.transpose();
        QVERIFY((balanced.factors.W * balanced.factors.Ht.transpose()).isApprox(before, 1e-12));
        // What is balanced stays, to the last bit.
        options.balanced = true;
        options.start = std::make_shared<Factors<double>>(balanced.factors);
        QVERIFY(problems::sameBits(factorize(data, options).factors, balanced.factors));
    }

    void everyRefusalHasItsReason()
    {
        for (const Algorithm& algorithm : algorithms())
            for (const char* loss : {"frobenius", "kl", "is"})
                for (const bool weighted : {false, true})
                    for (const Demand demand : allDemands()) {
                        const Divergence divergence = find(losses(), loss)->make({});
                        const QString said =
                            QString::fromStdString(algorithm.refusalOf(divergence, {demand}, weighted));
                        const bool served = algorithm.servesDemand(divergence, demand, weighted);
                        QVERIFY2(served ? said.isEmpty()
                                        : said.endsWith('.') && said.contains(", but ") && said[0].isUpper() &&
                                              said.contains(QString::fromStdString(phraseOf(demand)).mid(1)),
                                 qPrintable(said));
                    }
    }

    void theAutomaticChoiceHasItsReason()
    {
        QVERIFY(automaticReason({2}).find("quickest") != std::string::npos);
        QVERIFY(automaticReason({2}) != automaticReason({2}, false, {Demand::TraceBound}));
        QVERIFY(automaticReason({1}, true).find("unknown") != std::string::npos);
        QVERIFY(automaticReason({0}, false, {Demand::Sparseness}).find("No algorithm") != std::string::npos);
    }

    void singlePrecisionSumsAreInDouble()
    {
        // Nearly exact: what is not stored has almost no model, which is the small difference of two large sums.
        Matrix<double> W = Matrix<double>::Zero(600, 2), Ht = Matrix<double>::Zero(500, 2);
        W.col(0).head(300) = problems::uniform(300, 1, 1).array() + 0.5;
        W.col(1).tail(300) = problems::uniform(300, 1, 2).array() + 0.5;
        Ht.col(0).head(250) = problems::uniform(250, 1, 3).array() + 0.5;
        Ht.col(1).tail(250) = problems::uniform(250, 1, 4).array() + 0.5;
        Options options = problems::with("klcd", 2, 40);
        options.loss.id = "kl";
        options.initializer.id = "nndsvd";
        options.precision = Precision::Single;
        const Result result = factorize(dataset(W * Ht.transpose(), true), options);
        QVERIFY2(result.history.back().relativeError < 1e-6,
                 qPrintable(QString::number(result.history.back().relativeError)));
    }
};

QTEST_APPLESS_MAIN(TestRunNotes)
#include "tst_run_notes.moc"
