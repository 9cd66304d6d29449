#include "ui/model/session_json.h"

#include "ui/model/options_json.h"

#include <QColor>
#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace nmf::ui
{

const QStringList kindsOfStored{"nowhere", "dense", "sparse"};

namespace
{

const QString formatName = QStringLiteral("partscope session");
constexpr int mostWhole = std::numeric_limits<int>::max();

/// Objects whose keys are names of things, not of fields: one that is not there any more is not to come back.
bool hasOpenKeys(const QString& key)
{
    return key == "runs" || key == "values" || key == "view";
}

QJsonObject unknownAmong(const QJsonObject& found, const QJsonObject& known, bool open)
{
    QJsonObject unknown;
    for (auto field = found.begin(); field != found.end(); ++field) {
        const QJsonValue counterpart = known.value(field.key());
        if (counterpart.isUndefined() && !open)
            unknown[field.key()] = field.value();
        if (!counterpart.isObject() || !field.value().isObject())
            continue;
        const QJsonObject inner =
            unknownAmong(field.value().toObject(), counterpart.toObject(), hasOpenKeys(field.key()));
        if (!inner.isEmpty())
            unknown[field.key()] = inner;
    }
    return unknown;
}

QJsonObject joined(QJsonObject known, const QJsonObject& unknown, bool open)
{
    for (auto field = unknown.begin(); field != unknown.end(); ++field) {
        const QJsonValue counterpart = known.value(field.key());
        if (counterpart.isUndefined() && !open)
            known[field.key()] = field.value();
        else if (counterpart.isObject() && field.value().isObject())
            known[field.key()] = joined(counterpart.toObject(), field.value().toObject(), hasOpenKeys(field.key()));
    }
    return known;
}

QJsonValue reachedJson(const std::optional<Reached>& reached)
{
    if (!reached)
        return {};
    return QJsonObject{{"options", toJson(reached->options)},
                       {"start", reached->options.start != nullptr},
                       {"locked_entries_w", reached->options.lockW.entries != nullptr},
                       {"locked_entries_h", reached->options.lockH.entries != nullptr},
                       {"comparable_from", static_cast<qint64>(reached->comparableFrom)},
                       {"between_halves", reached->betweenHalves},
                       {"ended", reached->ended ? jsonText(idOf(*reached->ended)) : QJsonValue()},
                       {"end_sentence", jsonText(reached->endSentence)},
                       {"notes", jsonTexts(reached->notes)},
                       {"iteration_limit", reached->iterationLimit}};
}

Termination terminationOf(const Fields& fields)
{
    QStringList ids;
    for (int i = 0; i <= static_cast<int>(Termination::NotFinite); ++i)
        ids << QString::fromStdString(idOf(static_cast<Termination>(i)));
    return static_cast<Termination>(fields.word("ended", ids));
}

Reached reachedFrom(const Fields& fields)
{
    Reached reached;
    reached.options = optionsFrom(fields.object("options"));
    reached.comparableFrom = static_cast<std::size_t>(fields.whole("comparable_from", 0, mostWhole));
    reached.betweenHalves = fields.flag("between_halves");
    if (fields.has("ended"))
        reached.ended = terminationOf(fields);
    reached.endSentence = fields.text("end_sentence");
    reached.notes = fields.texts("notes");
    reached.iterationLimit = static_cast<int>(fields.whole("iteration_limit", 0, mostWhole));
    return reached;
}

QJsonObject runsJson(const SavedSession& session)
{
    QJsonObject all;
    for (const RunHistory& run : session.runs) {
        QJsonObject json{{"title", jsonText(run.title)},
                         {"options", toJson(run.options)},
                         {"records", static_cast<qint64>(run.records.size())}};
        if (!run.note.empty())
            json["note"] = jsonText(run.note);
        if (run.starred)
            json["starred"] = true;
        if (keepsFactors(session, run))
            json["factors"] = true;
        all[QString::number(run.number)] = json;
    }
    return all;
}

std::vector<RunHistory> runsFrom(const Fields& fields)
{
    std::vector<RunHistory> runs;
    for (const QString& key : fields.keys()) {
        bool isNumber = false;
        RunHistory run;
        run.number = key.toULongLong(&isNumber);
        if (!isNumber || run.number == 0 || QString::number(run.number) != key)
            fields.fail(key, QStringLiteral("is no number of a run"));
        const Fields inner = fields.object(key);
        run.title = inner.text("title");
        run.options = optionsFrom(inner.object("options"));
        run.note = inner.has("note") ? inner.text("note") : std::string();
        run.starred = inner.has("starred") && inner.flag("starred");
        runs.push_back(std::move(run));
    }
    std::ranges::sort(runs, {}, &RunHistory::number);
    return runs;
}

/// What a person has given the components besides names, where there is something.
void addLabels(QJsonObject& json, const SavedSession& session)
{
    if (!session.colors.empty())
        json["colors"] = jsonTexts(session.colors);
    QJsonArray order;
    for (const Index component : session.order)
        order.append(static_cast<qint64>(component));
    if (!order.isEmpty())
        json["order"] = order;
}

void readLabels(const Fields& fields, SavedSession& session)
{
    session.names = fields.texts("names");
    if (fields.has("colors"))
        session.colors = fields.texts("colors");
    for (const std::string& color : session.colors)
        if (!color.empty() && !QColor::isValidColor(QString::fromStdString(color)))
            fields.fail("colors", QStringLiteral("has an entry that is no colour"));
    if (fields.has("order"))
        for (const qint64 component : fields.wholes("order", 0, mostWhole))
            session.order.push_back(static_cast<Index>(component));
}

} // namespace

QJsonObject dataJson(const Dataset& dataset, const StoredData& stored)
{
    return {{"title", jsonText(dataset.title)},
            {"source", jsonText(dataset.source)},
            {"rows", static_cast<qint64>(dataset.V.rows())},
            {"columns", static_cast<qint64>(dataset.V.cols())},
            {"stored", kindsOfStored[static_cast<int>(stored.V)]},
            {"weights", kindsOfStored[static_cast<int>(stored.weights)]},
            {"truth", dataset.truth != nullptr},
            {"link", stored.link},
            {"features", toJson(dataset.features)},
            {"samples", toJson(dataset.samples)},
            {"notes", jsonTexts(dataset.notes)}};
}

QJsonObject sessionJson(const SavedSession& session, const QJsonObject& data)
{
    QJsonObject json{{"format", formatName},
                     {"version", sessionVersion},
                     {"program", QCoreApplication::applicationVersion()},
                     {"saved_as", session.savedAs},
                     {"data", data},
                     {"plan", toJson(session.plan)},
                     {"options", toJson(session.options)},
                     {"start", session.options.start != nullptr},
                     {"locked_entries_w", session.options.lockW.entries != nullptr},
                     {"locked_entries_h", session.options.lockH.entries != nullptr},
                     {"reached", reachedJson(session.reached)},
                     {"runs", runsJson(session)},
                     {"names", jsonTexts(session.names)},
                     {"view", session.view}};
    addLabels(json, session);
    return json;
}

QJsonObject unknownFields(const QJsonObject& found, const QJsonObject& known)
{
    return unknownAmong(found, known, false);
}

QJsonObject withUnknown(const QJsonObject& known, const QJsonObject& unknown)
{
    return joined(known, unknown, false);
}

void requireKnownVersion(const QJsonObject& root, const QString& file)
{
    if (root["format"].toString() != formatName)
        throw Error(file.toStdString() + " is no Partscope session: its session.json does not say that it is one.");
    const qint64 version = Fields(root, file).whole("version", 1, mostWhole);
    if (version > sessionVersion)
        throw Error(file.toStdString() + " was saved by a newer Partscope (sessions of version " +
                    std::to_string(version) + ", and this program knows version " + std::to_string(sessionVersion) +
                    "): update Partscope to open it.");
}

void readSessionJson(const Fields& fields, SavedSession& session)
{
    session.savedAs = QString::fromStdString(fields.text("saved_as"));
    session.plan = importPlanFrom(fields.object("plan"));
    session.options = optionsFrom(fields.object("options"));
    session.runs = runsFrom(fields.object("runs"));
    if (fields.has("reached")) {
        if (session.runs.empty())
            fields.fail("runs", QStringLiteral("is empty, but there are factors"));
        session.reached = reachedFrom(fields.object("reached"));
    }
    readLabels(fields, session);
    fields.object("view"); // that it is one
}

bool keepsFactors(const SavedSession& session, const RunHistory& run)
{
    return run.starred && run.last && !run.records.empty() &&
           !(session.reached && run.number == session.runs.back().number);
}

std::string recordsName(const RunHistory& run)
{
    return "runs/" + std::to_string(run.number);
}

} // namespace nmf::ui
