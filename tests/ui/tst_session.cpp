#include "core/losses/losses.h"
#include "core/terms.h"
#include "tests/support/saved_sessions.h"

#include <QJsonArray>
#include <QProcess>
#include <QTest>

#include <cmath>
#include <functional>
#include <random>

using namespace nmf;
using namespace nmf::ui;
using namespace session_files;
using namespace saved_sessions;

namespace
{

/// With all that an axis, weights and true parts can have.
std::shared_ptr<const Dataset> richData()
{
    auto dataset = std::make_shared<Dataset>();
    dataset->title = "spectra “of” ½ things";
    dataset->source = "/nowhere/spectra.csv";
    Matrix<double> V = Matrix<double>::Random(6, 5).cwiseAbs();
    V(1, 2) = std::nan("");
    dataset->V = V;
    dataset->features.kind = Axis::Kind::Ordered;
    dataset->features.positions = {400.1, 410.25, 1.0 / 3, 1e-300, 7e300, 9};
    dataset->features.unit = "nm";
    dataset->features.noun = "wavelength";
    dataset->samples = Axis::named({"a", "b", "", "d\"e", "ß"});
    dataset->notes = {"read", "and turned"};
    dataset->weights = DataMatrix(Matrix<double>(Matrix<double>::Random(6, 5).cwiseAbs()));
    dataset->truth = std::make_shared<const Factors<double>>(
        Factors<double>{Matrix<double>::Random(6, 2).cwiseAbs(), Matrix<double>::Random(5, 2).cwiseAbs()});
    return dataset;
}

/// Every option is another than usual.
Options unusualOptions(Index rows, Index columns)
{
    Options options{.rank = 3,
                    .loss = {"beta", {{"beta", 1.5}}},
                    .algorithm = {"mu"},
                    .initializer = {"random"},
                    .balanced = false,
                    .seed = 0x8123456789abcdefu,
                    .maxIterations = 123,
                    .tolerance = 1.0 / 3e5,
                    .kktTolerance = 1e-7,
                    .stepTolerance = 2e-7,
                    .connectivityLooks = 40,
                    .nanUnknown = true,
                    .unstoredUnknown = true,
                    .heldOut = 0.125,
                    .heldOutSeed = 99,
                    .patience = 11,
                    .timeLimit = 3.5,
                    .precision = Precision::Single,
                    .threads = 3};
    options.start = std::make_shared<const Factors<double>>(
        Factors<double>{Matrix<double>::Random(rows, 3).cwiseAbs(), Matrix<double>::Random(columns, 3).cwiseAbs()});
    double value = 0.01;
    for (const Term& term : terms())
        term.of(options) = std::clamp(value += 0.01, term.parameter.minimum, term.parameter.maximum);
    options.lockW.components = {0, 2};
    options.lockW.soft = {{1, 0.05}};
    options.lockH.components = {1};
    Mask mask = Mask::Constant(rows, 3, false), other = Mask::Constant(columns, 3, true);
    mask(1, 2) = true;
    other(0, 1) = false;
    options.lockW.entries = std::make_shared<const Mask>(mask);
    options.lockH.entries = std::make_shared<const Mask>(other);
    return options;
}

void verifySameOptions(const Options& one, const Options& other)
{
    QCOMPARE(other.rank, one.rank);
    QVERIFY(other.loss == one.loss && other.algorithm == one.algorithm && other.initializer == one.initializer);
    QVERIFY(same(other.start->W, one.start->W) && same(other.start->Ht, one.start->Ht));
    QVERIFY(other.onW == one.onW && other.onH == one.onH && other.ofW == one.ofW && other.ofH == one.ofH);
    QVERIFY(other.together == one.together);
    QVERIFY(other.lockW.soft == one.lockW.soft && other.lockH.soft == one.lockH.soft);
    QVERIFY(other.lockW.components == one.lockW.components && other.lockH.components == one.lockH.components);
    QVERIFY(*other.lockW.entries == *one.lockW.entries && *other.lockH.entries == *one.lockH.entries);
    QCOMPARE(other.balanced, one.balanced);
    QCOMPARE(other.seed, one.seed);
    QCOMPARE(other.maxIterations, one.maxIterations);
    QVERIFY(other.tolerance == one.tolerance && other.kktTolerance == one.kktTolerance);
    QVERIFY(other.stepTolerance == one.stepTolerance && other.connectivityLooks == one.connectivityLooks);
    QVERIFY(other.nanUnknown == one.nanUnknown && other.unstoredUnknown == one.unstoredUnknown);
    QVERIFY(other.heldOut == one.heldOut && other.heldOutSeed == one.heldOutSeed && other.patience == one.patience);
    QVERIFY(other.timeLimit == one.timeLimit && other.precision == one.precision && other.threads == one.threads);
}

/// Puts `value` in place of every field in turn, and tries what that makes.
void forEachField(const QJsonObject& object, const QJsonValue& value, const std::function<void(QJsonObject)>& attempt)
{
    for (auto field = object.begin(); field != object.end(); ++field) {
        QJsonObject changed = object;
        changed[field.key()] = value;
        attempt(changed);
        if (field.value().isObject())
            forEachField(field.value().toObject(), value, [&](const QJsonObject& inner) {
                QJsonObject outer = object;
                outer[field.key()] = inner;
                attempt(outer);
            });
    }
}

} // namespace

