#include "tests/support/problems.h"

#include "core/error.h"
#include "core/losses/losses.h"
#include "core/measures/agreement.h"
#include "core/measures/consensus.h"
#include "core/measures/fit.h"
#include "core/measures/kkt.h"
#include "core/measures/simpler_models.h"
#include "core/measures/stability.h"
#include "core/measures/support.h"

#include <QTest>

#include <Eigen/SVD>

#include <cmath>

using namespace nmf;

namespace
{

double objectiveOf(const Options& options, const Matrix<double>& V, const Factors<double>& factors)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Matrix<double> X = factors.W * factors.Ht.transpose();
    double sum = 0;
    for (Index i = 0; i < V.size(); ++i)
        sum += divergence(V.data()[i], X.data()[i]);
    return sum + options.onW.price(factors.W.sum(), factors.W.squaredNorm()) +
           options.onH.price(factors.Ht.sum(), factors.Ht.squaredNorm());
}

std::shared_ptr<const Dataset> asSparse(const Matrix<double>& V)
{
    auto result = std::make_shared<Dataset>();
    result->V = DataMatrix(SparseMatrix<double>(V.sparseView()));
    return result;
}

Factors<double> positive(Index rows, Index columns, Index rank)
{
    return {(problems::uniform(rows, rank, 31).array() + 0.1).matrix(),
            (problems::uniform(columns, rank, 32).array() + 0.1).matrix()};
}

} // namespace

/// What is told of a factorization, and of many.
class TestMeasures : public QObject
{
    Q_OBJECT

private slots:
    void theResidualIsTheNormOfTheGradient_data()
    {
        QTest::addColumn<double>("beta");
        QTest::addColumn<double>("l1");
        QTest::addColumn<double>("l2");
        for (const double beta : {-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0})
            for (const double weight : {0.0, 0.3})
                QTest::addRow("β = %g, penalty %g", beta, weight) << beta << weight << weight / 2;
    }
    void theResidualIsTheNormOfTheGradient()
    {
        QFETCH(double, beta);
        QFETCH(double, l1);
        QFETCH(double, l2);
        // With a mean of about one, nothing is divided inside.
        const Matrix<double> V = (problems::uniform(9, 7, 5).array() + 0.5).matrix();
        Options options;
        options.rank = 3;
        options.loss = {"beta", {{"beta", beta}}};
        options.onH = {l1, l2};
        options.onW = options.onH;
        Factors<double> factors = positive(9, 7, 3);
        for (Index a = 0; a < 3; ++a)
            factors.Ht.col(a) *= factors.W.col(a).norm() / factors.Ht.col(a).norm();
        double squared = 0;
        for (Matrix<double> Factors<double>::*member : {&Factors<double>::W, &Factors<double>::Ht})
            for (Index i = 0; i < (factors.*member).size(); ++i) {
                const double h = 1e-5;
                Factors<double> up = factors, down = factors;
                (up.*member).data()[i] += h;
                (down.*member).data()[i] -= h;
                squared += std::pow((objectiveOf(options, V, up) - objectiveOf(options, V, down)) / (2 * h), 2);
            }
        const double expected = std::sqrt(squared) / (beta == 2 ? std::pow(V.squaredNorm(), 0.75) : 1);
        const double found = kktResidual(*problems::dataset(V), options, factors);
        QVERIFY2(std::abs(found - expected) < 1e-6 * expected,
                 qPrintable(QString("%1 instead of %2").arg(found).arg(expected)));
    }

    void sparseAndDenseDataHaveTheSameResidual()
    {
        Matrix<double> V = problems::uniform(40, 90, 8);
        V = (V.array() > 0.8).select(V, 0.0).eval();
        const Factors<double> factors = positive(40, 90, 5);
        Options options;
        options.rank = 5;
        for (const double beta : {1.0, 1.5, 2.0}) {
            options.loss = {"beta", {{"beta", beta}}};
            const double dense = kktResidual(*problems::dataset(V), options, factors);
            QVERIFY(dense > 1e-3);
            QVERIFY(std::abs(kktResidual(*asSparse(V), options, factors) - dense) < 1e-11 * dense);
        }
    }

    void theResidualVanishesAtAnOptimumAndKnowsBounds()
    {
        Options options;
        options.rank = 3;
        options.tolerance = 0;
        options.maxIterations = 3000;
        const auto data = problems::dataset(problems::matrixB());
        const Result result = factorize(data, options);
        QVERIFY((result.factors.W.array() == 0).any()); // There the gradient points outwards.
        QVERIFY2(kktResidual(*data, options, result.factors) < 1e-9,
                 qPrintable(QString::number(kktResidual(*data, options, result.factors))));
        options.maxIterations = 3;
        QVERIFY(kktResidual(*data, options, factorize(data, options).factors) > 1e-5);
    }

