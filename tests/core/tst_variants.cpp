#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"

#include <QTest>

#include <cmath>

using namespace nmf;
using problems::sameBits;

namespace
{

std::shared_ptr<const Dataset> planted()
{
    return problems::dataset(problems::uniform(60, 6, 1) * problems::uniform(6, 80, 2) +
                             0.1 * problems::uniform(60, 80, 3));
}

Options options(const Choice& algorithm, int iterations, const char* loss = "frobenius")
{
    Options result = problems::with(algorithm.id, 6, iterations);
    result.algorithm = algorithm;
    result.loss.id = loss;
    result.initializer.id = "random";
    return result;
}

std::shared_ptr<const Factors<double>> start(Index rows, Index columns, Index rank)
{
    return std::make_shared<Factors<double>>(
        Factors<double>{problems::uniform(rows, rank, 8), problems::uniform(columns, rank, 9)});
}

bool neverRises(const std::vector<Record>& history)
{
    for (std::size_t i = 1; i < history.size(); ++i)
        if (history[i].objective > history[i - 1].objective * (1 + 1e-12))
            return false;
    return true;
}

} // namespace

/// What the parameters of the algorithms change.
class TestVariants : public QObject
{
    Q_OBJECT

private slots:
    void aShuffledOrderIsDrawnFromTheSeed()
    {
        const Choice shuffled{"hals", {{"shuffle", 1}}};
        Options asked = options(shuffled, 30);
        asked.start = start(60, 80, 6);
        const Result one = factorize(planted(), asked);
        QVERIFY(neverRises(one.history));
        asked.threads = 3;
        QVERIFY(sameBits(factorize(planted(), asked).factors, one.factors));
        asked.seed = 2;
        const Result other = factorize(planted(), asked);
        QVERIFY(!sameBits(other.factors, one.factors));
        QVERIFY(neverRises(other.history));
        // The order is another one in every half-step.
        asked.algorithm.values = {};
        const Result plain = factorize(planted(), asked);
        QVERIFY(!sameBits(plain.factors, other.factors));
        asked.seed = 1;
        QVERIFY(sameBits(factorize(planted(), asked).factors, plain.factors));
        QVERIFY(one.history.back().objective < 0.02 * one.history.front().objective);
    }

    void aShuffledSweepIsThatOfComponentsInThatOrder()
    {
        // Where H alone moves, once, shuffling the components of the start by hand is one of the 3! orders.
        Options asked = problems::with("hals", 3, 1);
        asked.start = problems::goldenStart();
        asked.lockW.components = {0, 1, 2};
        const auto data = problems::dataset(problems::matrixB());
        std::vector<Matrix<double>> ways;
        const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (const auto& order : orders) {
            Options by = asked;
            auto turned = std::make_shared<Factors<double>>(*asked.start);
            for (int a = 0; a < 3; ++a) {
                turned->W.col(a) = asked.start->W.col(order[a]);
                turned->Ht.col(a) = asked.start->Ht.col(order[a]);
            }
            by.start = turned;
            const Factors<double> found = factorize(data, by).factors;
            Matrix<double> back(5, 3);
            for (int a = 0; a < 3; ++a)
                back.col(order[a]) = found.Ht.col(a);
            ways.push_back(back);
        }
        asked.algorithm.values = {{"shuffle", 1}};
        std::vector<bool> met(6, false);
        for (asked.seed = 1; asked.seed <= 40; ++asked.seed) {
            const Matrix<double> found = factorize(data, asked).factors.Ht;
            std::size_t nearest = 0;
            for (std::size_t way = 1; way < 6; ++way)
                if ((found - ways[way]).norm() < (found - ways[nearest]).norm())
                    nearest = way;
            QVERIFY((found - ways[nearest]).norm() < 1e-12);
            met[nearest] = true;
        }
        // Some orders come to the same.
        for (std::size_t way = 0; way < 6; ++way)
            for (std::size_t other = 0; other < 6 && !met[way]; ++other)
                met[way] = met[other] && (ways[way] - ways[other]).norm() < 1e-12;
        QVERIFY((ways[0] - ways[5]).norm() > 1e-3);
        QVERIFY(std::find(met.begin(), met.end(), false) == met.end());
    }

    void shufflingIsRefusedWhereItIsNotServed()
    {
        const Options asked = options({"hals", {{"shuffle", 1}}}, 3);
        const auto refuses = [&](const auto& ask) {
            Options more = asked;
            ask(more);
            try {
                factorize(planted(), more);
            } catch (const Error&) {
                return true;
            }
            return false;
        };
        QVERIFY(!refuses([](Options&) {}));
        QVERIFY(!refuses([](Options& more) { more.onW.l1 = more.onH.l1 = 0.1; }));
        QVERIFY(refuses([](Options& more) { more.heldOut = 0.1; }));
        QVERIFY(refuses([](Options& more) { more.ofH.upper = 0.5; }));
        QVERIFY(refuses([](Options& more) { more.together.traceBound = 1; }));
    }

    void moreSweepsComeNearerForEachProduct()
    {
        for (const char* id : {"hals", "ehals"}) {
            double before = std::numeric_limits<double>::infinity();
            for (const double sweeps : {1.0, 2.0, 4.0}) {
                Options asked = options({id, {{"sweeps", sweeps}}}, 1);
                asked.start = start(60, 80, 6);
                Run run(planted(), asked);
                std::stop_source stop;
                double half = 0;
                // H alone: nearer for this W. The pair together need not be.
                run.advance(stop.get_token(), {.report = [&](const Run& now) {
                                if (now.betweenHalves())
                                    half = now.current().objective;
                            }});
                QVERIFY(half > 0);
                if (id == std::string("hals"))
                    QVERIFY(half < before);
                else
                    QVERIFY(half != before);
                before = half;
            }
        }
    }