Q_DECLARE_METATYPE(std::function<SavedSession()>)

/// What is saved is opened again the same; what is damaged or odd is refused with a sentence.
class TestSession : public QObject, saved_sessions::SessionFolder
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyFieldSurvives();
    void everyOptionSurvives();
    void everyPartOfThePlanSurvives();
    void aRoundTripGivesTheSameBytes_data();
    void aRoundTripGivesTheSameBytes();
    void whatIsSparseStaysSparse_data();
    void whatIsSparseStaysSparse();
    void aNewerVersionIsRefused();
    void whatALaterVersionAddedSurvives();
    void whatNobodyKnowsGivesWayToAnArrayOfItsName();
    void aCutFileIsRefused();
    void aChangedByteIsRefusedOrOfNoConsequence();
    void aWrongFieldIsRefusedOrOfNoConsequence();
    void aMissingArrayIsRefused();
    void anArrayOfAnotherShapeIsRefused();
    void anotherArchiveIsNoSession();
    void numpyReadsIt();
};

void TestSession::initTestCase()
{
    QVERIFY(m_folder.isValid());
    useOwnSettings(m_folder);
}

void TestSession::everyFieldSurvives()
{
    Options options = plain();
    options.rank = 2;
    options.nanUnknown = true;
    options.algorithm = suitedAlgorithm(options, true);
    const SavedSession before = sessionOf(richData(), options);
    save(before, "every.partscope");
    const SavedSession after = open("every.partscope");
    const Dataset &one = *before.dataset, &other = *after.dataset;
    QCOMPARE(other.title, one.title);
    QCOMPARE(other.source, one.source);
    QVERIFY(same(*other.V.dense<double>(), *one.V.dense<double>()));
    QVERIFY(same(other.features, one.features) && same(other.samples, one.samples));
    QVERIFY(other.notes == one.notes);
    QVERIFY(same(*other.weights->dense<double>(), *one.weights->dense<double>()));
    QVERIFY(same(other.truth->W, one.truth->W) && same(other.truth->Ht, one.truth->Ht));
    QVERIFY(same(*after.reached->W, *before.reached->W) && same(*after.reached->Ht, *before.reached->Ht));
    QVERIFY(after.reached->ended == before.reached->ended);
    QCOMPARE(after.reached->endSentence, before.reached->endSentence);
    QVERIFY(after.reached->notes == before.reached->notes);
    QCOMPARE(after.reached->comparableFrom, before.reached->comparableFrom);
    QCOMPARE(after.reached->iterationLimit, before.reached->iterationLimit);
    QCOMPARE(after.runs.size(), before.runs.size());
    for (std::size_t i = 0; i < after.runs.size(); ++i) {
        QCOMPARE(after.runs[i].number, before.runs[i].number);
        QCOMPARE(after.runs[i].title, before.runs[i].title);
        QCOMPARE(after.runs[i].records.size(), before.runs[i].records.size());
        for (std::size_t r = 0; r < after.runs[i].records.size(); ++r) {
            const Record &a = after.runs[i].records[r], &b = before.runs[i].records[r];
            QVERIFY(a.iteration == b.iteration && a.objective == b.objective && a.relativeError == b.relativeError &&
                    a.seconds == b.seconds && a.scaledObjective == b.scaledObjective);
        }
    }
    QVERIFY(after.names == before.names && after.view == before.view && after.savedAs == before.savedAs);
}

