#include "core/formats/file.h"
#include "core/formats/npy.h"
#include "core/formats/sparse_npz.h"
#include "ui/model/data_link.h"
#include "ui/model/import.h"
#include "ui/model/options_json.h"
#include "ui/model/session_arrays.h"
#include "ui/model/session_json.h"

#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace nmf::ui
{

namespace
{

namespace arrays = session_arrays;

constexpr std::uint64_t mostJson = std::uint64_t{256} << 20;

/// Reads the members of one session, each checked against the others.
class SessionReader
{
public:
    SessionReader(const std::filesystem::path& path, const LoadControl& control)
        : m_path(path), m_name(QString::fromStdString(nameOf(path))), m_control(control),
          m_archive(path, "a Partscope session")
    {
    }

    SavedSession read(const std::filesystem::path& data)
    {
        const QJsonObject root = readRoot();
        const Fields fields(root, m_name);
        SavedSession session;
        readSessionJson(fields, session);
        session.view = root["view"].toObject();
        const Fields dataFields = fields.object("data");
        session.dataset = std::make_shared<const Dataset>(readData(dataFields, session.plan, data));
        session.link = m_link;
        // What the session holds may be another thing than what lies where it came from.
        session.sourceStamp = m_link ? m_link->stamp : FileStamp{};
        readOptions(fields, arrays::chosen, session.options);
        for (RunHistory& run : session.runs)
            readRun(fields.object("runs").object(QString::number(run.number)), session.dataset, run);
        if (session.reached)
            readReached(fields.object("reached"), session);
        session.unknown = unknownFields(root, sessionJson(session, dataJson(*session.dataset, m_stored)));
        readUnknownMembers(session);
        return session;
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(m_name.toStdString() + " is damaged: " + what + ".");
    }

    QJsonObject readRoot()
    {
        if (!m_archive.contains(arrays::json))
            throw Error(m_name.toStdString() + " is no Partscope session: it has no session.json.");
        m_used.insert(arrays::json);
        QJsonParseError flaw;
        const QJsonDocument document =
            QJsonDocument::fromJson(QByteArray::fromStdString(m_archive.whole(arrays::json, mostJson)), &flaw);
        if (!document.isObject())
            fail("its session.json cannot be read at byte " + std::to_string(flaw.offset));
        requireKnownVersion(document.object(), m_name);
        return document.object();
    }

    ByteSource open(const std::string& array)
    {
        m_used.insert(arrays::member(array));
        if (!m_archive.contains(arrays::member(array)))
            fail("its array " + array + " is missing");
        return m_archive.open(arrays::member(array));
    }

    DataMatrix readArray(const std::string& array)
    {
        ByteSource source = open(array);
        Dataset read = readNpyArray(source, m_path, m_control, Bytes::Member);
        readToEnd(source);
        return read.V;
    }

    DataMatrix readArray(const std::string& array, Index rows, Index columns)
    {
        DataMatrix values = readArray(array);
        requireShape(array, values, rows, columns);
        return values;
    }

    void requireShape(const std::string& array, const DataMatrix& values, Index rows, Index columns) const
    {
        if (values.rows() != rows || values.cols() != columns)
            fail(array + " is " + std::to_string(values.rows()) + " × " + std::to_string(values.cols()) + " where " +
                 std::to_string(rows) + " × " + std::to_string(columns) + " is needed");
    }

    DataMatrix readStored(const std::string& array, Stored stored, Index rows, Index columns)
    {
        if (stored == Stored::Dense)
            return readArray(array, rows, columns);
        m_used.insert(arrays::member(array + "/format"));
        const MemberReader parts = [&](const std::string& part) { return open(array + "/" + part); };
        const DataMatrix values = readSparseArchive("csc", m_path, parts, m_control).V;
        requireShape(array, values, rows, columns);
        return values;
    }

    std::vector<double> readList(const std::string& array, Index length)
    {
        ByteSource source = open(array);
        const auto values = readNpyVector(source, m_path, m_control).dense<double>();
        if (values->size() != length)
            fail(array + " has " + std::to_string(values->size()) + " numbers where " + std::to_string(length) +
                 " are needed");
        return {values->data(), values->data() + values->size()};
    }

    Axis readAxis(const Fields& fields, const std::string& positions, Index length)
    {
        Axis axis = axisFrom(fields, length);
        if (fields.flag("positions"))
            axis.positions = readList(positions, length);
        if (axis.kind == Axis::Kind::Ordered && axis.positions.empty())
            fields.fail("positions", QStringLiteral("is false, but the axis is ordered"));
        return axis;
    }

    Dataset readData(const Fields& fields, const ImportPlan& plan, const std::filesystem::path& given)
    {
        constexpr qint64 most = std::numeric_limits<int>::max();
        const Index rows = fields.whole("rows", 1, most), columns = fields.whole("columns", 1, most);
        m_stored.V = static_cast<Stored>(fields.word("stored", kindsOfStored));
        m_stored.weights = static_cast<Stored>(fields.word("weights", kindsOfStored));
        Dataset dataset;
        dataset.title = fields.text("title");
        dataset.source = fields.text("source");
        dataset.features = readAxis(fields.object("features"), arrays::featurePositions, rows);
        dataset.samples = readAxis(fields.object("samples"), arrays::samplePositions, columns);
        dataset.notes = fields.texts("notes");
        if (m_stored.weights != Stored::Nowhere)
            dataset.weights = readStored(arrays::weights, m_stored.weights, rows, columns);
        if (fields.flag("truth"))
            dataset.truth = readFactors(arrays::trueBasis, arrays::trueCoefficients, rows, columns, {});
        if (m_stored.V != Stored::Nowhere) {
            dataset.V = readStored(arrays::data, m_stored.V, rows, columns);
            return dataset;
        }
        const DataLink link = linkFrom(fields.object("link"));
        m_stored.link = toJson(link, {});
        const std::filesystem::path place = placeOf(link, m_path, given, m_control);
        m_link = std::make_shared<const DataLink>(DataLink{place, link.bytes, link.sha256, stampOf(place)});
        dataset.V = readLinked(place, plan);
        noteMove(link, place, dataset.notes);
        requireShape("V, made of " + nameOf(place) + ",", dataset.V, rows, columns);
        dataset.source = place.string();
        return dataset;
    }

    /// What was found elsewhere is said.
    void noteMove(const DataLink& link, const std::filesystem::path& place, std::vector<std::string>& notes) const
    {
        if ((m_path.parent_path() / link.path).lexically_normal() == place.lexically_normal())
            return;
        const std::string note =
            "The data of the session are no longer where they were: those in " + nameOf(place) + " are the same.";
        if (std::ranges::find(notes, note) == notes.end())
            notes.push_back(note);
    }

    /// As the plan says: what else the session keeps of the data, it has itself.
    DataMatrix readLinked(const std::filesystem::path& place, const ImportPlan& plan) const
    {
        ImportPlan own = plan;
        own.weights.clear();
        return imported(place.string(), own, m_control).V;
    }

    std::shared_ptr<const Factors<double>> readFactors(const std::string& nameW, const std::string& nameH, Index rows,
                                                       Index columns, std::optional<Index> rank)
    {
        const DataMatrix W = readArray(nameW);
        const Index components = rank.value_or(W.cols());
        requireShape(nameW, W, rows, components);
        const DataMatrix H = readArray(nameH, components, columns);
        auto factors =
            std::make_shared<Factors<double>>(Factors<double>{*W.dense<double>(), H.dense<double>()->transpose()});
        if (!factors->W.allFinite() || !factors->Ht.allFinite() || factors->W.minCoeff() < 0 ||
            factors->Ht.minCoeff() < 0)
            fail(nameW + " or " + nameH + " has negative, infinite or missing entries");
        return factors;
    }

    std::shared_ptr<const Mask> readMask(const std::string& array)
    {
        return std::make_shared<const Mask>(readArray(array).dense<double>()->array() != 0);
    }

    /// Whether they fit the data is said where they are used.
    void readOptions(const Fields& fields, const std::string& place, Options& options)
    {
        if (fields.flag("start")) {
            const auto W = readArray(place + arrays::startW).dense<double>();
            const auto H = readArray(place + arrays::startH).dense<double>();
            options.start = std::make_shared<const Factors<double>>(Factors<double>{*W, H->transpose()});
        }
        if (fields.flag("locked_entries_w"))
            options.lockW.entries = readMask(place + arrays::lockedW);
        if (fields.flag("locked_entries_h"))
            options.lockH.entries = std::make_shared<const Mask>(readMask(place + arrays::lockedH)->transpose());
    }

    std::vector<Record> readRecords(const Fields& fields, const std::string& array)
    {
        const qint64 count = fields.whole("records", 0, std::numeric_limits<int>::max());
        if (count == 0)
            return {};
        const auto values = readArray(array, count, 5).dense<double>();
        std::vector<Record> records;
        for (Index i = 0; i < count; ++i) {
            const double iteration = (*values)(i, 0);
            if (!(iteration >= 0 && iteration <= std::numeric_limits<int>::max() && iteration == std::floor(iteration)))
                fail(array + " has a row whose first number is no iteration");
            records.push_back(
                {static_cast<int>(iteration), (*values)(i, 1), (*values)(i, 2), (*values)(i, 3), (*values)(i, 4)});
        }
        return records;
    }

    void readRun(const Fields& fields, const std::shared_ptr<const Dataset>& dataset, RunHistory& run)
    {
        run.records = readRecords(fields, recordsName(run));
        if (!fields.has("factors") || !fields.flag("factors"))
            return;
        if (run.records.empty())
            fail("run " + std::to_string(run.number) + " has factors, but no record");
        const auto factors = readFactors(recordsName(run) + "/W", recordsName(run) + "/H", dataset->V.rows(),
                                         dataset->V.cols(), run.options.rank);
        Options options = run.options;
        // What was locked is there.
        if (!options.lockW.none() || !options.lockH.none())
            options.start = factors;
        run.last =
            snapshotOf({.record = run.records.back(), .W = {factors, &factors->W}, .Ht = {factors, &factors->Ht}},
                       dataset, options, run.number);
    }

    void readReached(const Fields& fields, SavedSession& session)
    {
        Reached& reached = *session.reached;
        const Dataset& dataset = *session.dataset;
        readOptions(fields, arrays::ofRun, reached.options);
        const auto factors =
            readFactors(arrays::basis, arrays::coefficients, dataset.V.rows(), dataset.V.cols(), reached.options.rank);
        reached.W = std::shared_ptr<const Matrix<double>>(factors, &factors->W);
        reached.Ht = std::shared_ptr<const Matrix<double>>(factors, &factors->Ht);
        requireConsistent(reached.options, dataset);
        const std::vector<Record>& records = session.runs.back().records;
        for (std::size_t i = 0; i < records.size(); ++i)
            if (records[i].iteration != static_cast<int>(i))
                fail("iteration " + std::to_string(i) + " of its last run is missing");
        if (records.empty())
            fail("its last run has factors, but no record");
    }

    void readUnknownMembers(SavedSession& session)
    {
        std::optional<std::uint64_t> room;
        for (const std::string& name : m_archive.members()) {
            if (!m_used.insert(name).second)
                continue;
            // It could not be written again.
            if (name.empty() || !isUtf8(name))
                fail("it holds a file whose name is no text");
            // They are only carried along: they shall not take the memory of what is worked with.
            constexpr std::uint64_t share = 4;
            room = room.value_or(memoryLimit() / share);
            session.unknownMembers.push_back({name, m_archive.whole(name, *room)});
            *room -= session.unknownMembers.back().bytes.size();
        }
    }

    const std::filesystem::path& m_path;
    QString m_name;
    const LoadControl& m_control;
    Archive m_archive;
    StoredData m_stored;
    std::shared_ptr<const DataLink> m_link;
    std::set<std::string> m_used;
};

} // namespace

SavedSession readSession(const std::filesystem::path& path, const LoadControl& control,
                         const std::filesystem::path& data)
{
    return SessionReader(path, control).read(data);
}

} // namespace nmf::ui
