#include "core/error.h"
#include "core/losses/losses.h"
#include "tests/support/batch_test.h"
#include "tests/support/promptly.h"
#include "tests/support/refusal.h"
#include "tests/support/study_driver.h"
#include "ui/model/command_line.h"
#include "ui/model/python_snippet.h"
#include "ui/model/result_export.h"

#include <cmath>
#include <limits>

using namespace nmf;
using namespace nmf::ui;

namespace
{

/// What each of them reaches is compared by this.
double objectiveOf(const Options& options, const Matrix<double>& V, const Matrix<double>& W, const Matrix<double>& H)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const Matrix<double> X = W * H;
    double sum = options.onW.price(W.sum(), W.squaredNorm()) + options.onH.price(H.sum(), H.squaredNorm());
    for (Index j = 0; j < V.cols(); ++j)
        for (Index i = 0; i < V.rows(); ++i)
            sum += divergence(V(i, j), X(i, j));
    return sum;
}

} // namespace

/// A run of the window is made again elsewhere: by a command line, and by scikit-learn.
class TestRepeat : public QObject, BatchTest
{
    Q_OBJECT

private slots:
    void init() { beginWithTwoTables(); }

    void aCommandLineGivesTheSameBits_data()
    {
        using Edit = std::function<void(Options&)>;
        QTest::addColumn<QString>("source");
        QTest::addColumn<Edit>("edit");
        const auto row = [](const char* name, const char* source, const Edit& edit) {
            QTest::newRow(name) << source << edit;
        };
        row("as it opens", "sample:bars", [](Options&) {});
        row("a name that a shell would cut", "it's a table.csv", [](Options& options) { options.rank = 2; });
        row("another loss and solver", "table.csv", [](Options& options) {
            options.rank = 2;
            options.loss = {"beta", {{"beta", 1.25}}};
            options.algorithm = {"mu"};
            options.initializer = {"random"};
            options.seed = 12345678901;
        });
        row("penalties and stopping", "table.csv", [](Options& options) {
            options.rank = 2;
            options.onW.l1 = 0.1;
            options.onH.l2 = 1.0 / 3;
            options.algorithm = {"hals"};
            options.tolerance = 1e-4;
            options.kktTolerance = 1e-3;
            options.maxIterations = 77;
        });
        row("a constraint, in single precision", "table.csv", [](Options& options) {
            options.rank = 2;
            options.ofW.norm = 2;
            options.onH.l1 = 0.01;
            options.algorithm = {"hals"};
            options.precision = Precision::Single;
        });
        row("entries held out", "sample:bars", [](Options& options) {
            options.heldOut = 0.1;
            options.heldOutSeed = 4;
            options.patience = 3;
            options.algorithm = suitedAlgorithm(options, true);
            options.maxIterations = 40;
        });
    }

    void aCommandLineGivesTheSameBits()
    {
        QFETCH(QString, source);
        using Edit = std::function<void(Options&)>;
        QFETCH(Edit, edit);
        QVERIFY(QFile::copy(path("table.csv"), path("it's a table.csv")));
        Study study;
        study_driver::openNow(study, source.startsWith("sample:") ? source : path(source));
        Options options = study.options();
        edit(options);
        study.setOptions(options);
        study.run();
        study_driver::settle(study);
        repeat(study);
    }

    void rowsAndColumnsThatWereExchangedAreSo()
    {
        Study study;
        study_driver::openNow(study, path("table.csv"));
        QSignalSpy changed(&study, &Study::datasetChanged);
        for (const bool transposed : {true, false, true}) {
            study.transpose();
            QVERIFY(changed.wait());
            QCOMPARE(study.transposed(), transposed);
        }
        Options options = study.options();
        options.rank = 2;
        study.setOptions(options);
        study.run();
        study_driver::settle(study);
        QVERIFY(line(study).contains(" --transpose"));
        repeat(study);
        study_driver::openNow(study, path("table.csv"));
        QVERIFY(!study.transposed() && !line(study).contains("--transpose"));
    }

    void aRunThatWasHeldOrContinuedIsRepeatedToWhereItStands()
    {
        Study study;
        study_driver::openNow(study, "sample:bars");
        study_driver::pauseInTheMiddle(study);
        repeat(study);
        Options options = study.options();
        options.maxIterations = 20;
        study.setOptions(options);
        study.restart();
        study_driver::settle(study);
        study.continueFor(15);
        QTRY_COMPARE(study_driver::iterationOf(study), 35);
        study_driver::settle(study);
        repeat(study);
    }