void TestSession::everyOptionSurvives()
{
    SavedSession session;
    session.dataset = richData();
    session.options = unusualOptions(6, 5);
    save(session, "options.partscope");
    verifySameOptions(session.options, open("options.partscope").options);
}

void TestSession::everyPartOfThePlanSurvives()
{
    SavedSession session;
    session.dataset = richData();
    ImportPlan& plan = session.plan;
    plan.member = "cube";
    plan.transpose = plan.missingUnknown = plan.infiniteUnknown = plan.columnMajor = true;
    plan.repairs = {{"shift"}, {"floor", {{"floor", 0.5}}}};
    plan.normalisation = {"l2", {{"features", 1}}};
    plan.height = 7;
    plan.width = 8;
    plan.channels = 3;
    plan.pictures = ImportPlan::Pictures::Pixels;
    plan.patchSize = 9;
    plan.patchStride = 5;
    plan.patchCount = 100;
    plan.patchSeed = 12;
    plan.otherSizes = ImportPlan::OtherSizes::Resize;
    plan.longestSide = 64;
    plan.weights = "/some/wëights.npy";
    plan.bandsLast = plan.exchanged = true;
    plan.features = {.ordered = true, .unit = "nm", .first = 400, .step = 2.5};
    plan.samples = {.ordered = true, .unit = "s", .first = -1, .step = 0.1};
    save(session, "plan.partscope");
    const ImportPlan after = open("plan.partscope").plan;
    QCOMPARE(after.member, plan.member);
    QVERIFY(after.transpose && after.missingUnknown && after.infiniteUnknown && after.columnMajor);
    QVERIFY(after.repairs.negative == plan.repairs.negative && after.repairs.zeros == plan.repairs.zeros);
    QVERIFY(after.normalisation == plan.normalisation);
    QVERIFY(after.height == 7 && after.width == 8 && after.channels == 3);
    QVERIFY(after.pictures == plan.pictures && after.otherSizes == plan.otherSizes);
    QVERIFY(after.patchSize == 9 && after.patchStride == 5 && after.patchCount == 100 && after.patchSeed == 12);
    QCOMPARE(after.longestSide, Index{64});
    QVERIFY(after.weights == plan.weights);
    QVERIFY(after == plan);
}

void TestSession::aRoundTripGivesTheSameBytes_data()
{
    QTest::addColumn<std::function<SavedSession()>>("make");
    const auto add = [](const char* name, std::function<SavedSession()> make) { QTest::newRow(name) << make; };
    add("pictures", barsSession);
    add("sparse", [] { return sessionOf(sparseData(false), plain()); });
    add("sparse, single", [] { return sessionOf(sparseData(true), plain()); });
    add("nothing computed", [] {
        SavedSession session;
        session.dataset = bars();
        return session;
    });
    add("unusual options, missing entries", [] {
        SavedSession session;
        session.dataset = richData();
        session.options = unusualOptions(6, 5);
        return session;
    });
}

void TestSession::aRoundTripGivesTheSameBytes()
{
    QFETCH(std::function<SavedSession()>, make);
    save(make(), "first.partscope");
    save(open("first.partscope"), "second.partscope");
    const QByteArray first = contents(path("first.partscope"));
    QVERIFY(!first.isEmpty());
    QVERIFY(first == contents(path("second.partscope")));
}

void TestSession::whatIsSparseStaysSparse_data()
{
    QTest::addColumn<bool>("single");
    QTest::newRow("double") << false;
    QTest::newRow("single") << true;
}

void TestSession::whatIsSparseStaysSparse()
{
    QFETCH(bool, single);
    SavedSession session;
    auto dataset = std::make_shared<Dataset>(*sparseData(single));
    dataset->weights = dataset->V;
    session.dataset = dataset;
    save(session, "sparse.partscope");
    const SavedSession opened = open("sparse.partscope");
    for (const DataMatrix* after : {&opened.dataset->V, &*opened.dataset->weights}) {
        QVERIFY(after->isSparse());
        QCOMPARE(after->isSingle(), single);
        // A zero that was listed is one still.
        QCOMPARE(after->stored(), dataset->V.stored());
        QVERIFY(Matrix<double>(*after->sparse<double>()) == Matrix<double>(*dataset->V.sparse<double>()));
    }
}

void TestSession::aNewerVersionIsRefused()
{
    save(barsSession(), "new.partscope");
    QJsonObject json = jsonOf(path("new.partscope"));
    json["version"] = 2;
    json["options"] = "something else altogether";
    writeWith(json, membersOf(path("new.partscope")), path("new.partscope"));
    const QString said = refusalOf("new.partscope");
    QVERIFY2(said.contains("newer Partscope") && said.contains("version 2") &&
                 said.endsWith("update Partscope to open it."),
             qPrintable(said));
}

