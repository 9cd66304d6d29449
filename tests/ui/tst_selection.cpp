#include "tests/support/snapshots.h"
#include "tests/support/unknown_entries.h"
#include "ui/model/readout.h"

#include <QSignalSpy>
#include <QTest>

using namespace nmf;
using namespace nmf::ui;

namespace
{

Matrix<double> smallBasis()
{
    Matrix<double> W(2, 2);
    W << 1, 0, 0, 2;
    return W;
}

Matrix<double> smallCoefficients()
{
    Matrix<double> Ht(3, 2);
    Ht << 1, 2, 0.5, 0, 3, 1;
    return Ht;
}

Matrix<double> smallTable()
{
    Matrix<double> V(2, 3);
    V << 1.5, 0, 3, 4, 0, 1;
    return V;
}

QString textOf(const Pointed& pointed, const std::shared_ptr<const Dataset>& dataset, const Options& options = {})
{
    const auto snapshot = snapshotWith(dataset, smallBasis(), smallCoefficients(), options);
    return readout(pointed, *dataset, options, snapshot.get());
}

} // namespace

/// What is selected and pointed at, and what is said of it.
class TestSelection : public QObject
{
    Q_OBJECT

private slots:
    void oneComponentIsSelectedAlone()
    {
        Selection selection;
        QSignalSpy current(&selection, &Selection::componentChanged);
        QSignalSpy all(&selection, &Selection::componentsChanged);
        selection.selectComponent(3);
        selection.selectComponent(3);
        selection.selectComponent(1);
        QCOMPARE(selection.components(), std::vector<int>{1});
        QCOMPARE(current.size(), 2);
        QCOMPARE(all.size(), 2);
        selection.selectComponent(-1);
        QCOMPARE(selection.component(), -1);
        QVERIFY(selection.components().empty());
    }

    void moreAreAddedAndTakenOut()
    {
        Selection selection;
        selection.selectComponent(3);
        selection.toggleComponent(1);
        selection.toggleComponent(2);
        QCOMPARE(selection.components(), (std::vector<int>{3, 1, 2}));
        QCOMPARE(selection.component(), 2);
        QSignalSpy current(&selection, &Selection::componentChanged);
        selection.toggleComponent(1);
        QCOMPARE(selection.components(), (std::vector<int>{3, 2}));
        QVERIFY(current.isEmpty());
        selection.toggleComponent(2);
        QCOMPARE(selection.component(), 3);
        QCOMPARE(current.size(), 1);
        selection.selectComponent(0);
        QCOMPARE(selection.components(), std::vector<int>{0});
    }

    void severalAreSelectedAtOnceEachOnce()
    {
        Selection selection;
        QSignalSpy all(&selection, &Selection::componentsChanged);
        selection.selectComponents({4, 2, -1, 4, 3});
        QCOMPARE(selection.components(), (std::vector<int>{2, 4, 3}));
        QCOMPARE(all.size(), 1);
    }

    void samplesFeaturesAndThePointerAreToldOnce()
    {
        Selection selection;
        QSignalSpy sample(&selection, &Selection::sampleChanged), feature(&selection, &Selection::featureChanged),
            pointed(&selection, &Selection::pointedChanged);
        for (int again = 0; again < 2; ++again) {
            selection.selectSample(4);
            selection.selectFeature(5);
            selection.point({.sample = 6});
        }
        QCOMPARE(sample.size(), 1);
        QCOMPARE(feature.size(), 1);
        QCOMPARE(pointed.size(), 1);
        selection.clearComponents();
        QCOMPARE(selection.sample(), 4);
        selection.clear();
        QCOMPARE(selection.sample(), -1);
        QCOMPARE(selection.feature(), -1);
        QVERIFY(selection.pointed().nothing());
    }

    void anEntryIsSaidInFull()
    {
        auto dataset = std::make_shared<Dataset>(*problems::dataset(smallTable()));
        dataset->features = Axis::named({"gene a", "gene b"});
        dataset->samples = Axis::named({"patient 1", "patient 2", "patient 3"});
        QCOMPARE(textOf({.sample = 0, .feature = 0}, dataset),
                 QStringLiteral("gene a · patient 1 · V 1.5 · WH 1 · residual 0.5"));
        QCOMPARE(textOf({.component = 1, .sample = 2, .feature = 1}, dataset),
                 QStringLiteral("gene b · patient 3 · V 1 · WH 2 · residual −1 · component 2 · W 2 · "
                                "H 1 (2 for a basis of norm 1)"));
        QCOMPARE(textOf({.component = 1, .feature = 1}, dataset), QStringLiteral("gene b · component 2 · W 2"));
        QVERIFY(textOf({.sample = 0}, dataset).startsWith("patient 1 · relative error of the sample 11."));
        QCOMPARE(readout({.component = 0, .sample = 0, .feature = 1}, *dataset, {}, nullptr),
                 QStringLiteral("gene b · patient 1 · V 4"));
        QVERIFY(textOf({.component = 9, .sample = 9, .feature = -1}, dataset).isEmpty());
    }

    void whatHasNoNameIsCounted()
    {
        QCOMPARE(textOf({.sample = 2, .feature = 1}, problems::dataset(smallTable())),
                 QStringLiteral("feature 2 · sample 3 · V 1 · WH 2 · residual −1"));
        auto dataset = std::make_shared<Dataset>(*problems::dataset(smallTable()));
        dataset->samples = Axis::named({"7", "8", "9a"});
        dataset->samples.noun = "user";
        QCOMPARE(nameOfSample(*dataset, 1), QStringLiteral("user 8"));
        QCOMPARE(nameOfSample(*dataset, 2), QStringLiteral("9a"));
        dataset->features = Axis::pixels(1, 2);
        QVERIFY(textOf({.feature = 1}, dataset).startsWith("x 2, y 1"));
    }

    void unknownEntriesAreSaidToBe_data()
    {
        QTest::addColumn<QString>("mark");
        QTest::newRow("a missing number") << "nan";
        QTest::newRow("a weight of zero") << "weight";
        QTest::newRow("a gap of a sparse table") << "gap";
    }

    void unknownEntriesAreSaidToBe()
    {
        QFETCH(QString, mark);
        Matrix<double> known = Matrix<double>::Ones(2, 3);
        known(0, 2) = 0;
        Options options;
        std::shared_ptr<const Dataset> dataset = problems::weighted(smallTable(), known);
        if (mark == "nan")
            dataset = problems::dataset(problems::masked(smallTable(), known));
        if (mark == "gap") {
            auto sparse = std::make_shared<Dataset>(*dataset);
            sparse->weights.reset();
            sparse->V = problems::listed(smallTable(), known);
            options.unstoredUnknown = true;
            dataset = sparse;
        }
        QCOMPARE(textOf({.sample = 2, .feature = 0}, dataset, options),
                 QStringLiteral("feature 1 · sample 3 · unknown; the model says 3"));
        // A listed zero is a number.
        QVERIFY(textOf({.sample = 1, .feature = 0}, dataset, options).contains("V 0 · WH 0.5 · residual −0.5"));
        const QString without = readout({.sample = 2, .feature = 0}, *dataset, options, nullptr);
        QVERIFY(without.endsWith("· unknown"));
    }
};

QTEST_GUILESS_MAIN(TestSelection)
#include "tst_selection.moc"
