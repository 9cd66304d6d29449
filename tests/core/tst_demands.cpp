#include "tests/support/problems.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/measures/sparseness.h"
#include "core/smoothness.h"
#include "core/terms.h"

#include <Eigen/SVD>
#include <QTest>

using namespace nmf;

namespace
{

Factors<double> someFactors(Index rows, Index cols, Index rank)
{
    return {problems::uniform(rows, rank, 11), problems::uniform(cols, rank, 12)};
}

std::shared_ptr<const Mask> everyThird(Index rows, Index rank)
{
    Mask mask(rows, rank);
    for (Index i = 0; i < mask.size(); ++i)
        mask.data()[i] = i % 3 == 0;
    return std::make_shared<const Mask>(mask);
}

/// Asks for this, and for what else makes it a well-posed problem.
Options asking(Demand demand, Options options)
{
    switch (demand) {
    case Demand::L1:
        options.onW.l1 = options.onH.l1 = 0.3;
        break;
    case Demand::L2:
        options.onW.l2 = options.onH.l2 = 0.2;
        break;
    case Demand::Overlap:
        options.onW.overlap = options.onH.overlap = 0.3;
        break;
    case Demand::Smoothness:
        options.onW.smoothness = 0.5;
        options.onH.smoothness = 0.2;
        break;
    case Demand::Dropout:
        options.together.dropout = 0.3;
        break;
    case Demand::VarianceMatching:
        options.together.varianceShares = 3;
        options.together.varianceSums = 0.1;
        break;
    case Demand::TraceBound:
        options.together.traceBound = 3;
        break;
    case Demand::UpperBound:
        options.ofW.upper = 0.7;
        options.ofH.upper = 0.8;
        break;
    case Demand::UnitNorm:
        options.ofW.norm = 1;
        options.ofH.norm = 2;
        break;
    case Demand::Sparseness:
        options.ofW.sparseness = 0.4;
        options.ofH.sparseness = 0.3;
        break;
    case Demand::LockedParts:
        options.lockW.components = {0};
        options.lockH.components = {0, 2};
        break;
    case Demand::FixedSum:
        options.ofH.sum = 0.7;
        break;
    case Demand::LockedEntries:
        options.lockW.entries = everyThird(23, 4);
        options.lockH.entries = everyThird(31, 4);
        break;
    }
    return options;
}

/// What the factors owe to this demand, as a sentence; empty if nothing.
QString broken(Demand demand, const Options& options, const Factors<double>& factors)
{
    if (demand == Demand::TraceBound) {
        const double trace = traceOfModel(factors), bound = options.together.traceBound;
        if (!(trace <= bound * (1 + 1e-9)))
            return QString("the trace is %1").arg(trace);
        if (trace < bound * (1 - 1e-6))
            return QString("the trace is %1, though the bound stands in the way of a better fit").arg(trace);
    }
    if (demand == Demand::UpperBound && (factors.W.maxCoeff() != 0.7 || factors.Ht.maxCoeff() > 0.8))
        return QString("the largest entries are %1 and %2").arg(factors.W.maxCoeff()).arg(factors.Ht.maxCoeff());
    if (demand == Demand::UnitNorm)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(factors.W.col(a).sum() - 1) > 1e-14 || std::abs(factors.Ht.col(a).norm() - 1) > 1e-14)
                return "a norm is not one";
    if (demand == Demand::Sparseness)
        for (Index a = 0; a < factors.rank(); ++a)
            if (std::abs(sparseness(factors.W.col(a)) - 0.4) > 1e-14 ||
                std::abs(sparseness(factors.Ht.col(a)) - 0.3) > 1e-14)
                return "a component has another sparseness";
    if (demand == Demand::FixedSum)
        for (Index j = 0; j < factors.Ht.rows(); ++j)
            if (std::abs(factors.Ht.row(j).sum() - 0.7) > 1e-15)
                return QString("the coefficients of sample %1 sum to %2")
                    .arg(j)
                    .arg(factors.Ht.row(j).sum(), 0, 'g', 17);
    if (demand == Demand::LockedEntries)
        for (const auto& [locked, before, after] : {std::tuple(options.lockW.entries, options.start->W, factors.W),
                                                    std::tuple(options.lockH.entries, options.start->Ht, factors.Ht)})
            for (Index i = 0; i < before.size(); ++i)
                if (locked->data()[i] && before.data()[i] != after.data()[i])
                    return "a locked entry has moved";
    if (demand == Demand::LockedParts) {
        if (factors.W.col(0) != options.start->W.col(0))
            return "a locked column of W has moved";
        if (factors.Ht.col(0) != options.start->Ht.col(0) || factors.Ht.col(2) != options.start->Ht.col(2))
            return "a locked row of H has moved";
        if (factors.W.col(1) == options.start->W.col(1) || factors.Ht.col(1) == options.start->Ht.col(1))
            return "what is not locked has not moved";
    }
    return {};
}