    void theResidualIsFreeOfTheSizeOfTheData()
    {
        const Matrix<double> V = problems::uniform(12, 15, 3);
        const Factors<double> factors = positive(12, 15, 3);
        Options options;
        options.rank = 3;
        const double plain = kktResidual(*problems::dataset(V), options, factors);
        for (const double root : {1e-70, 1e-3, 1e70}) {
            Factors<double> scaled{factors.W * (root * 8), factors.Ht * (root / 8)};
            const double found = kktResidual(*problems::dataset(V * (root * root)), options, scaled);
            QVERIFY2(std::abs(found - plain) < 1e-9 * plain, qPrintable(QString::number(found / plain)));
        }
        QCOMPARE(kktResidual(*problems::dataset(Matrix<double>::Zero(12, 15)), options, factors), 0.0);
    }

    void consensusHasTheKnownValues()
    {
        const std::vector<std::vector<int>> runs{
            {0, 0, 0, 1, 1, 1}, {0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 1}, {0, 0, 0, 1, 1, 0}};
        const Consensus found = consensusOf(runs);
        QVERIFY2(std::abs(found.cophenetic - 0.933107526051) < 1e-11,
                 qPrintable(QString::number(found.cophenetic, 'g', 14)));
        QVERIFY(std::abs(found.dispersion - 0.611111111111) < 1e-11);
        QVERIFY(std::abs(found.ambiguous - 0.6) < 1e-12);
        const Matrix<double> C = consensusMatrix(runs);
        QCOMPARE(C(0, 1), 1.0);
        QCOMPARE(C(2, 0), 0.75);
        QCOMPARE(C(3, 5), 0.75);
        QVERIFY(C == C.transpose());
    }

    void runsThatAgreeHaveAConsensusOfOne()
    {
        // The numbers of the labels do not count.
        const Consensus found = consensusOf(std::vector<std::vector<int>>{{0, 0, 1, 2, 2}, {2, 2, 0, 1, 1}});
        QVERIFY(std::abs(found.cophenetic - 1) < 1e-12 && std::abs(found.dispersion - 1) < 1e-12);
        QCOMPARE(found.ambiguous, 0.0);
        const Consensus one = consensusOf(std::vector<std::vector<int>>{{0, 0, 0}, {1, 1, 1}});
        QCOMPARE(one.cophenetic, 1.0);
        QVERIFY_EXCEPTION_THROWN(consensusOf(std::vector<std::vector<int>>{{0, 1}}), Error);
        QVERIFY_EXCEPTION_THROWN(consensusOf(std::vector<std::vector<int>>{{0, 1}, {0}}), Error);
    }

    void constantDistancesBetweenHaveNoCorrelation()
    {
        // Two samples together in one run of two: one distance of one half.
        QVERIFY(std::isnan(consensusOf(std::vector<std::vector<int>>{{0, 0}, {0, 1}}).cophenetic));
    }

    void copheneticCorrelationIsThatOfAverageLinkage()
    {
        // Beside the plain algorithm, which looks for the nearest pair in every step.
        std::vector<std::vector<int>> runs(7, std::vector<int>(40));
        const RandomNumbers random(3, 9);
        for (std::size_t r = 0; r < runs.size(); ++r)
            for (std::size_t j = 0; j < 40; ++j)
                runs[r][j] = random.uniform(r * 40 + j) < 0.7 ? static_cast<int>(j / 14)
                                                              : static_cast<int>(random.below(3, 9000 + r * 40 + j));
        const Matrix<double> D = 1 - consensusMatrix(runs).array();
        std::vector<std::vector<Index>> groups;
        for (Index j = 0; j < 40; ++j)
            groups.push_back({j});
        Matrix<double> heights = Matrix<double>::Zero(40, 40);
        while (groups.size() > 1) {
            double least = 2;
            std::size_t one = 0, two = 0;
            for (std::size_t a = 0; a < groups.size(); ++a)
                for (std::size_t b = a + 1; b < groups.size(); ++b) {
                    double sum = 0;
                    for (const Index i : groups[a])
                        for (const Index j : groups[b])
                            sum += D(i, j);
                    const double mean = sum / static_cast<double>(groups[a].size() * groups[b].size());
                    if (mean < least - 1e-12)
                        least = mean, one = a, two = b;
                }
            for (const Index i : groups[one])
                for (const Index j : groups[two])
                    heights(std::max(i, j), std::min(i, j)) = least;
            groups[one].insert(groups[one].end(), groups[two].begin(), groups[two].end());
            groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(two));
        }
        double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (Index j = 0; j < 40; ++j)
            for (Index i = j + 1; i < 40; ++i) {
                ++n, x += D(i, j), y += heights(i, j);
                xx += D(i, j) * D(i, j), yy += heights(i, j) * heights(i, j), xy += D(i, j) * heights(i, j);
            }
        const double expected = (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
        // Ties may be broken either way.
        const double found = consensusOf(runs).cophenetic;
        QVERIFY2(std::abs(found - expected) < 2e-2 && found < 1 && found > 0.3,
                 qPrintable(QString("%1 instead of %2").arg(found).arg(expected)));
    }

