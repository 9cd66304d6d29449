#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/faults.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/next_step.h"
#include "core/terms.h"
#include "tests/support/problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace nmf;
using Severity = Fault::Severity;

namespace
{

using Edit = std::function<void(Options&)>;

std::vector<Fault> faultsIn(const Options& options, const Dataset& data)
{
    return faultsOf(options, data, factsOf(data.V));
}

std::shared_ptr<const Dataset> data()
{
    return problems::dataset(problems::uniform(9, 5, 1));
}

std::shared_ptr<const Dataset> dataWith(double value)
{
    Matrix<double> V = problems::uniform(9, 5, 1);
    V(3, 2) = value;
    return problems::dataset(V);
}

bool runs(const Options& options, const std::shared_ptr<const Dataset>& dataset)
{
    try {
        return factorize(dataset, options).factors.W.allFinite();
    } catch (const Error&) {
        return false;
    }
}

/// Records of an objective that falls by this share of itself in every iteration.
std::vector<Record> falling(int iterations, double share)
{
    std::vector<Record> history;
    for (int i = 0; i <= iterations; ++i)
        history.push_back({.iteration = i, .objective = 8 * std::pow(1 - share, i)});
    return history;
}

} // namespace

/// What is said of options before a run, and after one that ended too early.
class TestFaults : public QObject
{
    Q_OBJECT

private slots:
    void everyOptionHasASentence()
    {
        const auto explained = [](const Facts& facts) {
            QVERIFY2(!facts.name.empty() && facts.summary.ends_with('.'), facts.id.c_str());
            for (const Parameter& parameter : facts.parameters)
                QVERIFY2(!parameter.name.empty() && parameter.help.size() > 15, parameter.id.c_str());
        };
        for (const Algorithm& algorithm : algorithms())
            explained(algorithm.facts);
        for (const Loss& loss : losses())
            explained(loss.facts);
        for (const Initializer& initializer : initializers())
            explained(initializer.facts);
        for (const Term& term : terms())
            QVERIFY2(term.parameter.help.ends_with('.'), term.parameter.id.c_str());
    }

    void soundOptionsHaveNone()
    {
        QVERIFY(faultsIn(problems::with("hals", 3, 5), *data()).empty());
        QVERIFY(faultsIn(Options{}, *data()).empty());
    }

