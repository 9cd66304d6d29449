#include "app/batch_session.h"

#include "app/batch_input.h"
#include "app/batch_report.h"

#include <limits>

namespace nmf::ui
{

namespace
{

/// The runs of a session with this one: in place of the last if it went on from that.
std::vector<RunHistory> runsWith(const RunRequest& request, const Options& options, const Result& result)
{
    std::vector<RunHistory> runs = request.session ? request.session->runs : std::vector<RunHistory>();
    if (request.continueFor > 0) {
        runs.back().records = result.history;
        return runs;
    }
    const std::uint64_t number = runs.empty() ? 1 : runs.back().number + 1;
    runs.push_back({number, options, titleOf(number, options), result.history});
    return runs;
}

} // namespace

void takeSession(const Arguments& arguments, RunRequest& request)
{
    if (!isSessionPath(request.input))
        return;
    for (const char* name : {"member", "transpose", "image-shape", "pixel-order", "patches", "as-pixels", "bands",
                             "other-sizes", "longest-side", "ordered-features", "ordered-samples", "infinite", "zeros",
                             "negative", "normalise", "weights"})
        if (arguments.isSet(name))
            throw Error("--" + std::string(name) +
                        " says how a file becomes a table, but INPUT is a session, whose "
                        "table is as it is: leave it out.");
    request.session = std::make_shared<const SavedSession>(readSession(pathOf(request.input)));
    request.options = arguments.isSet("continue") ? reachedIn(*request.session, request.input.toStdString()).options
                                                  : request.session->options;
    request.plan = request.session->plan;
}

void addSessionOptions(Arguments& arguments)
{
    arguments.add("continue", "Where INPUT is a session: makes N iterations more from where it is.", "N");
    arguments.add("session", "Writes a session that the window opens, with the data, the options and what came out.",
                  "FILE.partscope");
}

void readSessionOptions(const Arguments& arguments, RunRequest& request)
{
    arguments.number("continue", request.continueFor, 1, std::numeric_limits<int>::max());
    if (arguments.isSet("continue") && !request.session)
        throw Error("--continue goes on where a session is: name a session (.partscope) as INPUT.");
    if (request.continueFor > 0 && (request.restarts > 1 || !request.ranks.empty() || request.startGiven))
        throw Error("--continue goes on from one pair of factors: leave out --init, --restarts and --ranks.");
    request.sessionFile = arguments.path("session");
    if (!request.sessionFile.empty() && !isSessionPath(QString::fromStdString(request.sessionFile.string())))
        throw Error("--session " + request.sessionFile.string() + " must end in .partscope.");
    if (!request.sessionFile.empty() && !request.ranks.empty())
        throw Error("--session is for one rank: leave it out, or use --rank.");
}

const Reached& reachedIn(const SavedSession& session, const std::string& name)
{
    if (!session.reached)
        throw Error(name + " is a session in which nothing was computed yet: run it first.");
    return *session.reached;
}

void writeResultSession(const RunRequest& request, std::shared_ptr<const Dataset> dataset, const Options& options,
                        const Result& result)
{
    const auto factors = std::make_shared<const Factors<double>>(result.factors);
    SavedSession session;
    session.dataset = std::move(dataset);
    session.plan = request.plan;
    session.options = options;
    session.runs = runsWith(request, options, result);
    session.reached = Reached{.options = options,
                              .W = {factors, &factors->W},
                              .Ht = {factors, &factors->Ht},
                              .ended = result.termination,
                              .endSentence = sentence(result.termination, options, result.history),
                              .notes = result.notes,
                              .iterationLimit = result.history.back().iteration};
    if (request.session) {
        session.sourceStamp = request.session->sourceStamp;
        session.link = request.session->link;
        session.names = request.session->names;
        session.colors = request.session->colors;
        session.order = request.session->order;
        session.view = request.session->view;
        session.unknown = request.session->unknown;
        session.unknownMembers = request.session->unknownMembers;
    }
    writeSession(session, Embedding::Small, request.sessionFile);
}

QJsonObject sessionReport(const SavedSession& session)
{
    QJsonObject report{{"runs", static_cast<qint64>(session.runs.size())},
                       {"rank", static_cast<qint64>(session.options.rank)},
                       {"solver", QString::fromStdString(textOf(session.options.algorithm))},
                       {"loss", QString::fromStdString(textOf(session.options.loss))},
                       {"reached", QJsonValue()}};
    if (session.reached) {
        const Record& last = session.runs.back().records.back();
        report["reached"] = QJsonObject{{"rank", static_cast<qint64>(session.reached->options.rank)},
                                        {"iterations", last.iteration},
                                        {"objective", last.objective},
                                        {"relative_error", last.relativeError},
                                        {"stopped_because", session.reached->ended
                                                                ? QString::fromStdString(idOf(*session.reached->ended))
                                                                : QStringLiteral("paused")}};
    }
    return report;
}

std::string sessionText(const SavedSession& session)
{
    std::string text = "A session of " + std::to_string(session.runs.size()) +
                       (session.runs.size() == 1 ? " run" : " runs") + ", rank " +
                       std::to_string(session.options.rank) + ", solver " + textOf(session.options.algorithm) + ".\n";
    if (!session.reached)
        return text + "Nothing was computed in it yet.\n";
    const Record& last = session.runs.back().records.back();
    return text + "Its last run is at iteration " + std::to_string(last.iteration) + ", objective " +
           shortNumber(last.objective) + ", relative error " + shortNumber(last.relativeError) + ". " +
           session.reached->endSentence + "\n";
}

} // namespace nmf::ui
