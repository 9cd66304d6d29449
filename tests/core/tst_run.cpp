#include "core/algorithms/algorithms.h"
#include "tests/support/problems.h"
#include "tests/support/refusal.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace nmf;
using problems::with;

/// The driver of a run: half steps, stopping, and what is refused before it begins.
class TestRun : public QObject
{
    Q_OBJECT

private slots:
    void aHalfStepMovesHAndThenW()
    {
        Run run(problems::dataset(problems::uniform(12, 9, 1)), with("hals", 3, 1));
        std::vector<Factors<double>> states;
        std::vector<bool> between;
        run.advance({}, {.report = [&](const Run& now) {
                        states.push_back(now.factors());
                        between.push_back(now.betweenHalves());
                    }});
        QCOMPARE(between, (std::vector<bool>{false, true, false}));
        QVERIFY(states[0].Ht != states[1].Ht && states[0].W == states[1].W);
        QVERIFY(states[1].Ht == states[2].Ht && states[1].W != states[2].W);
    }

    void numbersBetweenHalvesAreThoseOfTheFactors()
    {
        const Matrix<double> V = problems::uniform(12, 9, 1);
        Run run(problems::dataset(V), with("hals", 3, 3));
        run.advance({}, {.report = [&](const Run& now) {
                        const double direct = problems::frobenius(V, now.factors());
                        QVERIFY(std::abs(now.current().objective - direct) < 1e-11 * direct);
                    }});
    }