    void howTheFileBecameATableIsRepeated()
    {
        Study study;
        QSignalSpy opened(&study, &Study::opened);
        const ImportPlan plan{.transpose = true,
                              .missingUnknown = true,
                              .normalisation = {"l1", {{"features", 1}}},
                              .samples = {.ordered = true, .unit = "s", .first = 0, .step = 0.5}};
        study.open(path("table.csv"), plan);
        QVERIFY(opened.wait());
        study.run();
        QTRY_COMPARE(study.phase(), Study::Phase::Finished);
        QVERIFY2(line(study).contains("--transpose") && line(study).contains("--normalise l1=features") &&
                     line(study).contains("--ordered-samples s,0,0.5"),
                 qPrintable(line(study)));
        repeat(study);
        // Exchanged after that, there is no such option.
        study.transpose();
        QTRY_COMPARE(study.dataset()->V.rows(), Index{4});
        QVERIFY(refusal([&] { line(study); }).contains("exchanged"));
    }

    void whatNobodyRatedIsTheSameInBoth()
    {
        writeFile(path("list.csv"), "userId,movieId,rating\n1,1,1\n1,2,2\n1,3,3\n2,1,2\n2,4,8\n3,2,6\n3,3,9\n3,4,1\n");
        Study study;
        study_driver::openNow(study, path("list.csv"));
        for (const bool unknown : {true, false}) {
            Options options = study.options();
            QVERIFY(!unknown || options.unstoredUnknown);
            options.rank = 1;
            options.unstoredUnknown = unknown;
            study.setOptions(options);
            study.restart();
            study_driver::settle(study);
            QCOMPARE(line(study).contains(unknown ? " --zeros unknown" : " --zeros known"), true);
            repeat(study);
        }
    }

    void standardOptionsAreNotNamed()
    {
        Study study;
        study_driver::openNow(study, "sample:bars");
        QCOMPARE(commandLine({.dataset = study.dataset(), .options = study.options()}),
                 QStringLiteral("partscope run sample:bars --rank %1").arg(study.options().rank));
    }

    void whatNoCommandRepeatsIsSaid()
    {
        Study study;
        study_driver::openNow(study, path("table.csv"));
        Dataset pasted = *study.dataset();
        pasted.source.clear();
        const QString said = refusal(
            [&] { commandLine({.dataset = std::make_shared<const Dataset>(pasted), .options = study.options()}); });
        QVERIFY2(said.contains("clipboard") && said.endsWith('.'), qPrintable(said));
        ImportPlan plan;
        plan.normalisation = {"max"};
        QVERIFY(commandLine({.dataset = study.dataset(), .plan = plan, .options = study.options()})
                    .contains(" --normalise max"));
        plan = {.transpose = true, .repairs = {{"zero"}, {"floor", {{"floor", 0.5}}}}};
        QVERIFY(commandLine({.dataset = study.dataset(), .plan = plan, .options = study.options()})
                    .contains(" --transpose --zeros floor:floor=0.5 --negative zero"));
        Options given = study.options();
        given.start = std::make_shared<const Factors<double>>();
        QVERIFY(refusal([&] { commandLine({.dataset = study.dataset(), .options = given}); }).contains("--init"));
    }

    void wordsAreQuotedForAShell_data()
    {
        QTest::addColumn<QString>("word");
        for (const char* word :
             {"plain.csv", "two words", "it's", "$HOME `id` \"x\" \\ ;|&<>*?[]{}~#!", "", "über.csv"})
            QTest::newRow(word) << QString::fromUtf8(word);
    }

    void wordsAreQuotedForAShell()
    {
        QFETCH(QString, word);
        QProcess shell;
        shell.start("/bin/sh", {"-c", "printf %s " + quoted(word)});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
    }

