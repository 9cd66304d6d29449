#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/formats/archive.h"
#include "core/formats/npy_bytes.h"
#include "core/losses/losses.h"
#include "tests/support/batch_test.h"
#include "tests/support/problems.h"

#include <QRegularExpression>

using namespace nmf;

namespace
{

bool near(double one, double other)
{
    return std::abs(one - other) <= 1e-12 * std::abs(other);
}

/// Whether a run with these options can be made and keeps finite.
QString trial(const std::string& algorithm, const QString& loss, const Penalty& penalty, bool sparse)
{
    auto dataset = std::make_shared<Dataset>(*problems::dataset(problems::uniform(5, 6, 1)));
    if (sparse)
        dataset->V = DataMatrix(SparseMatrix<double>(dataset->V.dense<double>()->sparseView()));
    Options options;
    options.rank = 2;
    options.maxIterations = 4;
    options.loss.id = loss.section(':', 0, 0).toStdString();
    if (loss.contains('='))
        options.loss.values["beta"] = loss.section('=', 1).toDouble();
    options.algorithm.id = algorithm;
    options.initializer.id = "random";
    options.onW = options.onH = penalty;
    try {
        const Result result = factorize(dataset, options);
        return result.history.size() == 5 && std::isfinite(result.history.back().objective) ? "" : "It diverges.";
    } catch (const Error& error) {
        return error.what();
    }
}

} // namespace

/// Penalties on the command line, in the report and in the list of solvers.
class TestBatchPenalties : public QObject, BatchTest
{
    Q_OBJECT

