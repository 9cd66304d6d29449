#pragma once

#include "core/error.h"
#include "core/formats/archive.h"
#include "core/import_plan.h"
#include "ui/model/data_link.h"
#include "ui/model/snapshot.h"

#include <QJsonObject>
#include <QString>

namespace nmf::ui
{

/// Where a run is: what a session keeps of a snapshot, and what it takes to go on from there.
struct Reached
{
    Options options; ///< of the run, as they are by now
    std::shared_ptr<const Matrix<double>> W, Ht;
    std::size_t comparableFrom = 0;
    bool betweenHalves = false;
    std::optional<Termination> ended;
    std::string endSentence;
    std::vector<std::string> notes;
    int iterationLimit = 0;
};

/// A run, and where it is.
struct RunPlace
{
    RunHistory run;
    Reached reached;
};

/// All that NAME.partscope keeps: a ZIP archive of arrays, as numpy.load reads them, and of session.json.
struct SavedSession
{
    std::shared_ptr<const Dataset> dataset;
    ImportPlan plan;
    Options options;                ///< as they were chosen last
    std::optional<Reached> reached; ///< of the last of the runs; none if nothing was computed
    std::vector<RunHistory> runs;
    std::vector<std::string> names;       ///< of components; empty if they have none
    std::vector<std::string> colors = {}; ///< likewise; "#rrggbb" or empty
    std::vector<Index> order = {};        ///< of components, as they were put by hand
    QJsonObject view;                     ///< what is selected and shown, as the window has it
    QString savedAs;                      ///< the file that the user saved it in; empty if there is none
    /// Of the file that the data were read from, then: if it has changed since, they are not in it any more.
    std::optional<FileStamp> sourceStamp;
    std::shared_ptr<const DataLink> link; ///< to that file, if one was made before
    /// What a later version has added, to be written again.
    QJsonObject unknown;
    std::vector<ArchiveMember> unknownMembers;

    /// The last run where it is.
    Position position() const;
};

/// Whether a session holds its data, or says where they lie.
enum class Embedding {
    Small, ///< up to embeddedUpTo bytes it holds them
    Always,
    Never ///< unless they lie nowhere else
};
constexpr std::uint64_t embeddedUpTo = std::uint64_t{64} << 20;

extern const QString sessionSuffix; ///< ".partscope"

bool isSessionPath(const QString& path);

/// A session as a file, and what leads from it to the data; null if it holds them.
struct SessionFile
{
    std::string bytes;
    std::shared_ptr<const DataLink> link;
};

/// Of the same session always the same. Links are relative to `folder`. Throws Error, Cancelled.
SessionFile sessionFile(const SavedSession& session, Embedding embedding, const std::filesystem::path& folder,
                        const LoadControl& control = {});

/// Puts a session in place whole, or leaves what was there. The link to the data, if there is one. Throws Error,
/// Cancelled.
std::shared_ptr<const DataLink> writeSession(const SavedSession& session, Embedding embedding,
                                             const std::filesystem::path& path, const LoadControl& control = {});

/// The data that a session leads to are not there, or not what they were.
class DataMissing : public Error
{
public:
    using Error::Error;
};

/// Reads a session. Nothing in the file is believed; what it leads to is looked for where it was, beside the session,
/// and in `data` if that is given, and told by its size and SHA-256. Throws Error, DataMissing, Cancelled.
SavedSession readSession(const std::filesystem::path& path, const LoadControl& control = {},
                         const std::filesystem::path& data = {});

} // namespace nmf::ui