    /// One process of Python for all of them, since it takes long to begin.
    void scikitLearnRepeatsTheFits()
    {
        if (!pythonHasScikitLearn())
            QSKIP("There is no Python with scikit-learn.");
        writeFile(path("data.csv"), "g,a,b,c,d,e\nr,1,2,3,4,1\ns,4,5,6.5,1,2\nt,7,8,10,3,2\nu,2,1,1,5,9\n");
        const std::vector<Fit> all = fits();
        std::vector<std::shared_ptr<const Snapshot>> snapshots;
        QString code = "import os, numpy as np\nhome = os.getcwd()\n";
        for (const Fit& fit : all) {
            snapshots.push_back(made(fit));
            code += QStringLiteral("os.chdir(home + '/%1')\nspace = {}\nexec(open('fit.py').read(), space)\n"
                                   "np.save('W_sk.npy', space['W'])\nnp.save('H_sk.npy', space['H'])\n")
                        .arg(fit.name);
        }
        writeScriptOfATurnedArray();
        code += "os.chdir(home)\nexec(open('copied.py').read())\nassert V.shape == (3, 4)\n";
        exportSparseTable();
        code += "os.chdir('sparse')\nexec(open('fit.py').read())\nos.chdir(home)\n"
                "exact = np.linalg.norm(V.toarray() - W @ H) / np.linalg.norm(V.toarray())\n"
                "assert abs(error - exact) < 1e-9 and abs(error - expected) < 1e-6, (error, exact)\n";
        code.prepend(QStringLiteral("expected = %1\n").arg(m_sparseError, 0, 'g', 17));
        exportUnknownEntries();
        code += "os.chdir('unknown')\nexec(open('fit.py').read())\nassert np.isfinite(W).all()\n";
        runPython(code);
        for (std::size_t i = 0; i < all.size(); ++i)
            compare(all[i], *snapshots[i]);
    }

private:
    static QString line(const Study& study)
    {
        return commandLine({.dataset = study.dataset(),
                            .plan = study.plan(),
                            .options = study.snapshot() ? study.snapshot()->options : study.options(),
                            .snapshot = study.snapshot()});
    }

    /// Runs the study's command line in a shell and compares what comes out with what the study shows.
    void repeat(const Study& study)
    {
        const QString command = line(study);
        QVERIFY(command.startsWith("partscope run "));
        QProcess shell;
        shell.setWorkingDirectory(m_folder.path());
        shell.start("/bin/sh", {"-c", quoted(PARTSCOPE_PROGRAM) + command.mid(9) + " --quiet --output repeated"});
        QVERIFY(shell.waitForFinished());
        QVERIFY2(shell.exitCode() == 0, qPrintable(command + "\n" + shell.readAllStandardError()));
        QVERIFY2(matrixIn(path("repeated/W.npy")) == *study.snapshot()->W, qPrintable(command));
        QVERIFY2(matrixIn(path("repeated/H.npy")) == study.snapshot()->Ht->transpose(), qPrintable(command));
    }

    static bool pythonHasScikitLearn()
    {
        QProcess python;
        python.start("/usr/bin/python3", {"-c", "import importlib.util as u; assert u.find_spec('sklearn')"});
        return python.waitForFinished() && python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0;
    }

