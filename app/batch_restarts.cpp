#include "app/batch_restarts.h"

#include "app/batch_report.h"
#include "core/initializers/initializers.h"
#include "core/measures/consensus.h"
#include "core/measures/stability.h"

#include <QJsonArray>

#include <chrono>
#include <cmath>

namespace nmf::ui
{

namespace
{

QJsonObject runReport(const RestartOutcome& outcome)
{
    QJsonObject report{{"seed", static_cast<qint64>(outcome.seed)}};
    if (!outcome.failure.empty()) {
        report["failure"] = QString::fromStdString(outcome.failure);
        return report;
    }
    report["stopped_because"] =
        outcome.begun ? QString::fromStdString(idOf(outcome.termination)) : QStringLiteral("not-begun");
    if (!outcome.begun)
        return report;
    report["objective"] = outcome.last.objective;
    report["relative_error"] = outcome.last.relativeError;
    report["iterations"] = outcome.last.iteration;
    report["seconds"] = outcome.last.seconds;
    if (outcome.heldOut) {
        report["held_out_relative_error"] = outcome.heldOut->relativeError;
        report["held_out_seed"] = static_cast<qint64>(outcome.heldOutSeed);
    }
    return report;
}

/// Whether runs that fit equally well have the same components.
void addDetermination(const Restarts& restarts, QJsonObject& report)
{
    constexpr double equallyGood = 1e-4, alike = 0.95;
    const double least = restarts.runs[restarts.best].last.scaledObjective;
    std::vector<const Matrix<double>*> bases;
    for (const RestartOutcome& outcome : restarts.runs)
        if (outcome.usable() && outcome.last.scaledObjective <= least * (1 + equallyGood))
            bases.push_back(&outcome.W);
    report["equally_good_runs"] = static_cast<qint64>(bases.size());
    if (bases.size() < 2)
        return;
    const double cosine = stabilityOf(bases).stability;
    report["equally_good_stability"] = cosine;
    report["determined"] = cosine >= alike;
}

void addAgreement(const Restarts& restarts, QJsonObject& report)
{
    std::vector<std::vector<int>> labels, publishedLabels;
    std::vector<const Matrix<double>*> bases;
    std::size_t reference = 0;
    for (std::size_t i = 0; i < restarts.runs.size(); ++i) {
        if (!restarts.runs[i].usable())
            continue;
        if (i == restarts.best)
            reference = bases.size();
        labels.push_back(restarts.runs[i].labels);
        publishedLabels.push_back(restarts.runs[i].publishedLabels);
        bases.push_back(&restarts.runs[i].W);
    }
    if (labels.size() < 2)
        return;
    const Consensus consensus = consensusOf(labels), published = consensusOf(publishedLabels);
    report["cophenetic"] = consensus.cophenetic;
    report["dispersion"] = consensus.dispersion;
    report["ambiguous_pairs"] = consensus.ambiguous;
    report["consensus_samples"] = static_cast<qint64>(consensus.samples);
    report["as_published"] = QJsonObject{{"cophenetic", published.cophenetic},
                                         {"dispersion", published.dispersion},
                                         {"ambiguous_pairs", published.ambiguous}};
    if (bases[reference]->size() == 0)
        return;
    const Stability stability = stabilityOf(bases, reference);
    report["stability"] = stability.stability;
    report["instability"] = stability.instability;
    report["compared_pairs"] = static_cast<qint64>(stability.pairs);
    QJsonArray components;
    for (const double cosine : stability.perComponent)
        components.append(cosine);
    report["component_stability"] = components;
    addDetermination(restarts, report);
}

} // namespace

Options optionsForRestarts(Options options, bool startGiven, std::string& note)
{
    if (startGiven)
        return options;
    note = "The initialisation is random: from the standard one, " + options.initializer.id +
           ", all runs would begin at nearly the same place.";
    options.initializer = {"random", {}};
    return options;
}

Restarts restartWatched(std::shared_ptr<const Dataset> dataset, const Options& options, int count,
                        const Interruption& interruption, ProgressLine& line)
{
    if (line.due())
        line.show("Run 1 of " + std::to_string(count));
    Restarts restarts =
        restart(std::move(dataset), options, count, interruption.token(), [&](const RestartProgress& progress) {
            if (line.due())
                line.show(std::to_string(progress.finished) + " of " + std::to_string(progress.total) +
                          " runs done, lowest objective " + shortNumber(progress.lowestObjective));
        });
    line.end();
    return restarts;
}

QJsonObject restartsReport(const Restarts& restarts, const std::string& note)
{
    QJsonArray runs;
    for (const RestartOutcome& outcome : restarts.runs)
        runs.append(runReport(outcome));
    QJsonObject report{{"count", static_cast<qint64>(restarts.runs.size())},
                       {"first_seed", static_cast<qint64>(restarts.runs.front().seed)},
                       {"best_seed", static_cast<qint64>(restarts.runs[restarts.best].seed)},
                       {"runs", runs},
                       // Of a single run all would be one by construction, and say nothing.
                       {"cophenetic", QJsonValue::Null},
                       {"dispersion", QJsonValue::Null},
                       {"stability", QJsonValue::Null},
                       {"instability", QJsonValue::Null}};
    if (!note.empty())
        report["note"] = QString::fromStdString(note);
    addAgreement(restarts, report);
    return report;
}

std::string restartsSummary(const QJsonObject& report)
{
    std::size_t usable = 0;
    for (const QJsonValue run : report["runs"].toArray())
        usable += run.toObject().contains("objective");
    std::string text = "Best of " + std::to_string(usable) + (usable == 1 ? " run" : " runs") + ", seed " +
                       std::to_string(report["best_seed"].toInteger()) + ".";
    const auto add = [&](const char* key, const char* name) {
        if (report[key].isDouble())
            text += std::string(" ") + name + " " + shortNumber(report[key].toDouble()) + ".";
    };
    add("cophenetic", "Cophenetic correlation");
    add("dispersion", "Dispersion");
    add("stability", "Stability of the components");
    text += "\n";
    if (report["determined"].isBool() && !report["determined"].toBool())
        text += "The data do not determine the components: " + std::to_string(report["equally_good_runs"].toInteger()) +
                " runs end within 0.01 % of the best objective, and their components have a mean cosine of " +
                shortNumber(report["equally_good_stability"].toDouble()) + ".\n";
    if (report.contains("note"))
        text += report["note"].toString().toStdString() + "\n";
    return text;
}

} // namespace nmf::ui