    void labelsDoNotDependOnTheSharedScale()
    {
        Factors<double> factors = positive(6, 20, 3);
        factors.Ht.row(4).setZero();
        const std::vector<int> labels = labelsOf(factors);
        QCOMPARE(labels[4], -1);
        const std::vector<int> published = publishedLabelsOf(factors);
        QCOMPARE(published[4], -1);
        Index strongest = 0;
        factors.Ht.row(7).maxCoeff(&strongest);
        QCOMPARE(published[7], static_cast<int>(strongest));
        factors.W.col(1) *= 1e100;
        factors.Ht.col(1) *= 1e-100;
        QCOMPARE(labelsOf(factors), labels);
        // As it was published the scale has its say.
        QVERIFY(publishedLabelsOf(factors) != published);
        const Factors<double> equal{Matrix<double>::Ones(2, 2), Matrix<double>::Ones(1, 2)};
        QCOMPARE(labelsOf(equal), std::vector<int>{0});
    }

    void clustersAreComparedWithKnownClasses()
    {
        const std::vector<int> labels{0, 0, 0, 4, 4, 4};
        const std::vector<std::string> mixed{"a", "a", "b", "b", "b", "b"};
        const ClassAgreement some = agreementOf(labels, mixed);
        QCOMPARE(some.classes, 2);
        QCOMPARE(some.purity, 5.0 / 6);
        // One cluster has both classes, two to one, and half of the samples.
        QCOMPARE(some.entropy, -0.5 * (2.0 / 3 * std::log2(2.0 / 3) + 1.0 / 3 * std::log2(1.0 / 3)));
        const ClassAgreement all = agreementOf(labels, std::vector<std::string>{"x", "x", "x", "y", "y", "y"});
        QCOMPARE(all.purity, 1.0);
        QCOMPARE(all.entropy, 0.0);
        const ClassAgreement none = agreementOf(std::vector<int>(4, 1), std::vector<std::string>{"x", "x", "y", "y"});
        QCOMPARE(none.purity, 0.5);
        QCOMPARE(none.entropy, 1.0);
        QCOMPARE(agreementOf(labels, std::vector<std::string>(6, "x")).entropy, 0.0);
        QVERIFY_EXCEPTION_THROWN(agreementOf(labels, std::vector<std::string>(5, "x")), Error);
    }

    void permutedAndRescaledComponentsAreStable()
    {
        const Matrix<double> W = problems::uniform(30, 4, 6);
        Matrix<double> other(30, 4);
        other << 5 * W.col(2), 0.1 * W.col(0), W.col(3), 1e8 * W.col(1);
        QVERIFY(amariDistance(W, other) < 1e-12);
        const std::vector<const Matrix<double>*> same{&W, &other};
        const Stability stable = stabilityOf(same);
        QVERIFY(std::abs(stable.stability - 1) < 1e-12 && stable.instability < 1e-12);
        QCOMPARE(stable.perComponent.size(), std::size_t{4});
        other.col(2) = problems::uniform(30, 1, 77);
        QVERIFY(amariDistance(W, other) > 0.05);
        const Stability less = stabilityOf(same);
        QVERIFY(less.stability < 0.99 && less.instability > 0.05);
        QVERIFY(less.perComponent[3] < 0.95 && less.perComponent[0] > 1 - 1e-12);
        const Matrix<double> none;
        const std::vector<const Matrix<double>*> alone{&W, &none};
        QVERIFY_EXCEPTION_THROWN(stabilityOf(alone), Error);
    }

