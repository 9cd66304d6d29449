#include "app/race_options.h"

#include "app/arguments.h"
#include "app/batch_session.h"
#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"

#include <limits>

namespace nmf::ui
{

namespace
{

void addRaceOptions(Arguments& arguments)
{
    arguments.positional("INPUT", "A file, a folder of images, sample:NAME for a built-in data set, or a session "
                                  "(.partscope), whose factors all begin with.");
    arguments.add("solvers",
                  "Which: two or more of " + QString::fromStdString(listOfIds(algorithms())) + " (see --list-solvers).",
                  "NAME,NAME,…");
    arguments.add("target", "Says who reaches this objective, and after how many seconds and iterations.", "OBJECTIVE");
    arguments.add("seconds",
                  "Lets each go on until its own clock shows so many; the clock runs only while it iterates.",
                  "SECONDS");
    arguments.add("iterations", "Lets each make so many, unless its seconds are over before.", "N");
    arguments.add("rank",
                  "How many parts. Standard: what a built-in data set suggests, else " +
                      QString::number(Options().rank) + ".",
                  "K");
    arguments.add("init",
                  "Where all begin: " + QString::fromStdString(listOfIds(initializers())) +
                      ". Standard: " + QString::fromStdString(Options().initializer.id) + ".",
                  "NAME");
    addModelOptions(arguments);
    arguments.add("output", "The folder for report.json, and race.csv with a line for each iteration of each solver.",
                  "DIR");
    arguments.add("quiet", "Says nothing but errors.");
    arguments.add("json", "Prints the report on standard output.");
}

/// "mu,hals", where parameters may have commas between them, too: "name:a=1,b=2,mu".
std::vector<Choice> solversOf(std::string text)
{
    std::vector<std::string> names;
    for (bool more = true; more;) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string piece = text.substr(0, comma);
        const std::size_t equals = piece.find_first_of("=:");
        const bool parameter = equals != std::string::npos && !find(algorithms(), piece.substr(0, equals));
        if (parameter && !names.empty())
            names.back() += "," + piece;
        else
            names.push_back(piece);
        more = comma < text.size();
        text.erase(0, comma + 1);
    }
    std::vector<Choice> solvers;
    for (const std::string& name : names) {
        solvers.push_back(Arguments::choiceOf("solvers", name, algorithms()));
        if (std::ranges::count(solvers, solvers.back()) > 1)
            throw Error("--solvers has " + name + " twice: name each solver once.");
    }
    if (solvers.size() < 2)
        throw Error("--solvers names one solver, and a race is between several: name two or more, with commas between "
                    "them.");
    return solvers;
}

/// Where it is said when a race is over, a rule of convergence must be asked for to end a lane before.
void readLimits(const Arguments& arguments, RaceRequest& request)
{
    Options& options = request.run.options;
    const auto given = [&](const QString& name, double minimum) -> std::optional<double> {
        double value = 0;
        arguments.number(name, value, minimum, std::numeric_limits<double>::max());
        return arguments.isSet(name) ? std::optional(value) : std::nullopt;
    };
    request.target = given("target", std::numeric_limits<double>::lowest());
    request.seconds = given("seconds", 0);
    if (arguments.isSet("iterations") && arguments.isSet("max-iter"))
        throw Error("--iterations and --max-iter say two things: use one of them.");
    if ((request.seconds || arguments.isSet("iterations")) && !arguments.isSet("tol"))
        options.tolerance = 0;
    if (request.seconds && !arguments.isSet("max-iter"))
        options.maxIterations = std::numeric_limits<int>::max();
    arguments.number("iterations", options.maxIterations, 0, std::numeric_limits<int>::max());
}

} // namespace

std::optional<RaceRequest> raceRequest(const QStringList& given)
{
    RaceRequest request;
    Arguments arguments("race", "Lets several solvers factorize INPUT from one start, each by a clock of its own.");
    addRaceOptions(arguments);
    if (!arguments.parse(given))
        return {};
    RunRequest& run = request.run;
    run.input = arguments.subject(true, "INPUT: a file, a folder of images, or sample:NAME");
    takeSession(arguments, run);
    run.rankGiven = arguments.isSet("rank") || run.session;
    arguments.number<Index>("rank", run.options.rank, 1, std::numeric_limits<int>::max());
    readModelOptions(arguments, run);
    if (arguments.isSet("solver"))
        throw Error("--solver names one, and a race is between several: name them all with --solvers.");
    if (!arguments.isSet("solvers"))
        throw Error("race needs --solvers: two or more, with commas between them; partscope --list-solvers lists "
                    "them.");
    request.solvers = solversOf(arguments.text("solvers"));
    run.solverGiven = true;
    run.startGiven = arguments.isSet("init");
    if (run.startGiven)
        run.options.start.reset();
    arguments.choice("init", run.options.initializer, initializers());
    readLimits(arguments, request);
    run.output = arguments.path("output");
    run.quiet = arguments.isSet("quiet");
    run.json = arguments.isSet("json");
    return request;
}

} // namespace nmf::ui