    void runPython(const QString& code)
    {
        QProcess python;
        python.setWorkingDirectory(m_folder.path());
        python.start("/usr/bin/python3", {"-W", "ignore", "-c", code});
        QVERIFY(python.waitForFinished(60000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
    }

    /// A fit that scikit-learn shall repeat.
    struct Fit
    {
        QString name;   ///< of the folder too
        double allowed; ///< relative difference of the objectives; none: what it has not is left out, and said
        QString said;   ///< by the script
        std::function<void(Options&)> edit;
    };

    static std::vector<Fit> fits()
    {
        constexpr double any = std::numeric_limits<double>::infinity();
        return {{"multiplicative", 1e-8, "", [](Options& options) { options.algorithm = {"mu"}; }},
                {"sweeps", 1e-6, "", [](Options& options) { options.algorithm = {"hals"}; }},
                {"automatic", 1e-2, "nearest is cd", [](Options&) {}},
                {"kullback-leibler", 1e-6, "",
                 [](Options& options) {
                     options.loss = {"kl"};
                     options.algorithm = {"mu"};
                 }},
                {"elastic-net", 1e-5, "",
                 [](Options& options) {
                     options.algorithm = {"hals"};
                     options.balanced = false;
                     options.onW = elasticNet(0.002, 0.25, 5);
                     options.onH = elasticNet(0.001, 0.25, 4);
                 }},
                {"other-shares", any, "another share",
                 [](Options& options) {
                     options.algorithm = {"hals"};
                     options.onW.l1 = options.onH.l2 = 0.01;
                 }},
                {"sparseness", any, "sparseness-h 0.5", [](Options& options) {
                     options.ofH.sparseness = 0.5;
                     options.algorithm = suitedAlgorithm(options, false);
                 }}};
    }

    /// Makes the fit and exports it into a folder of its name.
    std::shared_ptr<const Snapshot> made(const Fit& fit, const QString& data = "data.csv")
    {
        Study study;
        study_driver::openNow(study, path(data));
        Options options = study.options();
        options.rank = 2;
        options.initializer = {"random"};
        fit.edit(options);
        options.maxIterations = 60;
        options.tolerance = 0;
        study.setOptions(options);
        study.run();
        study_driver::settle(study);
        write({.snapshot = study.snapshot(), .forPython = true, .folder = path(fit.name).toStdString()}, {});
        return study.snapshot();
    }

    void compare(const Fit& fit, const Snapshot& snapshot)
    {
        const QString script = contents(path(fit.name + "/fit.py"));
        QVERIFY2(script.contains(fit.said), qPrintable(script));
        QCOMPARE(script.contains("has no such option"), !std::isfinite(fit.allowed));
        const Options& options = snapshot.options;
        const Matrix<double> V = matrixIn(path("data.csv"));
        const double ours = objectiveOf(options, V, *snapshot.W, snapshot.Ht->transpose()),
                     theirs = objectiveOf(options, V, matrixIn(path(fit.name + "/W_sk.npy")),
                                          matrixIn(path(fit.name + "/H_sk.npy")));
        QVERIFY2(std::abs(theirs / ours - 1) <= fit.allowed,
                 qPrintable(QStringLiteral("%1: %2, scikit-learn %3").arg(fit.name).arg(ours, 0, 'g', 12).arg(theirs)));
        // The proof that the comparison can fail: the start is far away.
        const Factors<double> start = startOf(snapshot.dataset, options);
        QVERIFY(std::abs(objectiveOf(options, V, start.W, start.Ht.transpose()) / ours - 1) > 0.05);
    }

    void exportSparseTable()
    {
        writeFile(path("s.mtx"), "%%MatrixMarket matrix coordinate real general\n4 3 6\n1 1 1\n2 2 2\n3 3 3\n1 3 1\n"
                                 "4 1 2\n4 2 1\n");
        const auto snapshot = made({"sparse", 1, "", [](Options& options) { options.algorithm = {"hals"}; }}, "s.mtx");
        QVERIFY(snapshot->dataset->V.isSparse());
        QCOMPARE(filesIn(path("sparse")),
                 QStringList({"H.npy", "V.npz", "W.npy", "fit.py", "manifest.json", "start.npz"}));
        m_sparseError = snapshot->record.relativeError;
    }

    double m_sparseError = 0;

    /// scikit-learn takes no NaN: the script fills them in, and says so.
    void exportUnknownEntries()
    {
        writeFile(path("gap.csv"), "1,2,3\n4,,6\n7,8,10\n2,0,1\n");
        Study study;
        study_driver::openNow(study, path("gap.csv"));
        study.step();
        study_driver::settle(study);
        write({.snapshot = study.snapshot(), .forPython = true, .folder = path("unknown").toStdString()}, {});
        QVERIFY(contents(path("unknown/fit.py")).contains("Left out"));
    }

    /// What is copied reads an array from its own file, turned as the window had turned it.
    void writeScriptOfATurnedArray()
    {
        saveNpy(path("a \"b\" 5%6.npy").toStdString(), matrixIn(path("table.csv")));
        Study study;
        study_driver::openNow(study, path("a \"b\" 5%6.npy"));
        QSignalSpy changed(&study, &Study::datasetChanged);
        study.transpose();
        QVERIFY(changed.wait());
        study.step();
        study_driver::settle(study);
        write({.snapshot = study.snapshot(), .forPython = true, .folder = path("out").toStdString()}, {});
        QVERIFY(QFile::remove(path("out/V.npy")));
        const PythonFiles files = pythonFiles(*study.dataset(), study.transposed(), path("out/start.npz"));
        writeFile(path("copied.py"), pythonSnippet(*study.snapshot(), files).toUtf8());
    }
};

QTEST_GUILESS_MAIN(TestRepeat)
#include "tst_repeat.moc"
