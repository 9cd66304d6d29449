#include "tests/support/batch_test.h"

#include <QJsonArray>

#include <cmath>
#include <limits>

/// Unknown, weighted and held-out entries, as somebody in a terminal asks for them.
class TestBatchMissing : public QObject, BatchTest
{
    Q_OBJECT

    Outcome run(const QStringList& arguments) const { return BatchTest::run(QStringList{"run"} + arguments); }

    QJsonObject report(const QStringList& arguments) const
    {
        const Outcome result = run(arguments + QStringList{"--json"});
        if (result.status != 0)
            qWarning("%s", qPrintable(result.errors));
        return result.report();
    }

    static QString notesOf(const QJsonObject& report)
    {
        QStringList notes;
        for (const QJsonValue& note : report["notes"].toArray())
            notes << note.toString();
        return notes.join(' ');
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        // Rank one but for one entry, which is unknown: 2·(1 2 3), 4·(…), …
        writeFile(path("gap.csv"), "a,b,c\n1,2,3\n2,nan,6\n3,6,9\n4,8,12\n");
        writeFile(path("spoilt.csv"), "a,b,c\n1,2,3\n2,99,6\n3,6,9\n4,8,12\n");
        writeFile(path("holes.csv"), "a,b,c\n1,2,3\n2,0,6\n3,6,9\n4,8,12\n");
        writeFile(path("signs.csv"), "a,b\n1,-2\n0,4\n-0.5,3\n");
        writeFile(path("weights.csv"), "a,b,c\n1,1,2\n1,0,1\n0.5,1,1\n1,1,1\n");
        writeFile(path("ratings.mtx"),
                  "%%MatrixMarket matrix coordinate real general\n4 3 8\n1 1 1\n2 1 2\n3 1 3\n1 2 2\n"
                  "4 2 8\n2 3 6\n3 3 9\n4 3 12\n");
        writeFile(path("list.csv"), "userId,movieId,rating\n1,1,1\n1,2,2\n1,3,3\n2,1,2\n2,4,8\n3,2,6\n3,3,9\n"
                                    "3,4,12\n");
    }

    void missingEntriesAreRefusedUnlessTheyMayBeUnknown()
    {
        const Outcome refused = run({"gap.csv", "--rank", "1"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains("row 2, column 2"), qPrintable(refused.errors));
        const QJsonObject told =
            report({"gap.csv", "--rank", "1", "--missing", "nan", "--tol", "0", "--output", "gap"});
        QVERIFY(told["relative_error"].toDouble() < 1e-7);
        QCOMPARE(told["options"].toObject()["missing"].toString(), "nan");
        QVERIFY(told["minimised"].toString().contains("known entries"));
        QVERIFY(told["held_out"].isNull());
        const nmf::Matrix<double> W = matrixIn(path("gap/W.npy")), H = matrixIn(path("gap/H.npy"));
        QVERIFY(std::abs((W * H)(1, 1) - 4) < 1e-5);
    }

    void weightsComeFromATable()
    {
        const QJsonObject told =
            report({"spoilt.csv", "--rank", "1", "--weights", "weights.csv", "--tol", "0", "--output", "weighted"});
        QVERIFY(told["relative_error"].toDouble() < 1e-7);
        QCOMPARE(told["options"].toObject()["weights"].toString(), "weights.csv");
        QCOMPARE(told["options"].toObject()["solver"].toString(), "ehals");
        QVERIFY(std::abs((matrixIn(path("weighted/W.npy")) * matrixIn(path("weighted/H.npy")))(1, 1) - 4) < 1e-5);
        // Both tables are turned.
        const QJsonObject turned =
            report({"spoilt.csv", "--rank", "1", "--weights", "weights.csv", "--tol", "0", "--transpose"});
        QVERIFY(turned["relative_error"].toDouble() < 1e-7);
        const Outcome refused = run({"ratings.mtx", "--rank", "1", "--weights", "gap.csv"});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.errors.contains("weight in row 2, column 2"), qPrintable(refused.errors));
    }

