#include "app/race_report.h"

#include "app/batch_report.h"
#include "core/measures/fit.h"
#include "ui/model/options_report.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <cmath>
#include <limits>
#include <sstream>

namespace nmf::ui
{

namespace
{

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

/// A field of a table: parameters of a solver have commas between them.
std::string field(const std::string& value)
{
    return value.find(',') == std::string::npos ? value : '"' + value + '"';
}

std::string nameOf(const Race& race, std::size_t lane)
{
    return textOf(race.run(lane).options().algorithm);
}

/// Without a target nobody has reached it, and whoever is lowest is first.
double targetOf(const RaceRequest& request)
{
    return request.target.value_or(-std::numeric_limits<double>::infinity());
}

std::optional<Record> crossingOf(const RaceRequest& request, const Race& race, std::size_t lane)
{
    return crossing(race.run(lane).history(), measureOf(race), targetOf(request));
}

QJsonObject recordReport(const Record& record)
{
    return {{"iteration", record.iteration},
            {"seconds", record.seconds},
            {"objective", std::isfinite(record.objective) ? QJsonValue(record.objective) : QJsonValue()}};
}

QJsonObject laneReport(const RaceRequest& request, const Race& race, std::size_t lane)
{
    const Run& run = race.run(lane);
    const Record& last = run.history().back();
    const std::optional<Record> crossed = crossingOf(request, race, lane);
    const std::optional<Termination>& ended = race.ended(lane);
    return {{"solver", text(nameOf(race, lane))},
            {"iterations", last.iteration},
            {"seconds", last.seconds},
            {"objective", recordReport(last)["objective"]},
            {"relative_error", last.relativeError},
            {"explained_variance", explainedVariance(last.relativeError)},
            {"reached_target", crossed ? QJsonValue(recordReport(*crossed)) : QJsonValue()},
            {"stopped_because", ended ? QJsonValue(text(idOf(*ended))) : QJsonValue()}};
}

} // namespace

QJsonObject raceReport(const RaceRequest& request, const Dataset& dataset, const Race& race, bool stopped)
{
    QJsonArray lanes, order;
    for (std::size_t lane = 0; lane < race.size(); ++lane)
        lanes.append(laneReport(request, race, lane));
    for (const std::size_t lane : placings(race, targetOf(request)))
        order.append(text(nameOf(race, lane)));
    Options options = race.run(0).options();
    // What all were given is how the first of them begins.
    options.start = request.run.options.start;
    const auto m = static_cast<qint64>(dataset.V.rows()), n = static_cast<qint64>(dataset.V.cols());
    QJsonObject common = optionsReport(options);
    common.remove("solver");
    return {{"program", "partscope"},
            {"version", QCoreApplication::applicationVersion()},
            {"input", QJsonObject{{"source", text(dataset.source)}, {"title", text(dataset.title)}}},
            {"shapes", QJsonObject{{"V", QJsonArray{m, n}}}},
            {"options", common},
            {"minimised", text(formula(options))},
            {"seed", static_cast<qint64>(options.seed)},
            {"target", request.target ? QJsonValue(*request.target) : QJsonValue()},
            {"stopped", stopped},
            {"order", order},
            {"lanes", lanes}};
}

std::string raceText(const RaceRequest& request, const Race& race)
{
    std::string result;
    int place = 0;
    for (const std::size_t lane : placings(race, targetOf(request))) {
        const Record& last = race.run(lane).history().back();
        result += std::to_string(++place) + ". " + nameOf(race, lane) + ": ";
        if (const std::optional<Record> crossed = crossingOf(request, race, lane))
            result += "reached the target after " + shortNumber(crossed->seconds) + " s, in iteration " +
                      std::to_string(crossed->iteration) + "; ";
        else if (request.target)
            result += "did not reach the target; ";
        result += "objective " + shortNumber(last.objective) + " after " + std::to_string(last.iteration) +
                  " iterations in " + shortNumber(last.seconds) + " s.\n";
    }
    return result;
}

std::string raceTable(const Race& race)
{
    std::string table;
    for (std::size_t lane = 0; lane < race.size(); ++lane) {
        std::istringstream lines(lossTable(race.run(lane).history()));
        std::string line;
        std::getline(lines, line);
        if (table.empty())
            table = "solver," + line + "\n";
        while (std::getline(lines, line))
            table += field(nameOf(race, lane)) + "," + line + "\n";
    }
    return table;
}

} // namespace nmf::ui