    void anyAlgorithmTakesOverBetweenTheHalves_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("gaps");
        for (const char* loss : {"frobenius", "kl"})
            for (const bool gaps : {false, true})
                for (const Algorithm& algorithm : algorithms())
                    if (algorithm.refuses(find(losses(), loss)->make({})).empty() && (!gaps || algorithm.servesWeights))
                        QTest::addRow("%s, %s%s", algorithm.facts.id.c_str(), loss, gaps ? ", gaps" : "")
                            << QString::fromStdString(algorithm.facts.id) << QString(loss) << gaps;
    }
    void anyAlgorithmTakesOverBetweenTheHalves()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(bool, gaps);
        Matrix<double> V = problems::uniform(30, 22, 1);
        if (gaps)
            V(3, 4) = V(20, 4) = V(7, 11) = std::numeric_limits<double>::quiet_NaN();
        Options options = with(loss == "kl" ? "mu" : "hals", 4, 6);
        options.loss.id = loss.toStdString();
        options.nanUnknown = gaps;
        Run run(problems::dataset(V), options);
        std::stop_source stop;
        run.advance(stop.get_token(), {.report = [&](const Run& now) {
                        if (now.iteration() == 2 && now.betweenHalves())
                            stop.request_stop();
                    }});
        QVERIFY(run.betweenHalves());
        const double before = run.current().objective;
        options.algorithm.id = algorithm.toStdString();
        run.setModel(options);
        QCOMPARE(run.advance(), Termination::IterationLimit);
        QCOMPARE(run.iteration(), 6);
        QCOMPARE(run.history().size(), std::size_t(7));
        const Factors<double> factors = run.factors();
        QVERIFY(factors.W.allFinite() && factors.W.rows() == 30 && factors.W.minCoeff() >= 0);
        QVERIFY(factors.Ht.allFinite() && factors.Ht.rows() == 22 && factors.Ht.minCoeff() >= 0);
        if (find(algorithms(), options.algorithm.id)->monotone)
            QVERIFY(run.history().back().objective <= before * (1 + 1e-12));
    }

    void aStopEndsTheRunWithinHalfAnIteration()
    {
        std::stop_source stop;
        int after = 0;
        Run run(problems::dataset(problems::uniform(30, 40, 2)), with("mu", 5, 1000));
        const Termination termination = run.advance(stop.get_token(), {.report = [&](const Run& now) {
                                                        after += stop.stop_requested();
                                                        if (now.iteration() == 3)
                                                            stop.request_stop();
                                                    }});
        QCOMPARE(termination, Termination::Stopped);
        QCOMPARE(after, 0);
        QCOMPARE(run.iteration(), 3);
    }

    void stoppingRulesFire()
    {
        const auto data = problems::dataset(problems::uniform(20, 30, 6));
        Options options = with("hals", 4, 100000);
        options.tolerance = 1e-5;
        const Result converged = factorize(data, options);
        QCOMPARE(converged.termination, Termination::Converged);
        const auto& history = converged.history;
        const double before = history[history.size() - 11].objective, now = history.back().objective;
        QVERIFY(before - now <= 1e-5 * before);
        QVERIFY(history[history.size() - 12].objective - history[history.size() - 2].objective >
                1e-5 * history[history.size() - 12].objective);
        options.tolerance = 0;
        options.timeLimit = 0.02;
        const Result timed = factorize(data, options);
        QCOMPARE(timed.termination, Termination::TimeLimit);
        QVERIFY(timed.history.back().seconds >= 0.02);
        for (const Termination termination : {Termination::Converged, Termination::IterationLimit,
                                              Termination::TimeLimit, Termination::Stopped, Termination::NotFinite})
            QVERIFY(QString::fromStdString(sentence(termination, options, history)).endsWith('.'));
    }

    void secondsCountSolvingOnly()
    {
        Options options = with("hals", 3, 20);
        Run run(problems::dataset(problems::uniform(20, 30, 6)), options);
        run.advance({}, {.report = [](const Run&) { QTest::qSleep(3); }});
        QVERIFY2(run.history().back().seconds < 0.05, qPrintable(QString::number(run.history().back().seconds)));
    }

    void impossibleOptionsAreRefusedInASentence_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"rank 0", "rank 1000", "algorithm", "initialisation", "loss", "iterations",
                                 "tolerance", "threads", "start shape", "start negative", "parameter"})
            QTest::newRow(what) << what;
    }
    void impossibleOptionsAreRefusedInASentence()
    {
        QFETCH(QString, what);
        Options options;
        options.rank = 2;
        auto start =
            std::make_shared<Factors<double>>(Factors<double>{Matrix<double>::Ones(3, 2), Matrix<double>::Ones(3, 2)});
        if (what == "rank 0")
            options.rank = 0;
        else if (what == "rank 1000")
            options.rank = 1000;
        else if (what == "algorithm")
            options.algorithm.id = "magic";
        else if (what == "initialisation")
            options.initializer.id = "magic";
        else if (what == "loss")
            options.loss.id = "magic";
        else if (what == "iterations")
            options.maxIterations = -1;
        else if (what == "tolerance")
            options.tolerance = -1;
        else if (what == "threads")
            options.threads = -2;
        else if (what == "parameter")
            options.algorithm.values["magic"] = 1;
        else if (what == "start shape")
            start->W.resize(4, 2), start->W.setOnes(), options.start = start;
        else
            start->Ht(1, 1) = -1, options.start = start;
        const QString text = refusal([&] { const Run run(problems::dataset(problems::matrixA()), options); });
        QVERIFY2(text.endsWith('.') && text.size() > 20, qPrintable(text));
    }

    void takenUpElsewhereItGoesOnToTheSameBits_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<bool>("single");
        QTest::addColumn<bool>("penalised");
        for (const bool single : {false, true})
            for (const bool penalised : {false, true}) {
                const auto row = [&](const char* algorithm, const char* loss) {
                    QTest::addRow("%s, %s%s%s", algorithm, loss, single ? ", single" : "", penalised ? ", L1" : "")
                        << algorithm << loss << single << penalised;
                };
                row("hals", "frobenius");
                row("mu", "frobenius");
                row("mu", "kl");
            }
    }

    /// By what a session keeps of it: the factors, and the records.
    void takenUpElsewhereItGoesOnToTheSameBits()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(bool, single);
        QFETCH(bool, penalised);
        Options options = with(algorithm.toStdString(), 3, 60);
        options.loss = {loss.toStdString()};
        options.tolerance = 0;
        options.precision = single ? Precision::Single : Precision::Double;
        if (penalised)
            options.onW.l1 = options.onH.l1 = 20;
        const auto dataset = problems::dataset(problems::uniform(14, 11, 1) * 3e5);
        std::stop_source stop;
        Run first(dataset, options);
        first.advance(stop.get_token(), {.report = [&](const Run& now) {
                          if (now.iteration() == 17 && !now.betweenHalves())
                              stop.request_stop();
                      }});
        QCOMPARE(first.iteration(), 17);
        Run second(dataset, options);
        second.beginAt({first.factors(), first.history(), first.comparableFrom(), first.betweenHalves()});
        QVERIFY(second.started() && second.iteration() == 17 && second.notes().back().find("17") != std::string::npos);
        first.advance();
        second.advance();
        QCOMPARE(second.iteration(), 60);
        QVERIFY(first.factors().W == second.factors().W && first.factors().Ht == second.factors().Ht);
        for (std::size_t i = 0; i < first.history().size(); ++i)
            QCOMPARE(second.history()[i].objective, first.history()[i].objective);
    }

    void noRunIsTakenUpWhereNoneCanHaveBeen()
    {
        Run first(problems::dataset(problems::uniform(6, 5, 1)), with("hals", 2, 4));
        first.advance();
        const Position right{first.factors(), first.history()};
        const auto said = [](const Position& position) {
            Run run(problems::dataset(problems::uniform(6, 5, 1)), with("hals", 2, 4));
            return refusal([&] { run.beginAt(position); });
        };
        QCOMPARE(said(right), QString());
        Position negative = right, large = right, gap = right, nothing = right;
        negative.factors.W(1, 1) = -1;
        large.factors.Ht.conservativeResize(7, 2);
        large.factors.Ht.setOnes();
        gap.history.erase(gap.history.begin() + 2);
        nothing.history.clear();
        for (const Position& wrong : {negative, large, gap, nothing})
            QVERIFY2(said(wrong).endsWith('.'), qPrintable(said(wrong)));
    }

    void badDataAreRefusedByPosition()
    {
        const auto said = [](double value) {
            Matrix<double> V = problems::matrixA();
            V(1, 2) = value;
            V(2, 0) = value;
            return refusal([&] { const Run run(problems::dataset(V), Options{.rank = 2}); });
        };
        for (const double value : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
            const QString text = said(value);
            QVERIFY2(text.contains("row 2, column 3") && text.contains("2 "), qPrintable(text));
        }
        QVERIFY(said(-0.0).isEmpty());
    }

    void zerosAreRefusedByLossesThatWouldBeInfinite()
    {
        for (const Choice& loss : {Choice{"is"}, Choice{"beta", {{"beta", -0.5}}}}) {
            const Options options{.rank = 2, .loss = loss, .algorithm = {"mu"}};
            const QString text = refusal([&] { const Run run(problems::dataset(problems::matrixA()), options); });
            QVERIFY2(text.contains("row 1, column 3") && text.contains("1 entry") && text.endsWith('.'),
                     qPrintable(text));
        }
    }
};

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
