#include "app/batch_ranks.h"

#include "app/batch_input.h"
#include "app/batch_measures.h"
#include "app/batch_report.h"
#include "app/batch_restarts.h"
#include "app/batch_results.h"
#include "core/block_prediction.h"
#include "core/error.h"
#include "core/measures/fit.h"
#include "core/rank_sweep.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace nmf::ui
{

namespace
{

std::string folderOf(const RankOutcome& outcome)
{
    return OutputFolder::rankPrefix + std::to_string(outcome.rank);
}

QJsonValue spreadReport(const std::optional<Spread>& spread)
{
    if (!spread)
        return {};
    return QJsonObject{{"best", spread->least},
                       {"lower_quartile", spread->lowerQuartile},
                       {"median", spread->median},
                       {"upper_quartile", spread->upperQuartile}};
}

QJsonValue heldOutReport(const std::optional<HeldOutMean>& mean)
{
    if (!mean)
        return {};
    return QJsonObject{{"relative_error", mean->relativeError},
                       {"standard_error", mean->standardError},
                       {"runs", static_cast<qint64>(mean->runs)}};
}

/// One rank in the report of all.
QJsonObject rankReport(const RankOutcome& outcome)
{
    QJsonObject report = restartsReport(outcome.restarts, {});
    double seconds = 0;
    qint64 failed = 0;
    for (const RestartOutcome& run : outcome.restarts.runs) {
        seconds += run.last.seconds;
        failed += !run.failure.empty();
    }
    report["rank"] = static_cast<qint64>(outcome.rank);
    report["failed"] = failed;
    report["seconds"] = seconds;
    report["objective"] = spreadReport(outcome.objective);
    report["held_out"] = heldOutReport(outcome.heldOut);
    if (outcome.restarts.usable()) {
        const double error = outcome.restarts.runs[outcome.restarts.best].last.relativeError;
        report["folder"] = QString::fromStdString(folderOf(outcome));
        report["relative_error"] = error;
        report["explained_variance"] = explainedVariance(error);
    }
    return report;
}

QJsonObject sweepReport(const RunRequest& request, const Dataset& dataset, const Options& options,
                        const RankSweep& sweep, const std::string& note)
{
    QJsonArray ranks;
    for (const RankOutcome& outcome : sweep.ranks)
        ranks.append(rankReport(outcome));
    QJsonObject report{
        {"program", "partscope"},
        {"version", QCoreApplication::applicationVersion()},
        {"input", QJsonObject{{"source", QString::fromStdString(dataset.source)},
                              {"title", QString::fromStdString(dataset.title)}}},
        {"shapes",
         QJsonObject{{"V", QJsonArray{static_cast<qint64>(dataset.V.rows()), static_cast<qint64>(dataset.V.cols())}}}},
        {"minimised", QString::fromStdString(formula(options))},
        {"seed", static_cast<qint64>(options.seed)},
        {"restarts", request.restarts},
        {"held_out", options.heldOut},
        {"held_out_blocks", request.heldOutBlocks},
        {"stopped", sweep.stopped},
        {"suggested_rank", sweep.suggested ? QJsonValue(static_cast<qint64>(*sweep.suggested)) : QJsonValue()},
        {"ranks", ranks}};
    if (!note.empty())
        report["note"] = QString::fromStdString(note);
    return report;
}

std::string rankLine(const QJsonObject& rank)
{
    std::string text = "Rank " + std::to_string(rank["rank"].toInteger()) + ":";
    const QJsonObject objective = rank["objective"].toObject(), heldOut = rank["held_out"].toObject();
    if (objective.isEmpty())
        return text + " no result.\n";
    text += " objective " + shortNumber(objective["best"].toDouble()) + " (median " +
            shortNumber(objective["median"].toDouble()) + "), relative error " +
            shortNumber(rank["relative_error"].toDouble());
    for (const char* key : {"cophenetic", "dispersion", "instability"})
        if (rank[key].isDouble())
            text += std::string(", ") + key + " " + shortNumber(rank[key].toDouble());
    if (!heldOut.isEmpty())
        text += ", held out " + shortNumber(heldOut["relative_error"].toDouble()) + " ± " +
                shortNumber(heldOut["standard_error"].toDouble());
    return text + ".\n";
}

std::string summary(const QJsonObject& report)
{
    std::string text;
    for (const QJsonValue rank : report["ranks"].toArray())
        text += rankLine(rank.toObject());
    if (!report["suggested_rank"].isNull())
        text += "Rank " + std::to_string(report["suggested_rank"].toInteger()) +
                " is the smallest whose held-out error is within one standard error of the smallest one.\n";
    if (report.contains("note"))
        text += report["note"].toString().toStdString() + "\n";
    return text;
}

void writeRank(const OutputFolder& folder, const RunRequest& request, const Dataset& dataset,
               const RankOutcome& outcome)
{
    const Restarts& restarts = outcome.restarts;
    QJsonObject content = runReport(request, dataset, restarts.options, restarts.result);
    const QJsonObject measures = measuresReport(dataset, restarts.options, restarts.result);
    for (auto measure = measures.begin(); measure != measures.end(); ++measure)
        content[measure.key()] = measure.value();
    content["restarts"] = restartsReport(restarts, {});
    folder.addSubfolder(folderOf(outcome));
    writeResults(folder, folderOf(outcome) + "/", request, dataset, restarts.options, restarts.result,
                 QJsonDocument(content).toJson());
}

/// Holds out whole blocks in place of entries. An interruption leaves out the ranks that are not done.
void holdOutBlocks(const RunRequest& request, const Dataset& dataset, Options options, const Interruption& interruption,
                   ProgressLine& line, RankSweep& sweep)
{
    try {
        for (RankOutcome& outcome : sweep.ranks) {
            options.rank = outcome.rank;
            outcome.heldOut =
                predictBlocks(dataset, options, request.heldOutBlocks, interruption.token(), [&](int done, int all) {
                    if (line.due())
                        line.show("Rank " + std::to_string(outcome.rank) + ": " + std::to_string(done) + " of " +
                                  std::to_string(all) + " blocks predicted");
                });
        }
    } catch (const Cancelled&) {
        sweep.stopped = true;
    }
    line.end();
    sweep.suggested = suggestedRank(sweep.ranks);
}

} // namespace

int factorizeRanks(const RunRequest& request, std::shared_ptr<const Dataset> dataset, Options options,
                   const Interruption& interruption, ProgressLine& line, std::optional<OutputFolder>& folder)
{
    std::string note;
    if (request.restarts > 1)
        options = optionsForRestarts(std::move(options), request.startGiven, note);
    RankSweep sweep = sweepRanks(
        dataset, options, request.ranks, request.restarts, interruption.token(), [&](const RestartProgress& progress) {
            if (line.due())
                line.show(std::to_string(progress.finished) + " of " + std::to_string(progress.total) + " runs done");
        });
    line.end();
    if (request.heldOutBlocks > 0)
        holdOutBlocks(request, *dataset, options, interruption, line, sweep);
    QJsonObject content = sweepReport(request, *dataset, options, sweep, note);
    if (folder || request.json)
        identify(content, *dataset);
    const QByteArray report = QJsonDocument(content).toJson();
    if (folder) {
        for (const RankOutcome& outcome : sweep.ranks)
            if (outcome.restarts.usable())
                writeRank(*folder, request, *dataset, outcome);
        folder->write("report.json", report.toStdString());
        folder->putInPlace();
    }
    if (request.json)
        print(report.toStdString());
    else if (!request.quiet)
        print(summary(content) + (folder ? "Written to " + folder->place().string() + ".\n" : std::string()));
    return sweep.stopped ? exitInterrupted : exitDone;
}

} // namespace nmf::ui