    void whatASparseTableDoesNotListMayBeUnknown()
    {
        const QJsonObject zeros = report({"ratings.mtx", "--rank", "1"});
        QVERIFY(zeros["relative_error"].toDouble() > 0.1);
        for (const QString loss : {"frobenius", "kl"}) {
            const QJsonObject told = report(
                {"ratings.mtx", "--rank", "1", "--zeros", "unknown", "--loss", loss, "--tol", "0", "--output", loss});
            QVERIFY(told["relative_error"].toDouble() < 1e-6);
            const nmf::Matrix<double> X = matrixIn(path(loss + "/W.npy")) * matrixIn(path(loss + "/H.npy"));
            QVERIFY(std::abs(X(1, 1) - 4) < 1e-4 && std::abs(X(0, 2) - 3) < 1e-4);
        }
    }

    void whatNobodyRatedIsUnknownUnlessItIsSaidToBeZero()
    {
        const QStringList task{"list.csv", "--rank", "1", "--tol", "0"};
        const QJsonObject told = report(task);
        QVERIFY(told["relative_error"].toDouble(1) < 1e-6);
        QCOMPARE(told["options"].toObject()["zeros"].toString(), "unknown");
        QVERIFY(notesOf(told["input"].toObject()).contains("What nobody rated is unknown"));
        QVERIFY(run(task).output.contains("What nobody rated is unknown"));
        const QJsonObject zeros = report(task + QStringList{"--zeros", "known"});
        QVERIFY(zeros["relative_error"].toDouble() > 0.1);
        QCOMPARE(zeros["options"].toObject()["zeros"].toString(), "known");
        QVERIFY(notesOf(zeros["input"].toObject()).contains("taken for zero"));
        QVERIFY(!run(task + QStringList{"--zeros", "known"}).output.contains("nobody rated"));
        // What looks at the whole table says how to have one.
        const Outcome refused = run(task + QStringList{"--compare"});
        QVERIFY2(refused.status == 1 && refused.errors.contains("--zeros known"), qPrintable(refused.errors));
        const QJsonObject about = BatchTest::run({"info", "list.csv", "--json"}).report();
        QCOMPARE(about["import"].toObject()["zeros"].toObject()["id"].toString(), "unknown");
        QVERIFY(notesOf(about).contains("What nobody rated is unknown"));
    }

    void negativeEntriesAreRepairedAsAsked()
    {
        for (const auto& [way, rows] : {std::pair("zero", 3), {"shift", 3}, {"absolute", 3}, {"split", 6}}) {
            const QJsonObject told = report({"signs.csv", "--rank", "1", "--negative", way});
            QCOMPARE(told["options"].toObject()["negative"].toString(), way);
            QCOMPARE(told["shapes"].toObject()["V"].toArray()[0].toInt(), rows);
            QVERIFY(
                notesOf(told["input"].toObject()).contains(QString(way) == "shift" ? "smallest entry" : "negative"));
        }
        const Outcome refused = BatchTest::run({"transform", "nowhere", "signs.csv", "--negative", "shift"});
        QVERIFY2(refused.status == 1 && refused.errors.contains("The shift of negative entries"),
                 qPrintable(refused.errors));
    }

    void zerosOfADenseTableAreRepairedAsAsked()
    {
        const QStringList task{"holes.csv", "--rank", "1", "--loss", "is", "--max-iter", "2000", "--tol", "0"};
        const QJsonObject unknown = report(task + QStringList{"--zeros", "unknown", "--output", "holes"});
        QVERIFY(unknown["objective"].toDouble(1) < 1e-9);
        QVERIFY(std::abs((matrixIn(path("holes/W.npy")) * matrixIn(path("holes/H.npy")))(1, 1) - 4) < 1e-3);
        const QJsonObject raised = report(task + QStringList{"--zeros", "floor=0.5"});
        QCOMPARE(raised["options"].toObject()["zeros"].toString(), "floor:floor=0.5");
        QVERIFY(raised["input"].toObject()["notes"].toArray().last().toString().contains("0.5"));
        QVERIFY(raised["objective"].toDouble() > 0.1);
    }

