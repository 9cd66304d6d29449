#include "tests/support/problems.h"

#include "core/measures/components.h"
#include "core/revival.h"
#include "core/trial_revival.h"
#include "core/zeros.h"

#include <QTest>

#include <cmath>

using namespace nmf;

/// Components that have died live again where that pays, for every loss and with unknown entries; else it is said.
class TestRevival : public QObject
{
    Q_OBJECT

    /// Three parts that share little.
    static Matrix<double> data()
    {
        Matrix<double> W = problems::uniform(20, 3, 1), Ht = problems::uniform(15, 3, 2);
        for (Index a = 0; a < 3; ++a)
            W.col(a).segment(6 * a, 7) *= 20;
        return (W * Ht.transpose()).array() + 0.1;
    }

    /// The third component is zero in both halves.
    static std::shared_ptr<const Factors<double>> startWithADeadOne()
    {
        auto start = std::make_shared<Factors<double>>(
            Factors<double>{problems::uniform(20, 3, 5) * 3, problems::uniform(15, 3, 6)});
        start->W.col(2).setZero();
        start->Ht.col(2).setZero();
        return start;
    }

    static std::shared_ptr<const Dataset> dataset(const QString& kind)
    {
        auto result = std::make_shared<Dataset>(*problems::dataset(data()));
        Matrix<double> V = data();
        if (kind == "sparse") {
            V = (V.array() > 6).select(V, 0.0).eval();
            result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
        } else if (kind == "unknown") {
            V(3, 4) = V(10, 2) = V(19, 14) = std::nan("");
            result->V = DataMatrix(V);
        } else if (kind == "weighted") {
            result->weights = DataMatrix((problems::uniform(20, 15, 9).array() + 0.5).matrix().eval());
        }
        return result;
    }

    static Options options(const std::string& algorithm, const Choice& loss)
    {
        Options result = problems::with(algorithm, 3, 300);
        result.loss = loss;
        result.start = startWithADeadOne();
        return result;
    }

private slots:
    void whatIsDeadBeginsAnew_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("beta");
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"dense", "sparse", "unknown", "weighted"})
            for (const auto& [algorithm, beta] : std::initializer_list<std::pair<const char*, double>>{
                     {"hals", 2}, {"mu", 1}, {"klcd", 1}, {"klcdx", 1}, {"mu", 0}, {"mue", 1.5}, {"mu", 3}}) {
                const bool weighted = QString(kind) == "unknown" || QString(kind) == "weighted";
                if ((weighted && QString(algorithm).startsWith("klcd")) || (weighted && QString(algorithm) == "mue") ||
                    (QString(kind) == "sparse" && beta != 1 && beta != 2))
                    continue;
                QTest::addRow("%s, β = %g, %s", algorithm, beta, kind) << algorithm << beta << kind;
            }
    }
    void whatIsDeadBeginsAnew()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, beta);
        QFETCH(QString, kind);
        Options some = options(algorithm.toStdString(), {"beta", {{"beta", beta}}});
        some.nanUnknown = kind == "unknown";
        const auto data = dataset(kind);
        const Result result = factorize(data, some);
        QCOMPARE(aliveComponents(result.factors), Index{3});
        // Two components cannot come near that.
        Options two = some;
        two.rank = 2;
        two.start =
            std::make_shared<Factors<double>>(Factors<double>{some.start->W.leftCols(2), some.start->Ht.leftCols(2)});
        const double without = factorize(data, two).history.back().objective;
        QVERIFY2(result.history.back().objective < 0.7 * without,
                 qPrintable(QString("%1 beside %2").arg(result.history.back().objective).arg(without)));
        QCOMPARE(result.monotonicityViolations, 0);
        some.threads = 3;
        QVERIFY(problems::sameBits(result.factors, factorize(data, some).factors));
    }

    void theObjectiveFallsOrNothingIsChanged_data()
    {
        QTest::addColumn<double>("beta");
        for (const double beta : {-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
            QTest::addRow("β = %g", beta) << beta;
    }
    void theObjectiveFallsOrNothingIsChanged()
    {
        QFETCH(double, beta);
        Blocks blocks(2);
        const SolverData<double> V(DataMatrix(data()), blocks);
        Factors<double> factors = *startWithADeadOne();
        factors.W *= 1 / V.factorScale();
        factors.Ht *= 1 / V.factorScale();
        Work<double> work{V, factors, blocks, Divergence{beta}, 1};
        QCOMPARE(deadComponents(factors, V), std::vector<Index>{2});
        const double before = fitOf(work).objective;
        QVERIFY(reviveByTrial(work, 2));
        QVERIFY(fitOf(work).objective < before);
        QVERIFY(deadComponents(factors, V).empty());
        // Where a component costs more than it brings.
        factors = *startWithADeadOne();
        const Factors<double> given = factors;
        work.onW.l1 = work.onH.l1 = 1e6;
        QVERIFY(!reviveByTrial(work, 2));
        QVERIFY(problems::sameBits(factors, given));
    }

    void aPenaltyMayLetThemDieWhichIsSaid()
    {
        for (const char* loss : {"frobenius", "kl"}) {
            Options some = options(std::string(loss) == "kl" ? "klcd" : "hals", {loss});
            some.start = nullptr;
            some.initializer.id = "random";
            some.onW.l1 = some.onH.l1 = std::string(loss) == "kl" ? 8 : 60;
            const Result result = factorize(problems::dataset(data()), some);
            const Index alive = aliveComponents(result.factors);
            QVERIFY2(alive < 3, loss);
            const QString note = QString::fromStdString(result.notes.back());
            QVERIFY2(note.contains("the rank is " + QString::number(alive)) && note.contains("L1"), qPrintable(note));
        }
    }

    void theNoteOfTheEndGoesWhenTheRunGoesOn()
    {
        Options some = options("hals", {"frobenius"});
        some.start = nullptr;
        some.onW.l1 = some.onH.l1 = 1e4;
        Run run(problems::dataset(data()), some);
        run.advance();
        const std::size_t notes = run.notes().size();
        QVERIFY(notes > 0);
        run.setLimits(310, 0, 0);
        run.advance();
        QCOMPARE(run.notes().size(), notes);
    }
};

QTEST_APPLESS_MAIN(TestRevival)
#include "tst_revival.moc"
