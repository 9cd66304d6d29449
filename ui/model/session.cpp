#include "ui/model/session.h"

#include "core/atomic_file.h"
#include "core/formats/npy_bytes.h"
#include "ui/model/session_arrays.h"
#include "ui/model/session_json.h"

#include <QJsonDocument>

#include <algorithm>
#include <utility>

namespace nmf::ui
{

const QString sessionSuffix = QStringLiteral(".partscope");

namespace
{

namespace arrays = session_arrays;

std::uint64_t bytesOf(const DataMatrix& values)
{
    const std::uint64_t each = (values.isSingle() ? 4 : 8) + (values.isSparse() ? 4 : 0);
    return static_cast<std::uint64_t>(values.stored()) * each;
}

/// Whether what a source names can be read again.
bool isThere(const std::filesystem::path& source)
{
    std::error_code error;
    return std::filesystem::is_regular_file(source, error) || std::filesystem::is_directory(source, error);
}

/// One row for each record, as numpy.load shows it: iteration, objective, relative error, seconds, scaled objective.
std::string recordBytes(const std::vector<Record>& records)
{
    Matrix<double> transposed(5, static_cast<Index>(records.size()));
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record& record = records[i];
        transposed.col(static_cast<Index>(i)) << static_cast<double>(record.iteration), record.objective,
            record.relativeError, record.seconds, record.scaledObjective;
    }
    return npyBytesTransposed(transposed);
}

/// Puts the members of one session together.
class SessionWriter
{
public:
    SessionWriter(const SavedSession& session, const std::filesystem::path& folder, const LoadControl& control)
        : m_session(session), m_folder(folder), m_control(control)
    {
    }

    std::vector<ArchiveMember> members(Embedding embedding)
    {
        m_members.push_back({arrays::json, {}});
        const QJsonObject data = addData(embedding);
        addOptions(arrays::chosen, m_session.options);
        if (m_session.reached)
            addReached(*m_session.reached);
        for (const RunHistory& run : m_session.runs)
            addRun(run);
        addUnknown();
        const QJsonObject json = withUnknown(sessionJson(m_session, data), m_session.unknown);
        m_members.front().bytes = QJsonDocument(json).toJson().toStdString();
        return std::move(m_members);
    }

    const std::shared_ptr<const DataLink>& link() const { return m_link; }

private:
    void add(const std::string& array, std::string bytes)
    {
        m_control.check(0);
        m_members.push_back({arrays::member(array), std::move(bytes)});
    }

    /// But for what has got an array of that name since.
    void addUnknown()
    {
        const auto known = static_cast<std::ptrdiff_t>(m_members.size());
        for (const ArchiveMember& member : m_session.unknownMembers)
            if (std::ranges::find(m_members.begin(), m_members.begin() + known, member.name, &ArchiveMember::name) ==
                m_members.begin() + known)
                m_members.push_back(member);
    }

    Stored addMatrix(const std::string& array, const DataMatrix& values)
    {
        if (!values.isSparse()) {
            add(array, npyBytes(values));
            return Stored::Dense;
        }
        for (NamedBytes& part : sparseNpyBytes(values))
            add(array + "/" + part.name, std::move(part.bytes));
        return Stored::Sparse;
    }

    bool isLinked(Embedding embedding) const
    {
        const Dataset& dataset = *m_session.dataset;
        const bool unchanged = !m_session.sourceStamp || m_session.sourceStamp == stampOf(dataset.source);
        return embedding != Embedding::Always && isThere(dataset.source) && unchanged &&
               (embedding == Embedding::Never || bytesOf(dataset.V) > embeddedUpTo);
    }

    void requireRoom() const
    {
        // The numbers, their bytes and the packed bytes.
        constexpr std::uint64_t copies = 3;
        const std::uint64_t bytes = bytesOf(m_session.dataset->V);
        if (bytes > embeddedUpTo && bytes > memoryLimit() / copies)
            throw Error("The data of " + m_session.dataset->title + ", " + std::to_string(bytes >> 20) +
                        " MB, are too large to be put into a session: save them to a file, open that, and link to it.");
    }

    void makeLink()
    {
        const std::filesystem::path source = m_session.dataset->source;
        m_link = m_session.link && m_session.link->holdsFor(source)
                     ? m_session.link
                     : std::make_shared<const DataLink>(linkTo(source, m_control));
    }

    QJsonObject addData(Embedding embedding)
    {
        const Dataset& dataset = *m_session.dataset;
        StoredData stored;
        if (isLinked(embedding)) {
            makeLink();
            stored.link = toJson(*m_link, m_folder);
        } else {
            requireRoom();
            stored.V = addMatrix(arrays::data, dataset.V);
        }
        if (dataset.weights)
            stored.weights = addMatrix(arrays::weights, *dataset.weights);
        if (!dataset.features.positions.empty())
            add(arrays::featurePositions, npyBytes(dataset.features.positions));
        if (!dataset.samples.positions.empty())
            add(arrays::samplePositions, npyBytes(dataset.samples.positions));
        if (dataset.truth)
            addFactors(arrays::trueBasis, arrays::trueCoefficients, dataset.truth->W, dataset.truth->Ht);
        return dataJson(dataset, stored);
    }

    void addFactors(const std::string& nameW, const std::string& nameH, const Matrix<double>& W,
                    const Matrix<double>& Ht)
    {
        add(nameW, npyBytes(W));
        add(nameH, npyBytesTransposed(Ht));
    }

    void addOptions(const std::string& place, const Options& options)
    {
        if (options.start)
            addFactors(place + arrays::startW, place + arrays::startH, options.start->W, options.start->Ht);
        if (options.lockW.entries)
            add(place + arrays::lockedW, npyBytes(*options.lockW.entries));
        if (options.lockH.entries)
            add(place + arrays::lockedH, npyBytes(Mask(options.lockH.entries->transpose())));
    }

    void addRun(const RunHistory& run)
    {
        if (!run.records.empty())
            add(recordsName(run), recordBytes(run.records));
        if (keepsFactors(m_session, run))
            addFactors(recordsName(run) + "/W", recordsName(run) + "/H", *run.last->W, *run.last->Ht);
    }

    void addReached(const Reached& reached)
    {
        addFactors(arrays::basis, arrays::coefficients, *reached.W, *reached.Ht);
        addOptions(arrays::ofRun, reached.options);
    }

    const SavedSession& m_session;
    const std::filesystem::path& m_folder;
    const LoadControl& m_control;
    std::vector<ArchiveMember> m_members;
    std::shared_ptr<const DataLink> m_link;
};

} // namespace

Position SavedSession::position() const
{
    return {{*reached->W, *reached->Ht}, runs.back().records, reached->comparableFrom, reached->betweenHalves};
}

bool isSessionPath(const QString& path)
{
    return path.endsWith(sessionSuffix, Qt::CaseInsensitive);
}

SessionFile sessionFile(const SavedSession& session, Embedding embedding, const std::filesystem::path& folder,
                        const LoadControl& control)
{
    SessionWriter writer(session, folder, control);
    std::string bytes = archiveOf(writer.members(embedding));
    return {std::move(bytes), writer.link()};
}

std::shared_ptr<const DataLink> writeSession(const SavedSession& session, Embedding embedding,
                                             const std::filesystem::path& path, const LoadControl& control)
{
    const SessionFile made = sessionFile(session, embedding, path.parent_path(), control);
    control.check(1);
    AtomicFile file(path);
    file.write(made.bytes);
    file.commit();
    return made.link;
}

} // namespace nmf::ui