    void heldOutEntriesAreReported()
    {
        const QStringList arguments{"sample:bars", "--held-out", "0.1", "--max-iter", "20"};
        const QJsonObject told = report(arguments), again = report(arguments + QStringList{"--threads", "1"});
        const QJsonObject heldOut = told["held_out"].toObject();
        QVERIFY(heldOut["rmse"].toDouble() > 0 && heldOut["relative_error"].toDouble() > 0);
        QCOMPARE(heldOut["rmse_by_iteration"].toArray().size(), 5);
        QCOMPARE(again["held_out"].toObject(), heldOut);
        const QJsonObject other = report(arguments + QStringList{"--held-out-seed", "2"});
        QVERIFY(other["held_out"].toObject()["rmse"] != heldOut["rmse"]);
        QVERIFY(run(arguments).output.contains("held-out entries: root mean square error"));
        const QJsonObject stopped = report({"sample:bars", "--rank", "40", "--held-out", "0.2", "--patience", "1",
                                            "--max-iter", "5000", "--output", "early"});
        QCOMPARE(stopped["stopped_because"].toString(), "held-out");
        QFile table(m_folder.filePath("early/loss.csv"));
        QVERIFY(table.open(QIODevice::ReadOnly));
        QCOMPARE(table.readAll().count('\n'), stopped["iterations"].toInt() + 2);
    }

    void earlyStoppingIsOneWord()
    {
        const QStringList arguments{"sample:bars", "--rank", "40", "--max-iter", "33", "--tol", "0"};
        const QJsonObject usual = report(arguments + QStringList{"--early-stopping"});
        QCOMPARE(usual["options"].toObject()["held_out"].toDouble(), 0.05);
        QCOMPARE(usual["options"].toObject()["patience"].toInt(), 10);
        const QJsonObject own = report(arguments + QStringList{"--early-stopping", "--held-out", "0.2"});
        QCOMPARE(own["options"].toObject()["held_out"].toDouble(), 0.2);
        QCOMPARE(own["options"].toObject()["patience"].toInt(), 10);
        // The run is told to end at the limit, and its factors are those of the best look.
        for (const QJsonObject& told : {usual, own}) {
            int best = 0;
            double least = std::numeric_limits<double>::max();
            for (const QJsonValue look : told["held_out"].toObject()["rmse_by_iteration"].toArray())
                // A gain of less than this share of the loss is none.
                if (look[1].toDouble() < least * std::sqrt(1 - 1e-4)) {
                    best = look[0].toInt();
                    least = look[1].toDouble();
                }
            QCOMPARE(told["iterations"].toInt(), best);
            QCOMPARE(told["held_out"].toObject()["rmse"].toDouble(), least);
        }
    }

    void mistakesAreRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const QString& text, const QString& said) {
            QTest::newRow(name) << text.split(' ') << said;
        };
        row("word for missing", "gap.csv --missing zero", "nan or refuse");
        row("word for zeros", "ratings.mtx --zeros nan", "known, unknown, floor");
        row("floor of a sparse table", "ratings.mtx --zeros floor=0.1", "sparse");
        row("floor of nothing", "holes.csv --zeros floor", "floor=0.001");
        row("zeros under Itakura-Saito", "holes.csv --loss is --rank 1", "--zeros unknown, floor");
        row("negative entries", "signs.csv --rank 1", "--negative zero, shift, absolute, split");
        row("word for negative entries", "signs.csv --rank 1 --negative drop", "refuse, zero, shift, absolute, split");
        row("share", "spoilt.csv --held-out 1", "--held-out");
        row("patience alone", "spoilt.csv --patience 3 --rank 1", "held out");
        row("solver", "gap.csv --missing nan --solver als --rank 1", "choose ehals, ahals, hals, bpp, mu");
        row("sparse zeros held out", "ratings.mtx --held-out 0.1 --rank 1 --loss beta=1.5", "zeros");
        row("no such weights", "spoilt.csv --weights nowhere.csv", "nowhere.csv");
    }
    void mistakesAreRefused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, said);
        const Outcome result = run(arguments);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.errors.contains(said), qPrintable(result.errors));
        QCOMPARE(result.errors.count('\n'), 1);
    }
};

QTEST_GUILESS_MAIN(TestBatchMissing)
#include "tst_batch_missing.moc"