void TestSession::whatALaterVersionAddedSurvives()
{
    save(barsSession(), "later.partscope");
    QJsonObject json = jsonOf(path("later.partscope"));
    const auto put = [](QJsonObject object, const QStringList& place) {
        const std::function<QJsonObject(QJsonObject, QStringList)> into = [&](QJsonObject here, QStringList rest) {
            if (rest.isEmpty())
                here["colour"] = QJsonArray{1, "zwei", QJsonObject{{"deep", true}}};
            else {
                const QString key = rest.takeFirst();
                here[key] = into(here[key].toObject(), rest);
            }
            return here;
        };
        return into(object, place);
    };
    const QList<QStringList> places{{}, {"data"}, {"data", "features"}, {"options"}, {"reached"}, {"runs", "3"}};
    for (const QStringList& place : places)
        json = put(json, place);
    auto members = membersOf(path("later.partscope"));
    members.push_back({"later/array.npy", std::string("whatever\0it is", 14)});
    writeWith(json, members, path("later.partscope"));
    SavedSession session = open("later.partscope");
    save(session, "again.partscope");
    QCOMPARE(jsonOf(path("again.partscope")), json);
    QCOMPARE(membersOf(path("again.partscope")).back().bytes, members.back().bytes);
    // What is gone does not come back with what was unknown of it.
    session.runs.erase(session.runs.begin(), session.runs.end());
    session.reached.reset();
    save(session, "less.partscope");
    QVERIFY(open("less.partscope").runs.empty());
    QVERIFY(jsonOf(path("less.partscope"))["runs"].toObject().isEmpty());
}

void TestSession::whatNobodyKnowsGivesWayToAnArrayOfItsName()
{
    SavedSession session = barsSession();
    session.unknownMembers = {{"W.npy", "of a session that had no factors yet"}, {"other.npy", "kept"}};
    save(session, "names.partscope");
    const SavedSession after = open("names.partscope");
    QVERIFY(same(*after.reached->W, *session.reached->W));
    QCOMPARE(after.unknownMembers.size(), std::size_t{1});
    QCOMPARE(after.unknownMembers.front().name, std::string("other.npy"));
    // What could not be written again is not opened: later the work on it could not be saved.
    write(path("bytes.partscope"), contents(path("names.partscope")).replace("other.npy", "\xff\xfeher.npy"));
    QVERIFY(refusalOf("bytes.partscope").startsWith("bytes.partscope "));
}

void TestSession::aCutFileIsRefused()
{
    save(barsSession(), "whole.partscope");
    const QByteArray whole = contents(path("whole.partscope"));
    for (int step = 0; step < 60; ++step) {
        write(path("cut.partscope"), whole.left(whole.size() * step / 60));
        const QString said = refusalOf("cut.partscope");
        QVERIFY2(said.startsWith("cut.partscope") && said.endsWith('.'), qPrintable(said));
    }
}

void TestSession::aChangedByteIsRefusedOrOfNoConsequence()
{
    save(barsSession(), "whole.partscope");
    const QByteArray whole = contents(path("whole.partscope"));
    std::mt19937 random(11);
    int refused = 0;
    for (int i = 0; i < 100; ++i) {
        QByteArray changed = whole;
        const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(whole.size()));
        changed[at] = static_cast<char>(changed[at] ^ (1 << (random() % 8)));
        write(path("changed.partscope"), changed);
        SavedSession opened;
        const QString said = refusal([&] { opened = open("changed.partscope"); });
        QVERIFY2(said.isEmpty() || said.endsWith('.'), qPrintable(said));
        refused += !said.isEmpty();
        // Some bytes say nothing: dates, and sizes that are there twice.
        if (said.isEmpty())
            QCOMPARE(bytesOf(opened, Embedding::Always, m_folder.path()), whole);
    }
    QVERIFY(refused > 60);
}

