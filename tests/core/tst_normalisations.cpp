#include "tests/support/kept_as.h"
#include "tests/support/problems.h"
#include "tests/support/refusal.h"

#include "core/normalisations.h"

#include <QTest>

#include <cmath>

using namespace nmf;
using kept_as::dataset, kept_as::whole;

/// What brings samples or features to one scale: by its formula, for tables of every kind, and said.
class TestNormalisations : public QObject
{
    Q_OBJECT

    static Matrix<double> values()
    {
        Matrix<double> V(3, 4);
        V << 1, 3, 0, 2, 0, 4, 0, 1, 2, 0, 0, 5;
        return V;
    }

    /// What is expected of each, by its formula written plainly.
    static Matrix<double> expected(const QString& text)
    {
        const Matrix<double> V = values();
        if (text == "log1p")
            return (V.array() + 1).log().matrix();
        if (text == "tf-idf") {
            // In 3, 2 and 2 of the 4 samples.
            const Vector<double> idf =
                Eigen::Vector3d(std::log(5.0 / 4) + 1, std::log(5.0 / 3) + 1, std::log(5.0 / 3) + 1);
            return idf.asDiagonal() * V;
        }
        const bool ofFeatures = text.endsWith("features");
        Matrix<double> lines = ofFeatures ? Matrix<double>(V.transpose()) : V;
        for (Index j = 0; j < lines.cols(); ++j) {
            const double norm = text.startsWith("max")  ? lines.col(j).maxCoeff()
                                : text.startsWith("l1") ? lines.col(j).sum()
                                                        : lines.col(j).norm();
            if (norm > 0)
                lines.col(j) /= norm;
        }
        return ofFeatures ? Matrix<double>(lines.transpose()) : lines;
    }

private slots:
    void eachFollowsItsFormula_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("sparse");
        QTest::addColumn<bool>("single");
        for (const char* text :
             {"none", "max", "max=features", "l1", "l1=features", "l2", "l2=features", "log1p", "tf-idf"})
            for (const bool sparse : {false, true})
                for (const bool single : {false, true})
                    QTest::addRow("%s, %s, %s", text, sparse ? "sparse" : "dense", single ? "single" : "double")
                        << text << sparse << single;
    }
    void eachFollowsItsFormula()
    {
        QFETCH(QString, text);
        QFETCH(bool, sparse);
        QFETCH(bool, single);
        const Choice choice = normalisationOf(text.toStdString());
        QCOMPARE(QString::fromStdString(normalisationText(choice)), text);
        const Dataset given = dataset(values(), sparse, single), made = normalised(given, choice);
        QCOMPARE(made.V.isSparse(), sparse);
        QCOMPARE(made.V.isSingle(), single);
        QCOMPARE(made.V.stored(), given.V.stored());
        const Matrix<double> wanted = text == "none" ? values() : expected(text);
        QVERIFY((whole(made.V) - wanted).cwiseAbs().maxCoeff() < (single ? 1e-6 : 1e-14));
        QCOMPARE(made.notes.size(), given.notes.size() + (text == "none" ? 0u : 1u));
        if (text != "none")
            QVERIFY(made.notes.back().ends_with('.'));
    }

    void whatIsMissingStaysMissingAndCountsForNothing()
    {
        Matrix<double> V = values();
        V(0, 1) = std::nan("");
        for (const Normalisation& entry : normalisations()) {
            const Dataset made = normalised(dataset(V, false, false), {entry.facts.id, {}});
            QVERIFY(std::isnan(made.V(0, 1)));
            QCOMPARE(factsOf(made.V).nans, Index{1});
        }
        QCOMPARE(normalised(dataset(V, false, false), {"l1"}).V(1, 1), 1.0);
    }

    void linesOfZerosStayAndExtremesStayFinite()
    {
        Matrix<double> V = values();
        V.col(0) *= 1e307;
        V.col(1) *= 1e-310;
        for (const char* text : {"max", "l1", "l2"}) {
            const Dataset made = normalised(dataset(V, false, false), normalisationOf(text));
            const DataFacts facts = factsOf(made.V);
            QVERIFY2(facts.infinities == 0 && facts.nans == 0 && facts.maximum <= 1, text);
            QVERIFY(std::abs(made.V(1, 1) - expected(text)(1, 1)) < 1e-9);
            QCOMPARE(whole(made.V).col(2).maxCoeff(), 0.0);
        }
    }

    void whatCannotBeDoneIsSaid()
    {
        Matrix<double> V = values();
        V(1, 1) = -3;
        for (const char* id : {"log1p", "tf-idf"})
            QVERIFY(refusal([&] { normalised(dataset(V, false, false), {id}); }).contains("1 negative entry"));
        V(1, 1) = HUGE_VAL;
        QVERIFY(refusal([&] { normalised(dataset(V, false, false), {"l1"}); }).contains("1 infinite entry"));
        QVERIFY(refusal([&] { normalised(dataset(V, false, false), {"magic"}); }).contains("none, max, l1"));
        QVERIFY(refusal([&] { normalisationOf("l3"); }).contains("none, max, l1"));
        QVERIFY(refusal([&] { normalisationOf("l1=cells"); }).contains("cells"));
        QVERIFY(refusal([&] { normalisationOf("log1p=features"); }).contains("leave out"));
    }
};

QTEST_APPLESS_MAIN(TestNormalisations)
#include "tst_normalisations.moc"