    void lookingAheadHelpsExactLeastSquares()
    {
        int better = 0;
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const auto data = problems::dataset(problems::uniform(50, 60, seed));
            Options asked = options({"bpp"}, 60);
            asked.seed = seed;
            const double plain = factorize(data, asked).history.back().objective;
            asked.algorithm = {"ebpp"};
            const Result ahead = factorize(data, asked);
            QVERIFY(neverRises(ahead.history));
            better += ahead.history.back().objective < plain;
        }
        QVERIFY2(better >= 8, qPrintable(QString::number(better)));
    }

    /// One coordinate, from either side of its best value: v = (3, 4), w = (1, 2).
    void publishedStepsAreThoseOfTheirAuthors_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("step");
        QTest::addColumn<double>("to");
        const auto slopeOf = [](double h) { return 3 - 7 / h; };
        const auto bendOf = [](double h) { return 7 / (h * h); };
        const auto newton = [=](double h) { return h - slopeOf(h) / bendOf(h); };
        QTest::newRow("Newton, twice, from below") << 0.5 << 1.0 << newton(newton(0.5));
        QTest::newRow("Newton, twice, from above") << 4.0 << 1.0 << newton(newton(4.0));
        QTest::newRow("damped, from below: Newton") << 0.5 << 2.0 << newton(0.5);
        QTest::newRow("damped, near the best: Newton") << 2.6 << 2.0 << newton(2.6);
        const double size = std::sqrt(bendOf(10) / 3) * 10;
        QTest::newRow("damped, far above") << 10.0 << 2.0 << 10 - 10 / (1 + size);
    }
    void publishedStepsAreThoseOfTheirAuthors()
    {
        QFETCH(double, from);
        QFETCH(double, step);
        QFETCH(double, to);
        Matrix<double> V(2, 1), W(2, 1);
        V << 3, 4;
        W << 1, 2;
        Options asked = problems::with("klcd", 1, 1);
        asked.loss.id = "kl";
        asked.algorithm.values = {{"step", step}};
        asked.lockW.components = {0};
        asked.start = std::make_shared<Factors<double>>(Factors<double>{W, Matrix<double>::Constant(1, 1, from)});
        const double found = factorize(problems::dataset(V), asked).factors.Ht(0, 0);
        QVERIFY2(std::abs(found - std::max(to, 0.0)) < 1e-12 * from,
                 qPrintable(QString("%1 instead of %2").arg(found, 0, 'g', 14).arg(to, 0, 'g', 14)));
    }

    void dampedStepsNeverRaiseTheObjective()
    {
        int rises = 0;
        for (std::uint64_t problem = 1; problem <= 60; ++problem) {
            Matrix<double> V = problems::uniform(12, 17, problem).array().pow(3);
            if (problem % 2 == 0)
                V = (V.array() > 0.3).select(V, 0.0).eval();
            Options asked = options({"klcd", {{"step", 2}}}, 15, "kl");
            asked.rank = 3;
            asked.balanced = false;
            asked.seed = problem;
            if (problem % 3 == 0)
                asked.onW = asked.onH = {0.2, 0.1};
            QVERIFY2(neverRises(factorize(problems::dataset(V), asked).history), qPrintable(QString::number(problem)));
            asked.algorithm.values["step"] = 1;
            rises += !neverRises(factorize(problems::dataset(V), asked).history);
        }
        qInfo("Newton's steps raised the objective of %d of 60", rises);
    }

    /// Where one kind of step ends, none gains any more.
    void allStepsEndWhereTheOthersDo()
    {
        const auto data = problems::dataset(problems::matrixB());
        for (const double step : {0.0, 1.0, 2.0})
            for (const double other : {0.0, 2.0}) {
                Options asked = problems::with("klcd", 3, 1500);
                asked.loss.id = "kl";
                asked.start = problems::goldenStart();
                asked.algorithm.values = {{"step", step}};
                Run run(data, asked);
                run.advance();
                const double found = run.history().back().objective;
                QVERIFY(found < 7);
                asked.algorithm.values = {{"step", other}};
                run.setModel(asked);
                run.setLimits(1600, 0, 0);
                run.advance();
                QVERIFY2(std::abs(run.history().back().objective - found) < 1e-5,
                         qPrintable(QString::number(run.history().back().objective - found)));
            }
    }

    /// Both forms of looking ahead come further than no look ahead.
    void lookingAheadHelpsMultiplicativeUpdates()
    {
        for (const char* loss : {"kl", "is"}) {
            const double plain = factorize(planted(), options({"mu"}, 150, loss)).history.back().objective;
            for (const double published : {0.0, 1.0}) {
                Options asked = options({"mue", {{"published", published}}}, 150, loss);
                const Result ahead = factorize(planted(), asked);
                QVERIFY(neverRises(ahead.history));
                QVERIFY2(ahead.history.back().objective < plain,
                         qPrintable(QString("%1 beside %2").arg(ahead.history.back().objective).arg(plain)));
                asked.threads = 3;
                QVERIFY(sameBits(factorize(planted(), asked).factors, ahead.factors));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestVariants)
#include "tst_variants.moc"