void TestSession::aWrongFieldIsRefusedOrOfNoConsequence()
{
    save(sessionOf(sparseData(false), plain()), "right.partscope");
    const QJsonObject json = jsonOf(path("right.partscope"));
    const auto members = membersOf(path("right.partscope"));
    int refused = 0, tried = 0;
    const QJsonArray wrongs{QJsonValue(), -1.5, "word", QJsonObject{{"x", 1}}};
    for (int which = 0; which < wrongs.size(); ++which)
        forEachField(json, wrongs[which], [&, turn = which](const QJsonObject& changed) mutable {
            // Every field gets half of them, which takes half of the time.
            if (++turn % 2 == 0)
                return;
            writeWith(changed, members, path("wrong.partscope"));
            const QString said = refusalOf("wrong.partscope");
            QVERIFY2(said.isEmpty() || (said.endsWith('.') && !said.contains('\n')), qPrintable(said));
            refused += !said.isEmpty();
            ++tried;
        });
    QVERIFY2(refused > tried / 2, qPrintable(QString("%1 of %2").arg(refused).arg(tried)));
}

void TestSession::aMissingArrayIsRefused()
{
    save(sessionOf(sparseData(false), plain()), "all.partscope");
    const auto members = membersOf(path("all.partscope"));
    for (std::size_t i = 1; i < members.size(); ++i) {
        // scipy's name of the kind of matrix; here it is always the same.
        if (members[i].name == "V/format.npy")
            continue;
        auto fewer = members;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        write(path("fewer.partscope"), QByteArray::fromStdString(archiveOf(fewer)));
        const QString said = refusalOf("fewer.partscope");
        const QString array = QString::fromStdString(members[i].name).chopped(4);
        QVERIFY2(said.contains(array) && said.endsWith("is missing."), qPrintable(said));
    }
}

void TestSession::anArrayOfAnotherShapeIsRefused()
{
    save(barsSession(), "all.partscope");
    const auto members = membersOf(path("all.partscope"));
    for (const char* array : {"V.npy", "W.npy", "H.npy", "runs/3.npy"}) {
        auto others = members;
        for (ArchiveMember& member : others)
            if (member.name == array)
                for (const ArchiveMember& other : members)
                    if (other.name == (QString(array) == "V.npy" ? "W.npy" : "V.npy"))
                        member.bytes = other.bytes;
        write(path("other.partscope"), QByteArray::fromStdString(archiveOf(others)));
        const QString said = refusalOf("other.partscope");
        QVERIFY2(said.contains("is damaged") && said.contains("needed"), qPrintable(said));
    }
}

void TestSession::anotherArchiveIsNoSession()
{
    write(path("arrays.partscope"), QByteArray::fromStdString(archiveOf({{"W.npy", "x"}})));
    QVERIFY(refusalOf("arrays.partscope").contains("no Partscope session"));
    write(path("other.partscope"), QByteArray::fromStdString(archiveOf({{"session.json", R"({"format": "x"})"}})));
    QVERIFY(refusalOf("other.partscope").contains("no Partscope session"));
    write(path("text.partscope"), "1,2\n3,4\n");
    QVERIFY(refusalOf("text.partscope").contains("cannot be opened as a Partscope session"));
    QVERIFY(refusalOf("nothing.partscope").contains("There is no file"));
}

void TestSession::numpyReadsIt()
{
    const SavedSession session = sessionOf(sparseData(false), plain());
    save(session, "numpy.partscope");
    QProcess python;
    python.setWorkingDirectory(m_folder.path());
    python.start("/usr/bin/python3",
                 {"-c", "import json, numpy as n; s = n.load('numpy.partscope'); W = s['W']; H = s['H']; "
                        "print(W.shape, H.shape, s['runs/3'].shape, s['V/data'].dtype, repr(float((W @ H)[3, 4])), "
                        "json.loads(s['session.json'])['data']['title'])"});
    QVERIFY2(python.waitForFinished(60000) && python.error() != QProcess::FailedToStart, "There is no Python.");
    const QString errors = QString::fromUtf8(python.readAllStandardError());
    if (errors.contains("ModuleNotFoundError"))
        QSKIP("The system's Python has no NumPy: install python3-numpy, as tests/run does.");
    QVERIFY2(errors.isEmpty(), qPrintable(errors));
    const QString said = QString::fromUtf8(python.readAllStandardOutput()).trimmed();
    QVERIFY2(said.startsWith("(30, 4) (4, 20) (8, 5) float64 ") && said.endsWith(" sparse"), qPrintable(said));
    const double product = session.reached->W->row(3).dot(session.reached->Ht->row(4));
    const double theirs = said.section(' ', 7, 7).toDouble();
    QVERIFY2(std::abs(theirs - product) <= 1e-12 * (1 + product), qPrintable(said));
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
