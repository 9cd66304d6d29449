#include "app/batch_race.h"

#include "app/batch_input.h"
#include "app/batch_report.h"
#include "app/complete_options.h"
#include "app/interruption.h"
#include "app/output_folder.h"
#include "app/progress_line.h"
#include "app/race_report.h"
#include "core/error.h"
#include "ui/model/session.h"

#include <QJsonDocument>

#include <cstdio>
#include <limits>

namespace nmf::ui
{

namespace
{

std::vector<Options> lanesOf(const RaceRequest& request, const Dataset& dataset, const LoadControl& control)
{
    std::vector<Options> lanes(request.solvers.size(), completeOptions(request.run, dataset, control));
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        lanes[lane].algorithm = request.solvers[lane];
        try {
            requireConsistent(lanes[lane], dataset);
        } catch (const Error& error) {
            throw Error("--solvers has " + textOf(request.solvers[lane]) + ". " + error.what());
        }
    }
    return lanes;
}

/// All the way, or as far as it gets until it is interrupted.
void runRace(Race& race, const RaceRequest& request, const Interruption& interruption, ProgressLine& line)
{
    // Whoever has not begun has no place.
    race.advanceToIteration(0, interruption.token());
    for (std::size_t lane = 0; lane < race.size(); ++lane)
        if (!race.run(lane).started())
            throw Cancelled();
    const double seconds = request.seconds.value_or(std::numeric_limits<double>::infinity());
    race.advanceToSeconds(seconds, interruption.token(), [&](std::size_t lane, const Run& run) {
        const Record& last = run.history().back();
        if (line.due())
            line.show(textOf(run.options().algorithm) + ", " + std::to_string(lane + 1) + " of " +
                      std::to_string(race.size()) + ": iteration " + std::to_string(last.iteration) + ", " +
                      shortNumber(last.seconds) + " s, objective " + shortNumber(last.objective));
    });
    line.end();
}

int raceAndReport(RaceRequest request, const Interruption& interruption, ProgressLine& line)
{
    std::optional<OutputFolder> folder;
    RunRequest& run = request.run;
    if (!run.output.empty())
        folder.emplace(run.output);
    const auto dataset = run.session ? run.session->dataset
                                     : readAll(run.input, run.plan, run.zerosGiven, loadControl(interruption, line));
    Race lanes(dataset, lanesOf(request, *dataset, loadControl(interruption, line)), interruption.token());
    runRace(lanes, request, interruption, line);
    QJsonObject content = raceReport(request, *dataset, lanes, interruption.happened());
    if (folder || run.json)
        identify(content, *dataset);
    const std::string report = QJsonDocument(content).toJson().toStdString();
    if (folder) {
        folder->write("race.csv", raceTable(lanes));
        folder->write("report.json", report);
        folder->putInPlace();
    }
    if (run.json)
        print(report);
    else if (!run.quiet)
        print(raceText(request, lanes) + (folder ? "Written to " + folder->place().string() + ".\n" : std::string()));
    return interruption.happened() ? exitInterrupted : exitDone;
}

} // namespace

int raceInput(const QStringList& arguments)
{
    const std::optional<RaceRequest> request = raceRequest(arguments);
    if (!request)
        return exitDone;
    const Interruption interruption;
    ProgressLine line(!request->run.quiet);
    try {
        return raceAndReport(*request, interruption, line);
    } catch (const Cancelled&) {
        line.end();
        std::fputs("Interrupted before the first iteration; nothing was written.\n", stderr);
        return exitInterrupted;
    }
}

} // namespace nmf::ui