    Outcome run(const QString& arguments) const { return BatchTest::run(arguments.split(' ')); }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        saveCsv(path("table.csv").toStdString(), problems::matrixB(), {}, {});
    }

    void theReportTellsTheTermsApart()
    {
        const Outcome result =
            run("run table.csv --rank 3 --l1-w 0.1 --l1-h 0.2 --l2-w 0.3 --l2-h 0.4 --json --output out");
        QCOMPARE(result.errors, "");
        QCOMPARE(result.status, 0);
        const Matrix<double> W = matrixIn(path("out/W.npy")), H = matrixIn(path("out/H.npy"));
        const QJsonObject report = result.report(), terms = report["objective_terms"].toObject();
        QVERIFY(terms.size() > 5);
        for (const char* unused : {"overlap_w", "overlap_h", "dropout"})
            QCOMPARE(terms[unused].toDouble(), 0.0);
        QVERIFY(near(terms["l1_w"].toDouble(), 0.1 * W.sum()));
        QVERIFY(near(terms["l1_h"].toDouble(), 0.2 * H.sum()));
        QVERIFY(near(terms["l2_w"].toDouble(), 0.15 * W.squaredNorm()));
        QVERIFY(near(terms["l2_h"].toDouble(), 0.2 * H.squaredNorm()));
        const double fit = (problems::matrixB() - W * H).squaredNorm() / 2;
        QVERIFY(std::abs(terms["data"].toDouble() - fit) < 1e-10 * fit);
        double sum = 0;
        for (const QJsonValue& term : terms)
            sum += term.toDouble();
        QVERIFY(near(sum, report["objective"].toDouble()));
        QCOMPARE(report["minimised"].toString(), QString("½‖V − WH‖²F + 0.1‖W‖₁ + ½·0.3‖W‖²F + 0.2‖H‖₁ + ½·0.4‖H‖²F"));
        const QJsonObject options = report["options"].toObject();
        QCOMPARE(options["l2_h"].toDouble(), 0.4);
        QVERIFY(!options.contains("alpha_w"));
    }

    void withoutPenaltiesTheFitIsAll()
    {
        const QJsonObject report = run("run table.csv --rank 2 --json").report();
        const QJsonObject terms = report["objective_terms"].toObject();
        QVERIFY(terms["data"].toDouble() > 0);
        QCOMPARE(terms["data"].toDouble(), report["objective"].toDouble());
        QCOMPARE(terms["l1_w"].toDouble(), 0.0);
        QCOMPARE(report["minimised"].toString(), QString("½‖V − WH‖²F"));
    }

    void strengthsAreScaledAsScikitLearnDoes_data()
    {
        QTest::addColumn<QString>("strengths");
        QTest::addColumn<QList<double>>("weights"); // l1_w, l2_w, l1_h, l2_h for six features and five samples
        QTest::newRow("both") << "--alpha-w 0.02 --alpha-h 0.05 --l1-ratio 0.25"
                              << QList<double>{0.025, 0.075, 0.075, 0.225};
        QTest::newRow("the same") << "--alpha-w 0.02 --l1-ratio 1" << QList<double>{0.1, 0, 0.12, 0};
        QTest::newRow("squares") << "--alpha-w 0.02 --alpha-h 0.05" << QList<double>{0, 0.1, 0, 0.3};
        QTest::newRow("transposed") << "--alpha-w 0.02 --alpha-h 0.05 --transpose" << QList<double>{0, 0.12, 0, 0.25};
        QTest::newRow("none") << "--alpha-w 0" << QList<double>{0, 0, 0, 0};
    }

    void strengthsAreScaledAsScikitLearnDoes()
    {
        QFETCH(QString, strengths);
        QFETCH(QList<double>, weights);
        const Outcome result = run("run table.csv --rank 2 --json " + strengths);
        QCOMPARE(result.errors, "");
        const QJsonObject options = result.report()["options"].toObject();
        int at = 0;
        for (const char* key : {"l1_w", "l2_w", "l1_h", "l2_h"}) {
            const double wanted = weights[at++];
            QVERIFY2(std::abs(options[key].toDouble() - wanted) < 1e-15, key);
        }
        QVERIFY(options.contains("alpha_w") && options.contains("alpha_h") && options.contains("l1_ratio"));
        // The same weights by their own names are the same run.
        const QString transpose = strengths.contains("--transpose") ? " --transpose" : "";
        const auto weight = [&](const char* key) { return QString::number(options[key].toDouble(), 'g', 17); };
        const Outcome same =
            run("run table.csv --rank 2 --json --l1-w " + weight("l1_w") + " --l2-w " + weight("l2_w") + " --l1-h " +
                weight("l1_h") + " --l2-h " + weight("l2_h") + transpose);
        QCOMPARE(same.report()["objective"].toDouble(), result.report()["objective"].toDouble());
    }

    void whatCannotBeIsRefusedInOneLine_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("named");
        QTest::newRow("W alone") << "--l1-w 1"
                                 << "W alone";
        QTest::newRow("H alone") << "--alpha-h 1"
                                 << "H alone";
        QTest::newRow("below zero") << "--l1-w -1 --l1-h 1"
                                    << "--l1-w";
        QTest::newRow("no number") << "--l2-h nan --l2-w 1"
                                   << "--l2-h";
        QTest::newRow("endless") << "--l2-w inf --l2-h 1"
                                 << "--l2-w";
        QTest::newRow("words") << "--alpha-w much"
                               << "--alpha-w";
        QTest::newRow("both ways") << "--alpha-w 1 --l2-h 1"
                                   << "--l2-h";
        QTest::newRow("share of nothing") << "--l1-ratio 0.5"
                                          << "--alpha-w";
        QTest::newRow("share beyond one") << "--alpha-w 1 --l1-ratio 1.5"
                                          << "--l1-ratio";
        QTest::newRow("an algorithm that takes none") << "--loss kl --solver jmm --l2-w 1 --l2-h 1"
                                                      << "L2";
        QTest::newRow("strength beyond numbers") << "--alpha-w 1e308"
                                                 << "L2 on W";
    }

    void whatCannotBeIsRefusedInOneLine()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, named);
        const Outcome result = run("run table.csv --rank 2 --output refused " + arguments);
        QCOMPARE(result.status, 1);
        QCOMPARE(result.output, "");
        QVERIFY2(QRegularExpression("\\Apartscope: [^\\n]{20,400}\\.\\n\\z").match(result.errors).hasMatch(),
                 qPrintable(result.errors));
        QVERIFY2(result.errors.contains(named), qPrintable(result.errors));
        QVERIFY(!QFile::exists(path("refused")));
    }

    void aBoundOnTheTraceHolds()
    {
        const Outcome result = run("run table.csv --rank 3 --trace 4 --json --quiet");
        QCOMPARE(result.errors, "");
        QCOMPARE(result.report()["options"].toObject()["solver"].toString(), QString("ahals"));
        QVERIFY(std::abs(result.report()["trace"].toDouble() - 4) < 1e-6);
        const QJsonObject bound = result.report()["trace_bound"].toObject();
        QVERIFY(bound["active"].toBool() && bound["multiplier"].toDouble() > 0);
        QVERIFY(bound["bound"].toDouble() == 4 && bound["least_objective"].isNull());
    }

    void lockedPartsStayAsTheyWereGiven()
    {
        QCOMPARE(run("run table.csv --rank 3 --max-iter 5 --output given").status, 0);
        const Matrix<double> W = matrixIn(path("given/W.npy")), H = matrixIn(path("given/H.npy"));
        QProcess python;
        python.setWorkingDirectory(m_folder.path());
        python.start("/usr/bin/python3", {"-c", "import numpy as n; n.savez('start.npz', W=n.load('given/W.npy'), "
                                                "H=n.load('given/H.npy'))"});
        QVERIFY(python.waitForFinished(60000) && python.exitCode() == 0);
        const Outcome result =
            run("run table.csv --rank 3 --init start.npz --lock-w 1,3 --lock-h 2 --max-iter 50 --tol 0 --output kept");
        QVERIFY2(result.status == 0, qPrintable(result.errors));
        const Matrix<double> newW = matrixIn(path("kept/W.npy")), newH = matrixIn(path("kept/H.npy"));
        QVERIFY(newW.col(0) == W.col(0) && newW.col(2) == W.col(2) && newW.col(1) != W.col(1));
        QVERIFY(newH.row(1) == H.row(1) && newH.row(0) != H.row(0));
        for (const char* wrong : {"--lock-w 0", "--lock-w 4", "--lock-w x", "--lock-h 1,,2"})
            QCOMPARE(run(QString("run table.csv --rank 3 --init start.npz ") + wrong).status, 1);
    }

    void softlyHeldPartsMoveALittle()
    {
        QCOMPARE(run("run table.csv --rank 3 --max-iter 5 --output begun").status, 0);
        const Matrix<double> W = matrixIn(path("begun/W.npy")), H = matrixIn(path("begun/H.npy"));
        writeFile(path("soft.npz"),
                  QByteArray::fromStdString(archiveOf({{"W.npy", npyBytes(W)}, {"H.npy", npyBytes(H)}})));
        const Outcome result = run("run table.csv --rank 3 --init soft.npz --soft-lock-w 2:5 --soft-lock-h 3:0.5,1:10 "
                                   "--max-iter 50 --tol 0 --json --output near");
        QVERIFY2(result.status == 0, qPrintable(result.errors));
        const Matrix<double> newW = matrixIn(path("near/W.npy")), newH = matrixIn(path("near/H.npy"));
        const auto moved = [](const auto& after, const auto& before) {
            return ((after - before).array().abs() - 1e-12).max(0) / before.array().max(1e-300);
        };
        QVERIFY(moved(newW.col(1), W.col(1)).maxCoeff() <= 0.05 * (1 + 1e-9));
        QVERIFY(moved(newH.row(2), H.row(2)).maxCoeff() <= 0.005 * (1 + 1e-9));
        QVERIFY(moved(newH.row(0), H.row(0)).maxCoeff() <= 0.1 * (1 + 1e-9));
        QVERIFY(newW.col(1) != W.col(1) && newH.row(0) != H.row(0));
        QCOMPARE(result.report()["options"].toObject()["soft_lock_h"].toObject()["3"].toDouble(), 0.5);
        for (const char* wrong :
             {"--soft-lock-w 2", "--soft-lock-w 0:5", "--soft-lock-w 2:0", "--soft-lock-w 2:101", "--soft-lock-w 4:5",
              "--soft-lock-w 1:5,1:6", "--soft-lock-w 1:5 --lock-w 1", "--soft-lock-w 1:5 --norm-w 1"})
            QCOMPARE(run(QString("run table.csv --rank 3 --init soft.npz ") + wrong).status, 1);
        QCOMPARE(run("run table.csv --rank 3 --soft-lock-w 1:5").status, 1);
    }

    void lockedEntriesStayAsTheyWereGiven()
    {
        QCOMPARE(run("run table.csv --rank 2 --max-iter 5 --output begun").status, 0);
        const Matrix<double> W = matrixIn(path("begun/W.npy")), H = matrixIn(path("begun/H.npy"));
        QProcess python;
        python.setWorkingDirectory(m_folder.path());
        python.start("/usr/bin/python3",
                     {"-c",
                      "import numpy as n; n.savez('begun.npz', W=n.load('begun/W.npy'), H=n.load('begun/H.npy')); "
                      "m = n.zeros((2, 5)); m[1, 2] = 1; m[0, 4] = 1; n.save('locks.npy', m); "
                      "m[0, 0] = n.nan; n.save('holes.npy', m)"});
        QVERIFY(python.waitForFinished(60000) && python.exitCode() == 0);
        const QString begin = "run table.csv --rank 2 --init begun.npz ";
        const Outcome result = run(begin + "--lock-entries-h locks.npy --max-iter 50 --tol 0 --output held");
        QVERIFY2(result.status == 0, qPrintable(result.errors));
        const Matrix<double> newH = matrixIn(path("held/H.npy"));
        QVERIFY(newH(1, 2) == H(1, 2) && newH(0, 4) == H(0, 4));
        QVERIFY(newH(0, 2) != H(0, 2) && newH(1, 4) != H(1, 4));
        QVERIFY(matrixIn(path("held/W.npy")) != W);
        for (const char* wrong : {"--lock-entries-w locks.npy", "--lock-entries-h holes.npy", "--lock-entries-h absent",
                                  "--lock-entries-h locks.npy --solver als"})
            QCOMPARE(run(begin + wrong).status, 1);
        QCOMPARE(run("run table.csv --rank 2 --lock-entries-h locks.npy").status, 1);
    }

    void someGivenPartsAreCompleted_data()
    {
        QTest::addColumn<QString>("arrays");
        QTest::newRow("W") << "W=W[:, :1]";
        QTest::newRow("H") << "H=H[:1]";
        QTest::newRow("both") << "W=W[:, :1], H=H[:1]";
    }
    void someGivenPartsAreCompleted()
    {
        QFETCH(QString, arrays);
        QCOMPARE(run("run table.csv --rank 2 --output two").status, 0);
        const Matrix<double> W = matrixIn(path("two/W.npy")), H = matrixIn(path("two/H.npy"));
        QProcess python;
        python.setWorkingDirectory(m_folder.path());
        python.start("/usr/bin/python3", {"-c", "import numpy as n; W = n.load('two/W.npy'); H = n.load('two/H.npy'); "
                                                "n.savez('one.npz', " +
                                                    arrays + ")"});
        QVERIFY(python.waitForFinished(60000) && python.exitCode() == 0);
        const bool ofW = arrays.contains("W");
        const QString lock = ofW ? "--lock-w 1" : "--lock-h 1";
        const Outcome result =
            run("run table.csv --init one.npz --rank 3 --init-rest random --json --output three " + lock);
        QVERIFY2(result.status == 0, qPrintable(result.errors));
        const Matrix<double> newW = matrixIn(path("three/W.npy")), newH = matrixIn(path("three/H.npy"));
        QCOMPARE(newW.cols(), 3);
        QVERIFY(ofW ? newW.col(0) == W.col(0) : newH.row(0) == H.row(0));
        const double fit = (problems::matrixB() - newW * newH).squaredNorm();
        QVERIFY(fit < (problems::matrixB() - W * H).squaredNorm());
        QCOMPARE(result.report()["options"].toObject()["init_rest"].toString(), QString("random"));
        for (const char* wrong :
             {"run table.csv --init random --init-rest random", "run sample:bars --init one.npz --rank 3"})
            QCOMPARE(run(wrong).status, 1);
    }

    void constraintsHold_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("formula");
        QTest::newRow("upper") << "--upper-w 0.5 --upper-h 0.9"
                               << "W ≤ 0.5, H ≤ 0.9";
        QTest::newRow("norm") << "--norm-w 2"
                              << "‖w_a‖₂ = 1";
        QTest::newRow("sparseness") << "--sparseness-h 0.4"
                                    << "sp(h_a) = 0.4";
        QTest::newRow("sum") << "--sum-h 1"
                             << "Σ_a H_aj = 1";
        QTest::newRow("sum under KL") << "--sum-h 1 --loss kl"
                                      << "Σ_a H_aj = 1";
        QTest::newRow("largest sum") << "--largest-sum-h 0.5"
                                     << "Σ_a H_aj ≤ 0.5";
        QTest::newRow("smooth") << "--smooth-w 3 --smooth-h 4"
                                << "½·3Σ(W_ia − W_ja)²";
    }
    void constraintsHold()
    {
        QFETCH(QString, asked);
        QFETCH(QString, formula);
        const Outcome result = run("run table.csv --rank 2 --json --output asked " + asked);
        QCOMPARE(result.errors, "");
        const Matrix<double> W = matrixIn(path("asked/W.npy")), H = matrixIn(path("asked/H.npy"));
        QVERIFY2(result.report()["minimised"].toString().contains(formula),
                 qPrintable(result.report()["minimised"].toString()));
        if (asked.contains("upper"))
            QVERIFY(W.maxCoeff() <= 0.5 && H.maxCoeff() <= 0.9);
        if (asked.contains("norm"))
            QVERIFY((W.colwise().norm().array() - 1).abs().maxCoeff() < 1e-14);
        if (asked.contains("sparseness"))
            for (Index a = 0; a < 2; ++a)
                QVERIFY(std::abs((std::sqrt(5.0) - H.row(a).sum() / H.row(a).norm()) / (std::sqrt(5.0) - 1) - 0.4) <
                        1e-14);
        if (asked.contains("largest-sum"))
            QVERIFY(H.colwise().sum().maxCoeff() <= 0.5 * (1 + 1e-15));
        else if (asked.contains("sum"))
            QVERIFY((H.colwise().sum().array() - 1).abs().maxCoeff() < 1e-14);
        if (asked.contains("smooth")) {
            const double rough = (W.topRows(5) - W.bottomRows(5)).squaredNorm() / 2;
            QVERIFY(near(result.report()["objective_terms"].toObject()["smooth_w"].toDouble(), 3 * rough));
        }
    }

    void theListOfSolversTellsTheTruth_data()
    {
        QTest::addColumn<QString>("algorithm");
        for (const Algorithm& algorithm : algorithms())
            QTest::newRow(algorithm.facts.id.c_str()) << QString::fromStdString(algorithm.facts.id);
    }

    void theListOfSolversTellsTheTruth()
    {
        QFETCH(QString, algorithm);
        const QStringList lines = run("--list-solvers").output.split('\n');
        const auto begin = lines.indexOf(algorithm);
        QVERIFY(begin >= 0);
        const struct
        {
            const char* name;
            Penalty penalty;
        } kinds[] = {{"yes", {}}, {"L1", {0.1, 0}}, {"L2", {0, 0.1}}, {"Overlap", {0, 0.1, 0.1}}};
        int answers = 0;
        for (auto at = begin + 2; at < lines.size() && lines[at].startsWith("    "); ++at) {
            const auto parts =
                QRegularExpression(
                    "\\A    (\\S+) +((?:dense|sparse|weighted)(?:, (?:dense|sparse|weighted))*) +([^.]+)\\.(.*)\\z")
                    .match(lines[at]);
            QVERIFY2(parts.hasMatch(), qPrintable(lines[at]));
            const QStringList served = parts.captured(3).split(", ");
            for (const bool sparse : {false, true}) {
                if (!parts.captured(2).contains(sparse ? "sparse" : "dense"))
                    continue;
                for (const auto& kind : kinds) {
                    ++answers;
                    const QString reason = trial(algorithm.toStdString(), parts.captured(1), kind.penalty, sparse);
                    QVERIFY2(served.contains(kind.name) == reason.isEmpty(), qPrintable(lines[at] + " / " + reason));
                    QVERIFY2(reason.isEmpty() || parts.captured(4).contains(reason) ||
                                 parts.captured(4).section("Not served: ", 1).contains(kind.name),
                             qPrintable(lines[at] + " / " + reason));
                }
            }
        }
        // The loss with a parameter is asked for twice.
        QCOMPARE(answers, 8 * static_cast<int>(losses().size() + 1));
    }
};

QTEST_APPLESS_MAIN(TestBatchPenalties)
#include "tst_batch_penalties.moc"
