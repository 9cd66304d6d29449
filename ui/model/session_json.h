#pragma once

#include "ui/model/json_fields.h"
#include "ui/model/session.h"

namespace nmf::ui
{

/// How V and the weights stand in the archive.
enum class Stored { Nowhere, Dense, Sparse };
extern const QStringList kindsOfStored;

/// The version of the files that this program writes; what a later one writes, it does not open.
constexpr int sessionVersion = 1;

/// How and where the data are.
struct StoredData
{
    Stored V = Stored::Nowhere, weights = Stored::Nowhere;
    QJsonValue link = {}; ///< null if they are not linked
};
QJsonObject dataJson(const Dataset& dataset, const StoredData& stored);

/// session.json, without what is unknown.
QJsonObject sessionJson(const SavedSession& session, const QJsonObject& data);

/// What of `found` has no counterpart in `known`, at any depth.
QJsonObject unknownFields(const QJsonObject& found, const QJsonObject& known);
/// The known fields with those put in.
QJsonObject withUnknown(const QJsonObject& known, const QJsonObject& unknown);

/// Fills in all of a session but the data and the arrays. Throws Error.
void readSessionJson(const Fields& fields, SavedSession& session);

/// Throws Error if this is no session, or one of a later version.
void requireKnownVersion(const QJsonObject& root, const QString& file);

/// "runs/3": the array with a run's records.
std::string recordsName(const RunHistory& run);

/// Whether a session keeps the factors of a run that is not the one it goes on with: those of a run with a star.
bool keepsFactors(const SavedSession& session, const RunHistory& run);

} // namespace nmf::ui