    void whatIsImpossibleIsSaidAsTheRunWouldSayIt_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("mend"); ///< one of those offered
        const auto row = [](const char* name, Edit edit, const char* sentence, const char* mend) {
            QTest::newRow(name) << std::move(edit) << QString(sentence) << QString(mend);
        };
        row(
            "rank far above the data", [](Options& o) { o.rank = 5000; }, "rank is 5000", "Take rank 5");
        row(
            "no rank", [](Options& o) { o.rank = 0; }, "at least 1", "Take rank 1");
        row(
            "penalty on W alone", [](Options& o) { o.onW.l1 = 1; }, "W alone", "Give the rows of H length one");
        row(
            "penalty on H alone", [](Options& o) { o.onH.l2 = 1; }, "H alone", "Leave out: L2 on H");
        row(
            "algorithm of another loss", [](Options& o) { o.loss.id = "kl"; }, "quadratic",
            "Take the algorithm that serves this");
        row(
            "patience for nothing", [](Options& o) { o.patience = 3; }, "none are held out",
            "Hold out 10 % of the entries");
        row(
            "constraints that contradict", [](Options& o) { o.ofW.upper = o.ofW.norm = 1; }, "upper bound",
            "Leave out: Upper bound on W");
        row(
            "gaps of what has none", [](Options& o) { o.unstoredUnknown = true; }, "is dense",
            "Take what is not stored for zero");
        row(
            "rule that knows no overlap",
            [](Options& o) {
                o.kktTolerance = 1e-4;
                o.onW = o.onH = {.l2 = 1, .overlap = 1};
            },
            "projected gradient", "Leave out the rule of the gradient");
        row(
            "locks without a start", [](Options& o) { o.lockW.components = {0}; }, "locked", "Unlock everything");
    }
    void whatIsImpossibleIsSaidAsTheRunWouldSayIt()
    {
        QFETCH(Edit, edit);
        QFETCH(QString, sentence);
        QFETCH(QString, mend);
        Options options = problems::with("hals", 3, 2);
        edit(options);
        const std::vector<Fault> faults = faultsIn(options, *data());
        QVERIFY(!faults.empty() && faults[0].severity == Severity::Impossible);
        const QString said = QString::fromStdString(faults[0].sentence);
        QVERIFY2(said.contains(sentence), qPrintable(said));
        try {
            requireConsistent(options, *data());
            QFAIL("The run would not be refused.");
        } catch (const Error& error) {
            QCOMPARE(said, QString::fromStdString(error.what()));
        }
        bool offered = false;
        QVERIFY(faults[0].mends.size() <= 3);
        for (const Mend& each : faults[0].mends) {
            Options mended = options;
            each.apply(mended);
            QVERIFY2(runs(mended, data()), each.text.c_str());
            offered = offered || QString::fromStdString(each.text).startsWith(mend);
        }
        QVERIFY2(offered, faults[0].mends.empty() ? "nothing" : faults[0].mends[0].text.c_str());
    }

    void whatTheDataForbidIsMendedInTheOptionsWhereItCanBe()
    {
        Options options = problems::with("mu", 3, 2);
        options.loss.id = "is";
        QVERIFY(faultsIn(options, *data()).empty());
        const auto zero = dataWith(0), missing = dataWith(NAN), negative = dataWith(-1);
        std::vector<Fault> faults = faultsIn(options, *zero);
        QCOMPARE(faults.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(faults[0].sentence).contains("needs positive data"));
        QVERIFY(!runs(options, zero));
        QCOMPARE(QString::fromStdString(faults[0].mends.at(0).text), QString("Take the Kullback-Leibler loss"));
        faults[0].mends[0].apply(options);
        QVERIFY(runs(options, zero));
        faults = faultsIn(options, *missing);
        QCOMPARE(QString::fromStdString(faults.at(0).mends.at(0).text), QString("Take missing entries for unknown"));
        faults[0].mends[0].apply(options);
        QVERIFY(runs(options, missing));
        QVERIFY(faultsIn(options, *missing).empty());
        // The data themselves are not repaired here.
        QVERIFY(faultsIn(problems::with("hals", 3, 2), *negative).at(0).mends.empty());
    }

    void aMendThatNeedsAnotherAlgorithmSaysWhich()
    {
        Options options = problems::with("als", 3, 2);
        options.onW.l1 = 1;
        const std::vector<Fault> faults = faultsIn(options, *data());
        const auto named = std::ranges::find_if(
            faults.at(0).mends, [](const Mend& mend) { return mend.text.find(", by ") != std::string::npos; });
        QVERIFY(named != faults[0].mends.end());
        named->apply(options);
        QVERIFY(options.algorithm.id != "als");
    }

    void zerosUnderMultiplicativeUpdatesAreFoolish()
    {
        Options options = problems::with("mu", 3, 2);
        options.initializer.id = "nndsvd";
        const std::vector<Fault> faults = faultsIn(options, *data());
        QCOMPARE(faults.size(), std::size_t{1});
        QVERIFY(faults[0].severity == Severity::Foolish && runs(options, data()));
        faults[0].mends.at(0).apply(options);
        QVERIFY(faultsIn(options, *data()).empty());
        options.initializer.id = "nndsvd";
        options.algorithm.id = "hals";
        QVERIFY(faultsIn(options, *data()).empty());
    }

    void moreComponentsThanTheStartHasAreFoolish()
    {
        Options options = problems::with("hals", 7, 2);
        const std::vector<Fault> faults = faultsIn(options, *data());
        QCOMPARE(faults.size(), std::size_t{1});
        QVERIFY(faults[0].severity == Severity::Foolish);
        // The run says the same.
        QCOMPARE(faults[0].sentence, factorize(data(), options).notes.at(0));
        QCOMPARE(faults[0].mends.size(), std::size_t{2});
        for (const Mend& mend : faults[0].mends) {
            Options mended = options;
            mend.apply(mended);
            QVERIFY(faultsIn(mended, *data()).empty());
        }
    }

    void theNextStepTellsHowFastTheObjectiveFalls()
    {
        const auto step = nextStep(Termination::IterationLimit, {}, falling(500, 0.001), 0);
        QVERIFY(step.has_value());
        QCOMPARE(step->iterations, 100);
        QVERIFY(std::abs(step->fall - (1 - std::pow(0.999, 100))) < 1e-12);
        QCOMPARE(step->more, 500);
        QCOMPARE(QString::fromStdString(sentence(*step)), QString("Still falling 9.5 % per 100 iterations"));
        // Records of another objective do not count.
        QCOMPARE(nextStep(Termination::TimeLimit, {}, falling(500, 0.001), 460)->iterations, 40);
    }

    void aboutAsManyIterationsAsWereMadeAreOffered()
    {
        for (const auto& [made, more] : std::initializer_list<std::pair<int, int>>{
                 {10, 100}, {150, 200}, {201, 500}, {1000, 1000}, {70000, 10000}})
            QCOMPARE(nextStep(Termination::IterationLimit, {}, falling(made, 1e-5), 0)->more, more);
    }

    void thereIsNoNextStepWhereNothingIsToBeGained()
    {
        QVERIFY(!nextStep(Termination::Converged, {}, falling(500, 0.001), 0));
        QVERIFY(!nextStep(Termination::Stopped, {}, falling(500, 0.001), 0));
        QVERIFY(!nextStep(Termination::IterationLimit, {}, falling(5, 0.001), 0));
        QVERIFY(!nextStep(Termination::IterationLimit, {}, falling(500, 0), 0));
        QVERIFY(!nextStep(Termination::IterationLimit, {}, falling(500, 0.001), 501));
        QVERIFY(!nextStep(Termination::IterationLimit, {.heldOut = 0.1, .patience = 3}, falling(500, 0.001), 0));
        QVERIFY(!nextStep(Termination::IterationLimit, {}, {}, 0));
    }
};

QTEST_APPLESS_MAIN(TestFaults)
#include "tst_faults.moc"
