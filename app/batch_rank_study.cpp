#include "app/batch_rank_study.h"

#include "app/batch_input.h"
#include "app/batch_report.h"
#include "app/batch_results.h"
#include "app/complete_options.h"
#include "app/interruption.h"
#include "app/output_folder.h"
#include "app/progress_line.h"
#include "app/rank_study_report.h"
#include "core/error.h"
#include "core/formats/formats.h"
#include "ui/model/session.h"

#include <QJsonDocument>

#include <algorithm>
#include <cstdio>
#include <map>

namespace nmf::ui
{

namespace
{

RankPlan planOf(const RankRequest& request, const Dataset& dataset, const LoadControl& control, std::string& note)
{
    RankPlan plan{
        .ranks = request.run.ranks, .runs = request.runs, .heldOut = request.heldOut, .permuted = request.permuted};
    std::ranges::sort(plan.ranks);
    plan.ranks.erase(std::unique(plan.ranks.begin(), plan.ranks.end()), plan.ranks.end());
    const Options asked = completeOptions(request.run, dataset, control);
    plan.options = optionsForStudy(asked, note);
    if (!request.run.startGiven)
        return plan;
    // A start that was asked for is not exchanged: that it does not depend on the seed is said instead.
    plan.options.initializer = asked.initializer;
    note.clear();
    return plan;
}

RankFindings findingsOf(const std::shared_ptr<const Dataset>& dataset, RankPlan plan, const Interruption& interruption,
                        ProgressLine& line)
{
    std::map<RankFitKey, std::shared_ptr<const RankFit>> fits;
    const std::vector<RankFitKey> wanted = fitsOf(plan);
    studyRanks(dataset, plan, {}, interruption.token(), [&](const std::shared_ptr<const RankFit>& fit) {
        fits[fit->key] = fit;
        if (line.due())
            line.show(std::to_string(fits.size()) + " of " + std::to_string(wanted.size()) + " fits done");
    });
    line.end();
    RankFindings findings{.plan = std::move(plan), .stopped = fits.size() < wanted.size()};
    for (const RankFitKey& key : wanted)
        if (const auto found = fits.find(key); found != fits.end())
            findings.fits.push_back(found->second);
    if (findings.fits.empty())
        throw Cancelled();
    if (std::ranges::none_of(findings.fits, [](const auto& fit) { return fit->usable(); }))
        throw Error(findings.fits.front()->failure);
    for (const Index rank : findings.plan.ranks)
        findings.points.push_back(rankPointOf(findings.fits, rank));
    findings.suggestions = suggestedRanks(findings.points, findings.fits);
    return findings;
}

void writeConsensus(const OutputFolder& folder, const std::string& name, const RankFits& fits, Index rank)
{
    std::vector<std::vector<int>> labels;
    for (const auto& fit : fits)
        if (fit->key.rank == rank && fit->key.kind == RankFitKey::Kind::Whole && fit->usable())
            labels.push_back(fit->labels);
    if (labels.size() > 1 && static_cast<Index>(labels.front().size()) <= consensusLimit)
        saveNpy(folder.path(name), consensusMatrix(labels));
}

/// The best factors of a rank, as `partscope run` writes them, and the consensus.
void writeRank(const OutputFolder& folder, const RankRequest& request, const std::shared_ptr<const Dataset>& dataset,
               const RankFindings& findings, const RankPoint& point)
{
    if (!point.best)
        return;
    const std::shared_ptr<const RankFit> best =
        point.best->factors ? point.best : fitAgain(dataset, findings.plan, point.best->key);
    const Result result{*best->factors, best->history, best->termination};
    const std::string name = OutputFolder::rankPrefix + std::to_string(point.rank);
    folder.addSubfolder(name);
    const QByteArray report = QJsonDocument(runReport(request.run, *dataset, best->options, result)).toJson();
    writeResults(folder, name + "/", request.run, *dataset, best->options, result, report);
    writeConsensus(folder, name + "/consensus.npy", findings.fits, point.rank);
}

int study(RankRequest request, const Interruption& interruption, ProgressLine& line)
{
    std::optional<OutputFolder> folder;
    if (!request.run.output.empty())
        folder.emplace(request.run.output);
    const auto dataset = request.run.session ? request.run.session->dataset
                                             : readAll(request.run.input, request.run.plan, request.run.zerosGiven,
                                                       loadControl(interruption, line));
    std::string note;
    RankPlan plan = planOf(request, *dataset, loadControl(interruption, line), note);
    RankFindings findings = findingsOf(dataset, std::move(plan), interruption, line);
    findings.note = note;
    QJsonObject content = findingsReport(request, *dataset, findings);
    if (folder || request.run.json)
        identify(content, *dataset);
    const std::string report = QJsonDocument(content).toJson().toStdString();
    if (folder) {
        for (const RankPoint& point : findings.points)
            writeRank(*folder, request, dataset, findings, point);
        folder->write("ranks.csv", fitsTable(findings.fits));
        folder->write("report.json", report);
        folder->putInPlace();
    }
    if (request.run.json)
        print(report);
    else if (!request.run.quiet)
        print(findingsText(findings) + (folder ? "Written to " + folder->place().string() + ".\n" : std::string()));
    return findings.stopped ? exitInterrupted : exitDone;
}

} // namespace

int studyInput(const QStringList& arguments)
{
    const std::optional<RankRequest> request = rankRequest(arguments);
    if (!request)
        return exitDone;
    const Interruption interruption;
    ProgressLine line(!request->run.quiet);
    try {
        return study(*request, interruption, line);
    } catch (const Cancelled&) {
        line.end();
        std::fputs("Interrupted before the first fit was done; nothing was written.\n", stderr);
        return exitInterrupted;
    }
}

} // namespace nmf::ui
