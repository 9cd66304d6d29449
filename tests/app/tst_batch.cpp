#include "core/samples/samples.h"
#include "tests/support/batch_test.h"

#include <QImage>
#include <QJsonArray>
#include <QRegularExpression>

#include <cmath>

/// What the program answers to a command line, and what it writes.
class TestBatch : public QObject, BatchTest
{
    Q_OBJECT

private slots:
    void init() { beginWithTwoTables(); }

    void writesAllResults()
    {
        const Outcome result = run({"run", "sample:bars", "--rank", "16", "--seed", "3", "--output", "out"});
        QCOMPARE(result.errors, "");
        QCOMPARE(result.status, 0);
        QCOMPARE(filesIn(path("out")), QStringList({"H.npy", "W.npy", "basis.png", "loss.csv", "report.json"}));
        QCOMPARE(flawOf(path("out")), "");
        const nmf::Matrix<double> V = *nmf::sampleNamed("bars").make(1).V.dense<double>();
        const nmf::Matrix<double> W = matrixIn(path("out/W.npy")), H = matrixIn(path("out/H.npy"));
        QVERIFY(W.minCoeff() >= 0 && H.minCoeff() >= 0);
        const QJsonObject report = reportIn(path("out"));
        const double residual = (V - W * H).squaredNorm();
        QVERIFY(std::abs(report["objective"].toDouble() - residual / 2) <= 1e-9 * V.squaredNorm());
        QVERIFY(std::abs(report["relative_error"].toDouble() - std::sqrt(residual / V.squaredNorm())) < 1e-6);
        QVERIFY(std::abs(report["explained_variance"].toDouble() - (1 - residual / V.squaredNorm())) < 1e-9);
        QCOMPARE(report["seed"].toInt(), 3);
        QCOMPARE(report["shapes"].toObject()["W"].toArray(), QJsonArray({int(W.rows()), 16}));
        QVERIFY(!report["stopped_because"].toString().isEmpty());
        QVERIFY(report["sparseness"].toObject()["W"].toDouble() > 0);
        QVERIFY(contents(path("out/loss.csv")).startsWith("iteration,seconds,objective,relative_error\n0,"));
        QVERIFY(!QImage(path("out/basis.png")).isNull());
    }

    void drawsNoPictureWhereRowsAreNoPixels()
    {
        QCOMPARE(run({"run", "table.csv", "--rank", "2", "--output", "out"}).status, 0);
        QCOMPARE(filesIn(path("out")), resultFiles);
        QCOMPARE(flawOf(path("out")), "");
    }

