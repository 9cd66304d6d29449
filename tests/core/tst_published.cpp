#include "core/algorithms/algorithms.h"
#include "core/formats/formats.h"
#include "core/measures/agreement.h"
#include "core/measures/consensus.h"
#include "core/restarts.h"
#include "tests/support/problems.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace nmf;

namespace
{

std::shared_ptr<const Dataset> opened(const QString& name)
{
    return std::make_shared<const Dataset>(load(test_data::path(name).toStdString(), formats()));
}

/// The kind of each of the 38 patients: B (ALL of B cells), T (ALL of T cells), or M (AML).
QByteArray patients()
{
    QFile file(test_data::path("genes/golub/golub_samples.csv"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray kinds;
    for (const QByteArray& line : file.readAll().split('\n').mid(1))
        if (!line.isEmpty())
            kinds += line.contains("B-cell") ? 'B' : line.contains("T-cell") ? 'T' : 'M';
    return kinds;
}

/// Who shares a label: "8 T, 17 B | 2 B, 11 M", in an order that does not depend on the numbers of the labels.
QString groupsOf(const std::vector<int>& labels, const QByteArray& kinds)
{
    std::map<int, std::map<char, int>> groups;
    for (std::size_t j = 0; j < labels.size(); ++j)
        ++groups[labels[j]][kinds[static_cast<qsizetype>(j)]];
    QStringList texts;
    for (const auto& [label, members] : groups) {
        QStringList text;
        for (const auto& [kind, count] : members)
            text << QString("%1 %2").arg(count).arg(QChar(kind));
        texts << text.join(", ");
    }
    texts.sort();
    return texts.join(" | ");
}

/// The strongest component of each sample by the size of its coefficient alone, as Brunet et al. have it.
std::vector<int> largestCoefficients(const Factors<double>& factors)
{
    std::vector<int> labels;
    for (Index j = 0; j < factors.Ht.rows(); ++j) {
        Index strongest = 0;
        factors.Ht.row(j).maxCoeff(&strongest);
        labels.push_back(static_cast<int>(strongest));
    }
    return labels;
}

} // namespace

/// Data that others have factorized, and what is known of them.
class TestPublished : public QObject
{
    Q_OBJECT

    static void verifyGroups(const std::vector<int>& labels, const QByteArray& kinds, int rank, const QString& groups)
    {
        QCOMPARE(groupsOf(labels, kinds), groups);
        // Two groups are ALL and AML.
        std::vector<std::string> classes;
        for (const char kind : kinds)
            classes.emplace_back(1, rank == 2 && kind == 'T' ? 'B' : kind);
        const ClassAgreement agreement = agreementOf(labels, classes);
        QCOMPARE(agreement.purity, rank == 2 ? 36.0 / 38 : 37.0 / 38);
        QVERIFY(agreement.entropy > 0 && agreement.entropy < 0.4);
    }

private slots:
    void initTestCase() { NEEDS_TEST_DATA(); }

    void knownValuesAreReachedFromRandomStarts_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("rank");
        QTest::addColumn<int>("starts");
        QTest::addColumn<double>("best");
        QTest::addColumn<double>("worst");
        QTest::addColumn<int>("iterations");
        // The relative error for the Frobenius loss, the divergence for Kullback-Leibler. Half a unit of the last digit
        // that is known is allowed.
        const auto row = [](const char* name, const char* file, const char* loss, int rank, int starts, double best,
                            double worst, int iterations = 300) {
            QTest::addRow("%s, %s, k = %d", name, loss, rank)
                << file << loss << rank << starts << best << worst << iterations;
        };
        const char *golub = "genes/golub/golub_5000x38_float64.npy",
                   *digits = "digits/sklearn/digits_64x1797_uint8.npy", *bbc = "text/bbc/bbc_9635x2225_csc.npz",
                   *jasper = "hyperspectral/jasper/jasper_198x10000_uint16.npy",
                   *faces = "faces/cbcl/cbcl_361x2429_uint8.npy",
                   *facesAsPublished = "faces/cbcl/cbcl_361x2429_leeseung_float32.npy";
        row("leukaemia", golub, "frobenius", 3, 8, 0.502698345, 0.502698345);
        row("leukaemia", golub, "kl", 2, 4, 1.627235e7, 1.627235e7);
        row("leukaemia", golub, "kl", 3, 4, 1.380655e7, 1.380655e7);
        row("Jasper Ridge", jasper, "frobenius", 4, 2, 0.037837 * 1.001, 0.037837 * 1.001, 120);
        row("digits", digits, "frobenius", 10, 8, 0.32475, 0.32795);
        row("digits", digits, "frobenius", 16, 8, 0.25725, 0.2605);
        row("digits", digits, "kl", 16, 4, 52606.5, 54000);
        row("BBC", bbc, "frobenius", 5, 6, 0.919926895, 0.9215);
        row("BBC", bbc, "frobenius", 20, 4, 0.85555, 0.85685);
        row("BBC", bbc, "kl", 5, 2, 1.1444585e6, 1.14448e6);
        row("BBC", bbc, "kl", 20, 1, 9.72115e5, 9.72115e5, 150);
        row("faces", faces, "frobenius", 49, 1, 0.0810, 0.0810, 200);
        row("faces as in Lee and Seung 1999", facesAsPublished, "frobenius", 49, 1, 0.1979, 0.1979, 150);
        // Others were there after six seconds, and not at an end.
        row("faces", faces, "kl", 49, 1, 6.152e5, 6.152e5, 25);
    }
    void knownValuesAreReachedFromRandomStarts()
    {
        QFETCH(QString, file);
        QFETCH(QString, loss);
        QFETCH(int, rank);
        QFETCH(int, starts);
        QFETCH(double, best);
        QFETCH(double, worst);
        QFETCH(int, iterations);
        Options options;
        options.rank = rank;
        options.loss.id = loss.toStdString();
        options.algorithm.id = automaticAlgorithm(find(losses(), options.loss.id)->make({}), false);
        options.initializer.id = "random";
        options.maxIterations = iterations;
        options.tolerance = 1e-8;
        const Restarts many = restart(opened(file), options, starts);
        QList<double> values;
        for (const RestartOutcome& run : many.runs)
            values << (loss == "kl" ? run.last.objective : run.last.relativeError);
        std::ranges::sort(values);
        qInfo("%.9g to %.9g; known %.9g", values.first(), values.last(), best);
        QVERIFY(values.first() <= best);
        QVERIFY(values.last() <= worst);
    }

    void leukaemiaIsSortedAsPublished_data()
    {
        QTest::addColumn<int>("rank");
        QTest::addColumn<double>("cophenetic");
        QTest::addColumn<double>("dispersion");
        QTest::addColumn<double>("divergence");
        QTest::addColumn<bool>("weighed");
        QTest::addColumn<QString>("groups");
        // By coefficients alone one sample has two equally strong components where there are three of them.
        QTest::newRow("k = 2") << 2 << 1.0 << 0.996 << 1.627235e7 << false << "17 B, 8 T | 2 B, 11 M";
        QTest::newRow("k = 3") << 3 << 0.992 << 0.948 << 1.380655e7 << true << "1 B, 8 T | 11 M | 18 B";
        // Into which four depends on the start; and how a start shares the scale out decides more coefficients.
        QTest::newRow("k = 4") << 4 << 0.988 << 0.945 << 1.245375e7 << false << "";
    }
    /// The protocol of Brunet et al. (2004): multiplicative updates for the Kullback-Leibler divergence from uniform
    /// random starts.
    void leukaemiaIsSortedAsPublished()
    {
        QFETCH(int, rank);
        QFETCH(double, cophenetic);
        QFETCH(double, dispersion);
        QFETCH(double, divergence);
        QFETCH(bool, weighed);
        QFETCH(QString, groups);
        const auto data = opened("genes/golub/golub_5000x38_float64.npy");
        const QByteArray kinds = patients();
        QCOMPARE(kinds.size(), qsizetype(38));
        // Four components settle later than two.
        Options options = problems::with("mu", rank, rank < 4 ? 300 : 800);
        options.loss.id = "kl";
        options.threads = 2;
        std::vector<std::vector<int>> labels;
        double least = std::numeric_limits<double>::infinity();
        for (std::uint64_t run = 0; run < (rank < 4 ? 15U : 8U); ++run) {
            options.start = std::make_shared<const Factors<double>>(Factors<double>{
                problems::uniform(5000, rank, 2 * run + 100), problems::uniform(38, rank, 2 * run + 101)});
            const Result result = factorize(data, options);
            least = std::min(least, result.history.back().objective);
            labels.push_back(groups.isEmpty() ? labelsOf(result.factors) : largestCoefficients(result.factors));
            if (!groups.isEmpty())
                verifyGroups(weighed ? labelsOf(result.factors) : labels.back(), kinds, rank, groups);
        }
        const Consensus consensus = consensusOf(labels);
        qInfo("cophenetic %.4f, dispersion %.4f, least divergence %.7g", consensus.cophenetic, consensus.dispersion,
              least);
        // They move a little with the starts, and runs that are carried further agree more.
        QVERIFY(consensus.cophenetic > cophenetic - 0.01 && (rank == 4 || consensus.cophenetic < cophenetic + 0.01));
        QVERIFY(consensus.dispersion > dispersion - 0.05 && (rank == 4 || consensus.dispersion < dispersion + 0.05));
        QVERIFY(least <= divergence * (1 + 5e-5));
    }
};

QTEST_GUILESS_MAIN(TestPublished)
#include "tst_published.moc"