    void supportCountsEntriesInUse()
    {
        Matrix<double> W(4, 2);
        W << 1, 0, 2, 3, 0, 1e-14, 0, 0;
        QCOMPARE(meanSupport(W), 3.0 / 8);
        QCOMPARE(meanSupport(Matrix<double>::Zero(4, 2)), 0.0);
    }

    void nestedSupportsAllowATransfer()
    {
        Matrix<double> W(4, 3);
        W << 1, 2, 0, 2, 1, 0, 0, 3, 1, 0, 0, 4;
        const std::vector<NestedSupport> pairs = nestedSupports(W);
        QCOMPARE(pairs.size(), std::size_t{1});
        QCOMPARE(pairs[0].inner, Index{0});
        QCOMPARE(pairs[0].outer, Index{1});
        QCOMPARE(pairs[0].most, 0.5);
        const Matrix<double> Ht = problems::uniform(5, 3, 4);
        Matrix<double> movedW = W, movedHt = Ht;
        movedW.col(1) -= pairs[0].most * W.col(0);
        movedHt.col(0) += pairs[0].most * Ht.col(1);
        QVERIFY(movedW.minCoeff() >= 0);
        QVERIFY((movedW * movedHt.transpose() - W * Ht.transpose()).norm() < 1e-14);
    }

    void simplerModelsBoundTheFactorization_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("wide") << 20 << 60;
        QTest::newRow("tall") << 60 << 20;
        QTest::newRow("wide, Lanczos") << 130 << 180;
        QTest::newRow("tall, Lanczos") << 180 << 130;
    }
    void simplerModelsBoundTheFactorization()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const Matrix<double> V = 3 * (problems::uniform(rows, 5, 1) * problems::uniform(5, columns, 2) +
                                      problems::uniform(rows, columns, 3));
        const auto data = problems::dataset(V);
        Blocks blocks(2);
        const PrincipalComponents pca = principalComponents(*data, 4, blocks);
        const Matrix<double> centred = V.colwise() - V.rowwise().mean();
        const Matrix<double> left = centred - pca.basis * pca.coefficients.transpose();
        QVERIFY(std::abs(left.norm() / V.norm() - pca.relativeError) < 1e-9);
        QVERIFY((pca.mean - V.rowwise().mean()).norm() < 1e-9 * pca.mean.norm());
        const Eigen::JacobiSVD<Matrix<double>> exact(centred);
        QVERIFY(std::abs(exact.singularValues().tail(std::min(rows, columns) - 4).norm() / V.norm() -
                         pca.relativeError) < 1e-8);
        const VectorQuantization vq = vectorQuantization(*data, 4, 1, blocks);
        double squared = 0;
        for (Index j = 0; j < columns; ++j)
            squared += (V.col(j) - vq.centres.col(vq.owner[static_cast<std::size_t>(j)])).squaredNorm();
        QVERIFY(std::abs(std::sqrt(squared) / V.norm() - vq.relativeError) < 1e-9);
        const double bound = smallestRelativeError(*data, 4, blocks);
        Options options;
        options.rank = 4;
        auto start = std::make_shared<Factors<double>>();
        start->W = vq.centres;
        start->Ht = Matrix<double>::Zero(columns, 4);
        for (Index j = 0; j < columns; ++j)
            start->Ht(j, vq.owner[static_cast<std::size_t>(j)]) = 1;
        options.start = start;
        const Result fromThere = factorize(data, options);
        QVERIFY(std::abs(fromThere.history.front().relativeError - vq.relativeError) < 1e-9);
        const double error = fromThere.history.back().relativeError;
        QVERIFY(bound <= error && error < vq.relativeError && pca.relativeError < bound);
    }

    void simplerModelsTakeSparseDataAndRefuseWhatIsTooLarge()
    {
        Matrix<double> V = problems::uniform(25, 40, 8);
        V = (V.array() > 0.7).select(V, 0.0).eval();
        Blocks blocks(1);
        QVERIFY(std::abs(principalComponents(*asSparse(V), 3, blocks).relativeError -
                         principalComponents(*problems::dataset(V), 3, blocks).relativeError) < 1e-10);
        QVERIFY(std::abs(vectorQuantization(*asSparse(V), 3, 1, blocks).relativeError -
                         vectorQuantization(*problems::dataset(V), 3, 1, blocks).relativeError) < 1e-10);
        Dataset large;
        large.V = DataMatrix(SparseMatrix<double>(4000, 4000));
        QVERIFY_EXCEPTION_THROWN(principalComponents(large, 2, blocks), Error);
    }
};

QTEST_APPLESS_MAIN(TestMeasures)
#include "tst_measures.moc"