    void saysInOneLineWhatIsWrong_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("named");
        QTest::newRow("no file") << "run nothing.csv"
                                 << "nothing.csv";
        QTest::newRow("no input") << "run"
                                  << "INPUT";
        QTest::newRow("two inputs") << "run table.csv negative.csv"
                                    << "negative.csv";
        QTest::newRow("no sample") << "run sample:none"
                                   << "bars";
        QTest::newRow("negative entry") << "run negative.csv"
                                        << "negative";
        QTest::newRow("rank 0") << "run table.csv --rank 0"
                                << "--rank";
        QTest::newRow("rank of words") << "run table.csv --rank many"
                                       << "--rank";
        QTest::newRow("rank cut short") << "run table.csv --rank 3x"
                                        << "--rank";
        QTest::newRow("rank missing") << "run table.csv --rank"
                                      << "rank";
        QTest::newRow("rank beyond reason") << "run table.csv --rank 99999999"
                                            << "rank";
        QTest::newRow("rank beyond numbers") << "run table.csv --rank 99999999999999999999"
                                             << "--rank";
        QTest::newRow("seed below zero") << "run table.csv --seed -1"
                                         << "--seed";
        QTest::newRow("tolerance") << "run table.csv --tol nan"
                                   << "--tol";
        QTest::newRow("time limit") << "run table.csv --time-limit inf"
                                    << "--time-limit";
        QTest::newRow("iterations") << "run table.csv --max-iter -1"
                                    << "--max-iter";
        QTest::newRow("threads") << "run table.csv --threads 1e9"
                                 << "--threads";
        QTest::newRow("precision") << "run table.csv --precision half"
                                   << "--precision";
        QTest::newRow("solver") << "run table.csv --solver best"
                                << "hals";
        QTest::newRow("solver's parameter") << "run table.csv --solver mu:speed=2"
                                            << "speed";
        QTest::newRow("loss") << "run table.csv --loss love"
                              << "frobenius";
        QTest::newRow("start") << "run table.csv --init magic"
                               << "nndsvd";
        QTest::newRow("start's file") << "run table.csv --init none.npz"
                                      << "none.npz";
        QTest::newRow("start of another kind") << "run table.csv --init table.csv"
                                               << "table.csv";
        QTest::newRow("unknown option") << "run table.csv --frobnicate 1"
                                        << "frobnicate";
        QTest::newRow("output in the way") << "run table.csv --output table.csv"
                                           << "table.csv";
        QTest::newRow("output here") << "run table.csv --output ."
                                     << "--output";
        QTest::newRow("output nowhere") << "run table.csv --output /proc/none/out"
                                        << "--output";
        QTest::newRow("info of nothing") << "info nothing.npy"
                                         << "nothing.npy";
        QTest::newRow("info without input") << "info"
                                            << "INPUT";
        QTest::newRow("sample without file") << "samples bars"
                                             << "--output";
        QTest::newRow("file without sample") << "samples --output bars.npy"
                                             << "NAME";
        QTest::newRow("sample as what") << "samples bars --output bars.docx"
                                        << ".npy";
    }

    void saysInOneLineWhatIsWrong()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, named);
        const Outcome result = run(arguments.split(' '));
        QCOMPARE(result.status, 1);
        QCOMPARE(result.output, "");
        QVERIFY2(QRegularExpression("\\Apartscope: [^\\n]{20,400}\\n\\z").match(result.errors).hasMatch(),
                 qPrintable(result.errors));
        QVERIFY2(result.errors.contains(named), qPrintable(result.errors));
        QCOMPARE(filesIn(m_folder.path()), QStringList({"negative.csv", "table.csv"}));
    }

    void printsTheReportOnStandardOutput()
    {
        const Outcome result = run({"run", "table.csv", "--json", "--output", "out"});
        QCOMPARE(result.status, 0);
        QCOMPARE(result.output.toUtf8(), contents(path("out/report.json")));
        QVERIFY(!result.output.isEmpty());
    }

    void isSilentWhenQuiet()
    {
        const Outcome result = run({"run", "table.csv", "--quiet", "--output", "out"});
        QCOMPARE(result.output + result.errors, "");
        QCOMPARE(flawOf(path("out")), "");
    }

    void saysNothingOfTheLocale()
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LC_ALL", "C");
        process.setProcessEnvironment(environment);
        start(process, {"run", "table.csv", "--quiet"});
        const Outcome result = outcome(process);
        QCOMPARE(result.status, 0);
        QCOMPARE(result.errors, "");
    }

    void opensNoWindowInVain_data()
    {
        QTest::addColumn<QString>("platform");
        QTest::addColumn<QString>("argument");
        QTest::addColumn<QString>("named");
        QTest::newRow("no display") << ""
                                    << "table.csv"
                                    << "partscope run";
        QTest::newRow("unknown option") << "offscreen"
                                        << "--frobnicate"
                                        << "--frobnicate";
    }

    void opensNoWindowInVain()
    {
        QFETCH(QString, platform);
        QFETCH(QString, argument);
        QFETCH(QString, named);
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY"})
            environment.remove(variable);
        environment.insert("QT_QPA_PLATFORM", platform);
        environment.insert("XDG_RUNTIME_DIR", m_folder.path());
        process.setProcessEnvironment(environment);
        start(process, {argument});
        const Outcome result = outcome(process);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.count('\n') == 1 && result.errors.contains(named), qPrintable(result.errors));
    }

    void obeysItsLimits_data()
    {
        QTest::addColumn<QStringList>("limits");
        QTest::addColumn<QString>("reason");
        QTest::newRow("iterations") << QStringList{"--max-iter", "3", "--tol", "0"} << "iteration-limit";
        QTest::newRow("no iteration") << QStringList{"--max-iter", "0"} << "iteration-limit";
        QTest::newRow("tolerance") << QStringList{"--tol", "0.5"} << "converged";
        QTest::newRow("seconds") << QStringList{"--time-limit", "0.2", "--tol", "0", "--max-iter", "2000000000"}
                                 << "time-limit";
    }

    void obeysItsLimits()
    {
        QFETCH(QStringList, limits);
        QFETCH(QString, reason);
        const Outcome result = run(QStringList{"run", "sample:swimmer", "--json"} + limits);
        QCOMPARE(result.status, 0);
        const QJsonObject report = QJsonDocument::fromJson(result.output.toUtf8()).object();
        QCOMPARE(report["stopped_because"].toString(), reason);
        if (limits.first() == "--max-iter")
            QCOMPARE(report["iterations"].toInt(), limits[1].toInt());
        QVERIFY(report["seconds"].toDouble() < 5);
    }

    void transposesTheTable()
    {
        QCOMPARE(run({"run", "table.csv", "--transpose", "--rank", "2", "--output", "out"}).status, 0);
        QCOMPARE(matrixIn(path("out/W.npy")).rows(), nmf::Index(3));
        QCOMPARE(matrixIn(path("out/H.npy")).cols(), nmf::Index(4));
    }

    void sameBytesForAnyNumberOfThreads_data()
    {
        QTest::addColumn<QString>("options");
        for (const char* solver : {"hals", "mu"})
            for (const char* precision : {"single", "double"})
                for (const char* init : {"nndsvda", "random"})
                    QTest::addRow("%s %s %s", solver, precision, init)
                        << QString("--solver %1 --precision %2 --init %3").arg(solver, precision, init);
    }

    void sameBytesForAnyNumberOfThreads()
    {
        QFETCH(QString, options);
        QByteArrayList W, H;
        for (const char* threads : {"1", "2", "8", "1"}) {
            const QStringList arguments{
                "run", "sample:cartoon-faces", "--max-iter", "30", "--tol", "0", "--threads", threads, "--output",
                "out"};
            QCOMPARE(run(arguments + options.split(' ')).status, 0);
            W.append(contents(path("out/W.npy")));
            H.append(contents(path("out/H.npy")));
        }
        QVERIFY(!W[0].isEmpty() && !H[0].isEmpty());
        for (int i = 1; i < 4; ++i)
            QVERIFY(W[i] == W[0] && H[i] == H[0]);
    }

    void anotherSeedGivesOtherBytes()
    {
        QByteArrayList W;
        for (const char* seed : {"1", "2"}) {
            QCOMPARE(run({"run", "sample:bars", "--init", "random", "--seed", seed, "--output", "out"}).status, 0);
            W.append(contents(path("out/W.npy")));
        }
        QVERIFY(W[0] != W[1]);
    }

    void agreesWithScikitLearn()
    {
        QProcess process;
        process.start("/usr/bin/python3", {PARTSCOPE_AGREEMENT, PARTSCOPE_PROGRAM, m_folder.path()});
        const Outcome result = outcome(process);
        QVERIFY2(!result.errors.contains("No module named"),
                 "The system's Python has no scikit-learn: install python3-sklearn, as tests/run does.");
        QVERIFY2(result.status == 0, qPrintable(result.output + result.errors));
        QVERIFY(result.output.contains("hals:") && result.output.contains("mu:"));
    }

    void saysWhatAFileHolds()
    {
        const Outcome text = run({"info", "table.csv"});
        QCOMPARE(text.status, 0);
        QVERIFY2(text.output.contains("4 features × 3 samples") && text.output.contains("BRCA1"),
                 qPrintable(text.output));
        const Outcome json = run({"info", "negative.csv", "--json"});
        const QJsonObject report = QJsonDocument::fromJson(json.output.toUtf8()).object();
        QCOMPARE(report["negatives"].toInt(), 1);
        QCOMPARE(report["minimum"].toDouble(), -4.0);
        QCOMPARE(report["can_be_factorized"].toBool(true), false);
        QVERIFY(!report["reason"].toString().isEmpty());
        QVERIFY(run({"info", "sample:swimmer"}).output.contains("32 high × 32 wide"));
    }

    void writesItsSamples_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("npy") << "sample.npy";
        QTest::newRow("csv") << "sample.csv";
    }

    void writesItsSamples()
    {
        QFETCH(QString, file);
        const QString list = run({"samples"}).output;
        for (const nmf::Sample& sample : nmf::samples()) {
            const QString id = QString::fromStdString(sample.facts.id);
            QVERIFY(list.contains(id));
            QCOMPARE(run({"samples", id, "--output", file}).status, 0);
            const nmf::DataMatrix wanted = sample.make(1).V;
            const nmf::Matrix<double> found = matrixIn(path(file));
            QCOMPARE(found.rows(), wanted.rows());
            for (nmf::Index column = 0; column < wanted.cols(); ++column)
                for (nmf::Index row = 0; row < wanted.rows(); ++row)
                    QVERIFY(found(row, column) == wanted(row, column) ||
                            (std::isnan(found(row, column)) && std::isnan(wanted(row, column))));
            QCOMPARE(filesIn(m_folder.path()), QStringList({"negative.csv", file, "table.csv"}));
        }
    }

    void everySampleIsFactorized()
    {
        for (const nmf::Sample& sample : nmf::samples())
            QCOMPARE(run({"run", "sample:" + QString::fromStdString(sample.facts.id), "--max-iter", "2"}).status, 0);
    }

    void explainsItself_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("expected");
        QTest::newRow("help") << "--help"
                              << "partscope run INPUT";
        QTest::newRow("help on run") << "run --help"
                                     << "--max-iter <N>";
        QTest::newRow("help on info") << "info --help"
                                      << "INPUT";
        QTest::newRow("help on samples") << "samples -h"
                                         << "--output <FILE>";
        QTest::newRow("version") << "--version"
                                 << "partscope 0.";
        QTest::newRow("solvers") << "--list-solvers"
                                 << "hals";
    }

    void explainsItself()
    {
        QFETCH(QString, arguments);
        QFETCH(QString, expected);
        const Outcome result = run(arguments.split(' '));
        QCOMPARE(result.status, 0);
        QCOMPARE(result.errors, "");
        QVERIFY2(result.output.contains(expected), qPrintable(result.output));
    }
};

QTEST_GUILESS_MAIN(TestBatch)
#include "tst_batch.moc"