double termsOf(const Options& options, const Dataset& dataset, const Factors<double>& factors)
{
    double sum = 0;
    for (const Term& term : terms())
        sum += term.price(options, dataset, factors);
    return sum;
}

double fitOf(const Matrix<double>& V, const Factors<double>& factors, const Divergence& divergence)
{
    const Matrix<double> X = factors.W * factors.Ht.transpose();
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j)
        for (Index i = 0; i < V.rows(); ++i)
            sum += divergence(V(i, j), X(i, j));
    return sum;
}

const Algorithm& algorithmNamed(const QString& id)
{
    return *find(algorithms(), id.toStdString());
}

} // namespace

/// Everything that an algorithm says it serves it serves, and the rest it refuses.
class TestDemands : public QObject
{
    Q_OBJECT

private slots:
    void everyAlgorithmKeepsItsWord_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("demand");
        for (const Algorithm& algorithm : algorithms())
            for (const char* loss : {"frobenius", "kl", "is"})
                for (const Demand demand : allDemands())
                    if (algorithm.refuses(find(losses(), loss)->make({})).empty())
                        QTest::addRow("%s, %s, %s", algorithm.facts.id.c_str(), loss, nameOf(demand).c_str())
                            << QString::fromStdString(algorithm.facts.id) << loss << static_cast<int>(demand);
    }
    void everyAlgorithmKeepsItsWord()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, demand);
        const auto asked = static_cast<Demand>(demand);
        Matrix<double> V = problems::uniform(23, 31, 5);
        V.array() += 0.05;
        Options options;
        options.rank = 4;
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
        options.maxIterations = 40;
        options.tolerance = 0;
        options = asking(asked, options);
        const auto dataset = problems::dataset(V);
        const Divergence divergence = find(losses(), options.loss.id)->make({});
        if (!algorithmNamed(algorithm).servesDemand(divergence, asked, false)) {
            QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
            return;
        }
        const Result result = factorize(dataset, options);
        QCOMPARE(result.termination, Termination::IterationLimit);
        QCOMPARE(broken(asked, options, result.factors), QString());
        QVERIFY(result.factors.W.allFinite() && result.factors.Ht.allFinite());
        QVERIFY(result.factors.W.minCoeff() >= 0 && result.factors.Ht.minCoeff() >= 0);
        // The objective of the history is that of the factors, terms and all.
        const double fit = fitOf(V, result.factors, divergence);
        const double objective = fit + termsOf(options, *dataset, result.factors);
        QVERIFY2(std::abs(result.history.back().objective - objective) < 1e-8 * objective,
                 qPrintable(QString("%1 %2").arg(result.history.back().objective).arg(objective)));
        QVERIFY(result.history.back().objective < result.history.front().objective);
        if (algorithmNamed(algorithm).monotone)
            for (std::size_t i = 1; i < result.history.size(); ++i)
                QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
        // The same bits for any number of threads.
        options.threads = 3;
        const Result again = factorize(dataset, options);
        QVERIFY(again.factors.W == result.factors.W && again.factors.Ht == result.factors.Ht);
    }

    void theAutomaticAlgorithmServesWhatIsAsked()
    {
        for (const char* loss : {"frobenius", "kl", "is"})
            for (const Demand demand : allDemands()) {
                const Divergence divergence = find(losses(), loss)->make({});
                const Algorithm& algorithm = *find(algorithms(), automaticAlgorithm(divergence, false, {demand}));
                bool served = false;
                for (const Algorithm& other : algorithms())
                    served = served || (other.monotone && other.refuses(divergence).empty() &&
                                        other.servesDemand(divergence, demand, false));
                QVERIFY(algorithm.refuses(divergence).empty());
                QCOMPARE(algorithm.servesDemand(divergence, demand, false), served);
            }
    }

    void aRefusalNamesThoseThatServe()
    {
        Options options;
        options.rank = 2;
        options.algorithm.id = "bpp";
        options.onW.overlap = options.onH.overlap = 1;
        try {
            requireConsistent(options, *problems::dataset(problems::uniform(5, 6, 1)));
            QFAIL("It was not refused.");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains("overlap") && QString(error.what()).contains("hals"), error.what());
        }
    }

    void locksNeedAStartAndParts()
    {
        const auto dataset = problems::dataset(problems::uniform(6, 7, 1));
        Options options;
        options.rank = 2;
        options.lockW.components = {0};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.start = std::make_shared<Factors<double>>(someFactors(6, 7, 2));
        requireConsistent(options, *dataset);
        options.algorithm.id = "hals";
        options.lockW = {.entries = everyThird(6, 2)};
        requireConsistent(options, *dataset);
        options.lockW = {.entries = everyThird(7, 2)};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.lockW = {.components = {2}};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
    }

    /// Alone a unit norm takes nothing away: what W may not grow H may.
    void unitNormsCostNothing()
    {
        const Matrix<double> V = problems::uniform(12, 15, 8);
        const Vector<double> values = V.jacobiSvd().singularValues();
        const double best = (values.squaredNorm() - values(0) * values(0)) / 2;
        for (const char* algorithm : {"hals", "ahals"})
            for (const double norm : {1.0, 2.0})
                for (const bool onW : {true, false}) {
                    Options options;
                    options.rank = 1;
                    options.algorithm.id = algorithm;
                    (onW ? options.ofW : options.ofH).norm = norm;
                    options.tolerance = 0;
                    options.maxIterations = 200;
                    const Result result = factorize(problems::dataset(V * 1e5), options);
                    QVERIFY(std::abs(result.history.back().objective - best * 1e10) < 1e-9 * best * 1e10);
                    const Matrix<double>& held = onW ? result.factors.W : result.factors.Ht;
                    QVERIFY(std::abs((norm == 1 ? held.sum() : held.norm()) - 1) < 1e-14);
                }
    }

    /// A penalty on one factor is well posed where the other one cannot grow, or the one itself cannot shrink.
    void aUnitNormMakesAPenaltyOnOneFactorWellPosed()
    {
        const auto dataset = problems::dataset(problems::uniform(20, 30, 4));
        Options options;
        options.rank = 4;
        options.algorithm.id = "hals";
        options.onH.l1 = 2;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH.upper = 1;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH.upper = 0;
        options.ofW.norm = 2;
        options.tolerance = 0;
        const Result sparse = factorize(dataset, options);
        for (std::size_t i = 1; i < sparse.history.size(); ++i)
            QVERIFY(sparse.history[i].objective <= sparse.history[i - 1].objective * (1 + 1e-12));
        options.onH.l1 = 0;
        const Result plain = factorize(dataset, options);
        const auto zeros = [](const Result& result) { return (result.factors.Ht.array() == 0).count(); };
        QVERIFY(zeros(sparse) > zeros(plain));
        QVERIFY(sparse.factors.Ht.sum() < plain.factors.Ht.sum());
    }

    /// Where the bounds are in the way the slope points beyond them.
    void upperBoundsEndAtAStationaryPoint()
    {
        const Matrix<double> V = problems::uniform(20, 30, 4);
        Options options;
        options.rank = 3;
        options.algorithm.id = "ahals";
        options.initializer.id = "random";
        options.ofW.upper = 0.9;
        options.ofH.upper = 0.5;
        options.tolerance = 0;
        options.maxIterations = 3000;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        const Matrix<double> slope = (W * Ht.transpose() - V).transpose() * W;
        Index onBound = 0;
        for (Index i = 0; i < Ht.size(); ++i) {
            const double h = Ht.data()[i], s = slope.data()[i];
            QVERIFY(h <= 0.5);
            onBound += h == 0.5;
            QVERIFY2(h == 0 ? s > -1e-6 : h == 0.5 ? s < 1e-6 : std::abs(s) < 1e-6, qPrintable(QString::number(s)));
        }
        QVERIFY(onBound > 0);
    }

    /// Every sample of the simplex is at its best: nothing is gained by moving weight from one part to another.
    void fixedSumsEndAtAStationaryPoint_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("iterations");
        QTest::newRow("hals") << "hals"
                              << "frobenius" << 3000;
        QTest::newRow("ahals") << "ahals"
                               << "frobenius" << 3000;
        QTest::newRow("mu") << "mu"
                            << "kl" << 30000;
    }
    void fixedSumsEndAtAStationaryPoint()
    {
        QFETCH(QString, algorithm);
        QFETCH(QString, loss);
        QFETCH(int, iterations);
        const Matrix<double> V = problems::uniform(12, 18, 4);
        Options options;
        options.rank = 3;
        options.loss.id = loss.toStdString();
        options.algorithm.id = algorithm.toStdString();
        options.initializer.id = "random";
        options.ofH.sum = 1;
        options.tolerance = 0;
        options.maxIterations = iterations;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        const Matrix<double> X = W * Ht.transpose();
        const Matrix<double> slopes =
            (loss == "kl" ? Matrix<double>(1 - V.array() / X.array()) : Matrix<double>(X - V)).transpose() * W;
        Index zeros = 0;
        for (Index j = 0; j < Ht.rows(); ++j) {
            QVERIFY(std::abs(Ht.row(j).sum() - 1) < 1e-15);
            const double least = slopes.row(j).minCoeff();
            for (Index a = 0; a < Ht.cols(); ++a) {
                zeros += Ht(j, a) == 0;
                QVERIFY2(Ht(j, a) <= (loss == "kl" ? 1e-6 : 0) || slopes(j, a) < least + 1e-5,
                         qPrintable(QString("%1 %2 %3").arg(j).arg(a).arg(slopes(j, a) - least)));
            }
        }
        QVERIFY(loss == "kl" || zeros > 0);
    }

    /// Shares of known materials are found again.
    void abundancesAreFound()
    {
        const Matrix<double> W = problems::uniform(30, 3, 9);
        Matrix<double> Ht = problems::uniform(200, 3, 10).array().pow(6);
        for (Index j = 0; j < Ht.rows(); ++j)
            Ht.row(j) /= Ht.row(j).sum();
        Options options;
        options.rank = 3;
        options.algorithm.id = "ahals";
        options.ofH.sum = 1;
        options.lockW.components = {0, 1, 2};
        options.start = std::make_shared<Factors<double>>(Factors<double>{W, problems::uniform(200, 3, 2)});
        options.maxIterations = 200;
        options.tolerance = 0;
        const Result result = factorize(problems::dataset(W * Ht.transpose()), options);
        QVERIFY((result.factors.Ht - Ht).cwiseAbs().maxCoeff() < 1e-9);
    }

    /// More weight on smoothness makes smoother parts; neighbours are those of the picture.
    void smoothnessSmoothes()
    {
        Dataset pictures = *problems::dataset(problems::uniform(48, 60, 3));
        pictures.features.kind = Axis::Kind::Pixels;
        pictures.features.height = 6;
        pictures.features.width = 8;
        Options options;
        options.rank = 3;
        options.algorithm.id = "ahals";
        options.ofH.norm = 2;
        options.tolerance = 0;
        double before = std::numeric_limits<double>::infinity();
        for (const double weight : {0.0, 1.0, 100.0}) {
            options.onW.smoothness = weight;
            const Matrix<double> W = factorize(std::make_shared<Dataset>(pictures), options).factors.W;
            double rough = 0;
            for (Index a = 0; a < 3; ++a)
                for (Index y = 0; y < 6; ++y)
                    for (Index x = 0; x < 8; ++x) {
                        rough += x > 0 ? std::pow(W(8 * y + x, a) - W(8 * y + x - 1, a), 2) / 2 : 0;
                        rough += y > 0 ? std::pow(W(8 * y + x, a) - W(8 * y + x - 8, a), 2) / 2 : 0;
                    }
            QVERIFY2(rough < 0.5 * before, qPrintable(QString::number(rough)));
            QVERIFY(std::abs(roughness(Grid::of(pictures.features, 48), W) - rough) < 1e-12 * rough);
            before = rough;
        }
    }

    void constraintsGoTogetherWithTheRest_data()
    {
        QTest::addColumn<int>("demand");
        for (const Demand demand : {Demand::L1, Demand::L2, Demand::Overlap, Demand::Dropout, Demand::LockedParts})
            QTest::addRow("%s", nameOf(demand).c_str()) << static_cast<int>(demand);
    }
    void constraintsGoTogetherWithTheRest()
    {
        QFETCH(int, demand);
        for (const char* algorithm : {"hals", "ahals"})
            for (const Constraint& ofW : {Constraint{.upper = 0.7}, Constraint{.norm = 1}, Constraint{.norm = 2},
                                          Constraint{.sparseness = 0.4}, Constraint{.norm = 1, .sparseness = 0.4}}) {
                Options options;
                options.rank = 4;
                options.algorithm.id = algorithm;
                options.start = std::make_shared<Factors<double>>(someFactors(23, 31, 4));
                options.maxIterations = 60;
                options.tolerance = 0;
                options.ofW = ofW;
                options = asking(static_cast<Demand>(demand), options);
                const Result result = factorize(problems::dataset(problems::uniform(23, 31, 5)), options);
                QCOMPARE(broken(static_cast<Demand>(demand), options, result.factors), QString());
                for (std::size_t i = 1; i < result.history.size(); ++i)
                    QVERIFY(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-12));
                const auto w = result.factors.W.col(1);
                QVERIFY(ofW.upper == 0 || w.maxCoeff() <= ofW.upper);
                QVERIFY(ofW.norm == 0 || std::abs((ofW.norm == 1 ? w.sum() : w.norm()) - 1) < 1e-14);
                // A component that costs more than it gains dies where no norm keeps it alive.
                const bool died = ofW.norm == 0 && w.norm() == 0;
                QVERIFY2(ofW.sparseness == 0 || died || std::abs(sparseness(w) - ofW.sparseness) < 1e-14,
                         qPrintable(QString("%1 of norm %2").arg(sparseness(w)).arg(w.norm())));
            }
    }

    void contradictionsAreRefused()
    {
        const auto dataset = problems::dataset(problems::uniform(6, 7, 1));
        Options options;
        options.rank = 2;
        options.algorithm.id = "hals";
        for (const Constraint& wrong : {Constraint{.upper = 1, .norm = 1}, Constraint{.upper = 1, .sparseness = 0.5},
                                        Constraint{.norm = 1.5}, Constraint{.upper = -1}}) {
            options.ofH = wrong;
            QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        }
        options.ofH = {};
        options.onH.smoothness = options.onW.smoothness = 1;
        requireConsistent(options, *dataset);
        options.ofW.norm = 1;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.onH = options.onW = {};
        options.ofW = {};
        options.ofH = {.upper = 1, .sum = 1};
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
        options.ofH = {.upper = 1};
        options.together.traceBound = 2;
        QVERIFY_EXCEPTION_THROWN(requireConsistent(options, *dataset), Error);
    }

    /// Of the 3 × 3 example; the objective is that of the best of all matrices of rank two, signed ones too.
    void theTraceBoundHoldsAndIsBest_data()
    {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<double>("bound");
        QTest::addColumn<double>("objective");
        for (const char* algorithm : {"hals", "ahals", "bpp"}) {
            QTest::addRow("%s, 12", algorithm) << algorithm << 12.0 << 6.803949;
            QTest::addRow("%s, 10", algorithm) << algorithm << 10.0 << 10.259428;
            QTest::addRow("%s, not in the way", algorithm) << algorithm << 14.8 << 5.0678859060;
        }
    }
    void theTraceBoundHoldsAndIsBest()
    {
        QFETCH(QString, algorithm);
        QFETCH(double, bound);
        QFETCH(double, objective);
        Options options;
        options.rank = 2;
        options.algorithm.id = algorithm.toStdString();
        options.initializer.id = "random";
        options.together.traceBound = bound;
        options.maxIterations = 3000;
        options.tolerance = 0;
        double best = 1e9;
        for (options.seed = 1; options.seed <= 8; ++options.seed) {
            const Result result = factorize(problems::dataset(problems::matrixA()), options);
            QVERIFY(traceOfModel(result.factors) <= bound * (1 + 1e-9));
            best = std::min(best, result.history.back().objective);
        }
        QVERIFY2(std::abs(best - objective) < 1e-5, qPrintable(QString::number(best, 'g', 10)));
    }

    /// At the end one multiplier balances the slopes of all entries that are not zero.
    void theTraceBoundUnderKullbackLeiblerEndsAtAStationaryPoint()
    {
        const Matrix<double> V = (problems::uniform(9, 7, 3).array() + 0.1).matrix();
        Options options;
        options.rank = 2;
        options.loss.id = "kl";
        options.algorithm.id = "mu";
        options.initializer.id = "random";
        options.together.traceBound = 2.5;
        options.maxIterations = 30000;
        options.tolerance = 0;
        const Result result = factorize(problems::dataset(V), options);
        const Matrix<double>&W = result.factors.W, &Ht = result.factors.Ht;
        QVERIFY(std::abs(traceOfModel(result.factors) - 2.5) < 1e-9);
        const Matrix<double> slopes = (1 - V.array() / (W * Ht.transpose()).array()).matrix().transpose() * W;
        double multiplier = 0;
        for (Index j = 0; j < 7; ++j)
            for (Index a = 0; a < 2; ++a)
                if (Ht(j, a) > 1e-3)
                    multiplier = std::max(multiplier, -slopes(j, a) / W(j, a));
        QVERIFY(multiplier > 0.01);
        for (Index j = 0; j < 7; ++j)
            for (Index a = 0; a < 2; ++a)
                if (Ht(j, a) > 1e-3)
                    QVERIFY2(std::abs(slopes(j, a) + multiplier * W(j, a)) < 1e-6,
                             qPrintable(QString::number(slopes(j, a) + multiplier * W(j, a))));
    }

    void variancesAreMatched_data()
    {
        QTest::addColumn<double>("shares");
        QTest::addColumn<double>("sums");
        QTest::addColumn<double>("objective");
        QTest::addColumn<QList<double>>("rows");
        QTest::newRow("shares, 1") << 1.0 << 0.0 << 1.90295 << QList<double>{.39648, .26075, .34277};
        QTest::newRow("shares, 10") << 10.0 << 0.0 << 1.97721 << QList<double>{.40602, .26785, .32613};
        QTest::newRow("shares, 1000") << 1000.0 << 0.0 << 2.13463 << QList<double>{.42193, .28821, .28985};
        QTest::newRow("sums, 1") << 0.0 << 1.0 << 2.04546 << QList<double>{3.8210, 3.0408, 3.4794};
    }
    void variancesAreMatched()
    {
        QFETCH(double, shares);
        QFETCH(double, sums);
        QFETCH(double, objective);
        QFETCH(QList<double>, rows);
        Options options;
        options.rank = 2;
        options.loss.id = "kl";
        options.algorithm.id = "mu";
        options.initializer.id = "random";
        options.together.varianceShares = shares;
        options.together.varianceSums = sums;
        options.maxIterations = 20000;
        options.tolerance = 1e-13;
        double best = 1e9;
        Vector<double> found;
        for (options.seed = 1; options.seed <= 10; ++options.seed) {
            const Result result = factorize(problems::dataset(problems::matrixA()), options);
            if (result.history.back().objective >= best)
                continue;
            best = result.history.back().objective;
            found = result.factors.W.rowwise().sum();
            if (sums == 0)
                found /= found.sum();
        }
        QVERIFY2(std::abs(best - objective) < 2e-5, qPrintable(QString::number(best, 'g', 10)));
        const double precision = sums == 0 ? 2e-4 : 2e-3;
        for (Index row = 0; row < 3; ++row)
            QVERIFY2(std::abs(found(row) - rows[row]) < precision, qPrintable(QString::number(found(row), 'g', 8)));
    }

    /// Whatever the units of the data: of both losses, dense and sparse.
    void matchingVariancesNeverRaisesTheObjective()
    {
        for (const char* loss : {"frobenius", "kl"})
            for (int problem = 0; problem < 75; ++problem) {
                const auto seed = static_cast<std::uint64_t>(problem);
                Matrix<double> V = problems::uniform(5 + problem % 7, 6 + problem % 5, seed);
                V = (V.array() < 0.2).select(0, V) * std::pow(10, problem % 9 - 4);
                auto dataset = std::make_shared<Dataset>(*problems::dataset(V));
                if (problem % 3 == 0)
                    dataset->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
                Options options;
                options.rank = 3;
                options.loss.id = loss;
                options.algorithm.id = "mu";
                options.initializer.id = "random";
                options.seed = seed;
                (problem % 2 ? options.together.varianceShares : options.together.varianceSums) =
                    std::pow(10, problem % 6 - 2);
                options.maxIterations = 60;
                options.tolerance = 0;
                const Result result = factorize(dataset, options);
                for (std::size_t i = 1; i < result.history.size(); ++i)
                    QVERIFY2(result.history[i].objective <= result.history[i - 1].objective * (1 + 1e-11),
                             qPrintable(QString("%1, problem %2, iteration %3").arg(loss).arg(problem).arg(i)));
            }
    }

    /// The mean of ‖V − W R H/q‖² over all masks R of components, each kept with probability q.
    void dropoutIsTheMeanOverAllMasks_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.1, 0.3, 0.8})
            QTest::addRow("%g", share) << share;
    }
    void dropoutIsTheMeanOverAllMasks()
    {
        QFETCH(double, share);
        const Matrix<double> V = problems::uniform(5, 6, 3);
        const Factors<double> factors = someFactors(5, 6, 4);
        Options options;
        options.rank = 4;
        options.together.dropout = share;
        options.start = std::make_shared<Factors<double>>(factors);
        options.maxIterations = 0;
        double mean = 0;
        for (unsigned mask = 0; mask < 16; ++mask) {
            Matrix<double> X = Matrix<double>::Zero(5, 6);
            double probability = 1;
            for (Index a = 0; a < 4; ++a) {
                const bool kept = mask >> a & 1;
                probability *= kept ? 1 - share : share;
                if (kept)
                    X += factors.W.col(a) * factors.Ht.col(a).transpose() / (1 - share);
            }
            mean += probability * (V - X).squaredNorm() / 2;
        }
        const double objective = factorize(problems::dataset(V), options).history.front().objective;
        QVERIFY(std::abs(objective - mean) < 1e-12 * mean);
    }
};

QTEST_APPLESS_MAIN(TestDemands)
#include "tst_demands.moc"
