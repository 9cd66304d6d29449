#include "app/rank_study_report.h"

#include "app/batch_report.h"
#include "app/output_folder.h"
#include "core/measures/fit.h"
#include "ui/model/options_report.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <charconv>
#include <cmath>

namespace nmf::ui
{

namespace
{

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

QJsonValue number(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

QJsonValue meanReport(const std::optional<MeanOfRuns>& mean)
{
    if (!mean)
        return {};
    return QJsonObject{{"relative_error", mean->mean},
                       {"standard_error", mean->standardError},
                       {"runs", static_cast<qint64>(mean->runs)}};
}

std::string idOf(RankFitKey::Kind kind)
{
    switch (kind) {
    case RankFitKey::Kind::Whole:
        return "whole";
    case RankFitKey::Kind::HeldOut:
        return "held-out";
    case RankFitKey::Kind::Permuted:
        break;
    }
    return "permuted";
}

std::string idOf(RankSuggestion::Rule rule)
{
    switch (rule) {
    case RankSuggestion::Rule::HeldOut:
        return "held-out-one-standard-error";
    case RankSuggestion::Rule::Permuted:
        return "permuted-slope";
    case RankSuggestion::Rule::Cophenetic:
        break;
    }
    return "cophenetic-fall";
}

QJsonObject pointReport(const RankPoint& point)
{
    QJsonObject report{{"rank", static_cast<qint64>(point.rank)},
                       {"training", meanReport(point.training)},
                       {"held_out", meanReport(point.heldOut)},
                       {"permuted", meanReport(point.permuted)},
                       {"stability", point.stability ? QJsonValue(*point.stability) : QJsonValue()}};
    report["cophenetic"] = point.consensus ? number(point.consensus->cophenetic) : QJsonValue();
    report["dispersion"] = point.consensus ? QJsonValue(point.consensus->dispersion) : QJsonValue();
    report["ambiguous_pairs"] = point.consensus ? QJsonValue(point.consensus->ambiguous) : QJsonValue();
    if (!point.best)
        return report;
    report["folder"] = text(OutputFolder::rankPrefix + std::to_string(point.rank));
    report["best_seed"] = static_cast<qint64>(point.best->options.seed);
    report["objective"] = number(point.best->last.objective);
    report["relative_error"] = point.best->last.relativeError;
    report["explained_variance"] = explainedVariance(point.best->last.relativeError);
    return report;
}

/// The shortest that is read as the same number.
std::string exact(double value)
{
    char characters[32];
    return {characters, std::to_chars(characters, characters + sizeof characters, value).ptr};
}

std::string line(const RankPoint& point)
{
    std::string result = "Rank " + std::to_string(point.rank) + ":";
    if (!point.training)
        return result + " no result.\n";
    result += " relative error " + shortNumber(point.training->mean);
    const auto add = [&](const std::optional<MeanOfRuns>& mean, const char* name) {
        if (mean)
            result +=
                std::string(", ") + name + " " + shortNumber(mean->mean) + " ± " + shortNumber(mean->standardError);
    };
    add(point.heldOut, "held out");
    add(point.permuted, "permuted");
    if (point.consensus)
        result += ", cophenetic " + shortNumber(point.consensus->cophenetic) + ", dispersion " +
                  shortNumber(point.consensus->dispersion);
    if (point.stability)
        result += ", stability " + shortNumber(*point.stability);
    return result + ".\n";
}

} // namespace

QJsonObject findingsReport(const RankRequest& request, const Dataset& dataset, const RankFindings& findings)
{
    QJsonArray ranks, suggestions;
    for (const RankPoint& point : findings.points)
        ranks.append(pointReport(point));
    for (const RankSuggestion& suggestion : findings.suggestions)
        suggestions.append(QJsonObject{{"rank", static_cast<qint64>(suggestion.rank)},
                                       {"rule", text(idOf(suggestion.rule))},
                                       {"reason", text(suggestion.reason)},
                                       {"certainty", text(suggestion.certainty)}});
    const auto m = static_cast<qint64>(dataset.V.rows()), n = static_cast<qint64>(dataset.V.cols());
    QJsonObject report{
        {"program", "partscope"},
        {"version", QCoreApplication::applicationVersion()},
        {"input", QJsonObject{{"source", text(dataset.source)}, {"title", text(dataset.title)}}},
        {"shapes", QJsonObject{{"V", QJsonArray{m, n}}}},
        {"options", optionsReport(findings.plan.options)},
        {"minimised", text(formula(findings.plan.options))},
        {"seed", static_cast<qint64>(findings.plan.options.seed)},
        {"runs", request.runs},
        {"held_out", request.heldOut},
        {"permuted", request.permuted},
        {"stopped", findings.stopped},
        {"suggested_rank", suggestions.isEmpty() ? QJsonValue() : suggestions.first().toObject()["rank"]},
        {"suggestions", suggestions},
        {"ranks", ranks}};
    if (!findings.note.empty())
        report["note"] = text(findings.note);
    return report;
}

std::string findingsText(const RankFindings& findings)
{
    std::string result;
    for (const RankPoint& point : findings.points)
        result += line(point);
    for (const RankSuggestion& suggestion : findings.suggestions)
        result += suggestion.reason + " " + suggestion.certainty + "\n";
    return result + (findings.note.empty() ? "" : findings.note + "\n");
}

std::string fitsTable(const RankFits& fits)
{
    std::string table =
        "rank,run,fit,seed,objective,relative_error,held_out_error,iterations,seconds,stopped_because\n";
    for (const auto& fit : fits) {
        table += std::to_string(fit->key.rank) + "," + std::to_string(fit->key.run + 1) + "," + idOf(fit->key.kind) +
                 "," + std::to_string(fit->options.seed) + ",";
        if (!fit->usable()) {
            table += ",,,,,failed\n";
            continue;
        }
        table += exact(fit->last.objective) + "," + exact(fit->last.relativeError) + "," +
                 (fit->key.kind == RankFitKey::Kind::HeldOut ? exact(fit->heldOutError) : std::string()) + "," +
                 std::to_string(fit->last.iteration) + "," + exact(fit->last.seconds) + "," +
                 nmf::idOf(fit->termination) + "\n";
    }
    return table;
}

} // namespace nmf::ui
