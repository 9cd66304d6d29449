#include "app/batch_options.h"

#include "app/arguments.h"
#include "app/batch_import.h"
#include "app/batch_session.h"
#include "app/lock_options.h"
#include "app/output_options.h"
#include "app/term_options.h"
#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/terms.h"

#include <QCommandLineParser>
#include <QFile>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace nmf::ui
{

namespace
{

QString ids(const std::string& list)
{
    return QString::fromStdString(list);
}

/// Of entries that are held out for early stopping, and how many looks at them it waits.
constexpr double usualShare = 0.05;
constexpr int usualPatience = 10;

void addKnownOptions(Arguments& arguments)
{
    arguments.add("held-out",
                  "Keeps this share of the known entries from the fit, and reports how well they are predicted.",
                  "SHARE");
    arguments.add("held-out-seed", "Says which entries are held out. Standard: 1.", "S");
    arguments.add(
        "patience",
        "Stops when the held-out loss has not fallen for so many looks, five iterations apart, and at any end "
        "goes back to the best factors; 0 for never. Standard: 0, with --early-stopping " +
            QString::number(usualPatience) + ".",
        "N");
    arguments.add("early-stopping", "Short for --held-out " + QString::number(usualShare) + " --patience " +
                                        QString::number(usualPatience) + ", each unless it is given.");
}

void readKnownOptions(const Arguments& arguments, RunRequest& request)
{
    Options& options = request.options;
    if (arguments.isSet("early-stopping")) {
        options.heldOut = usualShare;
        options.patience = usualPatience;
    }
    arguments.number("held-out", options.heldOut, 0.0, 0.9);
    std::int64_t seed = static_cast<std::int64_t>(options.heldOutSeed);
    arguments.number<std::int64_t>("held-out-seed", seed, 0, std::numeric_limits<std::int64_t>::max());
    options.heldOutSeed = static_cast<std::uint64_t>(seed);
    arguments.number("patience", options.patience, 0, std::numeric_limits<int>::max());
}

void addStoppingRules(Arguments& arguments)
{
    arguments.add("tol-kkt",
                  "Stops when the projected gradient, components balanced, is at most this share of that at the start, "
                  "or nothing but rounding; looked at every ten iterations. 0 for never. Standard: 0.",
                  "T");
    arguments.add("tol-step",
                  "Stops when an iteration changes neither factor by more than this share of its norm; 0 for never. "
                  "Standard: 0.",
                  "T");
    arguments.add("connectivity",
                  "Stops when the strongest component of every sample was the same at so many looks, ten iterations "
                  "apart (Brunet et al. 2004: 40); 0 for never. Standard: 0.",
                  "N");
}

void addLossOptions(Arguments& arguments)
{
    arguments.add("loss", "What is minimised: " + ids(listOfIds(losses())) + ".", "NAME");
    arguments.add("solver",
                  "How: " + ids(listOfIds(algorithms())) +
                      " (see --list-solvers). Standard: the fastest for what is asked for.",
                  "NAME");
}

void addSeedOption(Arguments& arguments)
{
    arguments.add("seed", "Of the random numbers. Standard: " + QString::number(Options().seed) + ".", "S");
}

void addLimitOptions(Arguments& arguments)
{
    const Options standard;
    arguments.add("max-iter",
                  "The largest number of iterations. Standard: " + QString::number(standard.maxIterations) + ".", "N");
    arguments.add("tol",
                  "Stops when the objective fell by less than this share of itself in ten iterations; 0 for never. "
                  "Standard: " +
                      QString::number(standard.tolerance) + ".",
                  "T");
    addStoppingRules(arguments);
    arguments.add("time-limit", "Stops after so many seconds of solving.", "SECONDS");
    arguments.add("precision", "Of the numbers: single or double. Standard: double.", "NAME");
    arguments.add("threads", "How many to use. Changes the time, never the result. Standard: one for each core.", "N");
}

/// Not all of the table counts alike.
bool looksAtAPart(const RunRequest& request)
{
    const Options& options = request.options;
    return !request.plan.weights.empty() || options.nanUnknown || request.plan.repairs.zeros.id == "unknown" ||
           options.heldOut > 0;
}

void addRunOptions(Arguments& arguments)
{
    const Options standard;
    arguments.positional("INPUT", "A file, a folder of images, sample:NAME for a built-in data set, or a session "
                                  "(.partscope): that is run again with its options, those aside that are given here.");
    arguments.add("rank",
                  "How many parts. Standard: what a built-in data set suggests, else " +
                      QString::number(standard.rank) + ".",
                  "K");
    addLossOptions(arguments);
    arguments.add("init",
                  "Where it begins: " + ids(listOfIds(initializers())) +
                      "; or the name of an npz file with W (features × parts), H (parts × samples) or both. Where "
                      "these are fewer parts than --rank, the rest begins by --init-rest on what they leave over.",
                  "NAME|FILE");
    arguments.add("init-rest",
                  "How parts begin that the file of --init does not give. Standard: " + ids(standard.initializer.id) +
                      ".",
                  "NAME");
    addTermOptions(arguments);
    addLockOptions(arguments);
    addSeedOption(arguments);
    arguments.add("restarts",
                  "Runs with R seeds, S, S + 1, …, beside each other, and keeps the one with the lowest objective. The "
                  "report has all, and how far they agree. Standard: 1.",
                  "R");
    arguments.add(
        "ranks",
        "Runs several ranks, from A to B or those listed, with R seeds each, all beside each other. OUTPUT has "
        "the best factors of each in a folder rank-K; the report compares them, and with --held-out it "
        "suggests one.",
        "A:B|K,K,…");
    arguments.add("held-out-blocks",
                  "With --ranks: holds out whole blocks, rows and columns drawn into B groups each, and tells how well "
                  "each rank predicts them.",
                  "B");
    addLimitOptions(arguments);
    addImportOptions(arguments);
    addKnownOptions(arguments);
    addSessionOptions(arguments);
    addOutputOptions(arguments);
    arguments.add("quiet", "Says nothing but errors.");
    arguments.add("json", "Prints the report on standard output.");
    arguments.add(
        "labels",
        "A text with a line for each sample, its known class: the report tells how far the samples' strongest "
        "components agree with these.",
        "FILE");
    arguments.add("compare", "Reports what SVD, PCA and VQ of the same rank make of INPUT too.");
    arguments.add("list-solvers", "Lists the solvers.");
}

void readRanks(const Arguments& arguments, RunRequest& request)
{
    arguments.number("held-out-blocks", request.heldOutBlocks, 2, 1000);
    if (request.heldOutBlocks > 0 && !arguments.isSet("ranks"))
        throw Error(
            "--held-out-blocks is for several ranks: use it with --ranks, or hold out entries with --held-out.");
    if (!arguments.isSet("ranks"))
        return;
    if (!request.classes.empty())
        throw Error("--labels is for one rank: leave it out, or use --rank.");
    if (request.rankGiven)
        throw Error("--rank and --ranks say two things: use one of them.");
    if (request.compare)
        throw Error("--compare is for one rank: leave it out, or use --rank.");
    if (!request.start.empty())
        throw Error("--init " + request.start.string() + " has one rank: leave it out where several ranks are run.");
    request.ranks = ranksOf(arguments.text("ranks"));
}

} // namespace

void ElasticNet::apply(Options& options, Index rows, Index columns) const
{
    options.onW = nmf::elasticNet(onW, l1Ratio, static_cast<double>(columns));
    options.onH = nmf::elasticNet(onH, l1Ratio, static_cast<double>(rows));
}

namespace
{

/// What a session holds is a table already: only what is unknown in it may be said.
void readPlan(const Arguments& arguments, RunRequest& request)
{
    const ImportPlan plan = importPlan(arguments);
    request.zerosGiven = arguments.isSet("zeros");
    if (!request.session)
        request.plan = plan;
    if (!request.session || arguments.isSet("missing"))
        request.options.nanUnknown = takesMissingForUnknown(plan);
}

} // namespace

/// "2:12" or "2,4,8".
std::vector<Index> ranksOf(const std::string& text)
{
    constexpr Index most = 1000;
    const auto complain = [&]() -> std::vector<Index> {
        throw Error("--ranks is \"" + text +
                    "\": it must be a range such as 2:12 or a list such as 2,4,8, of at most " + std::to_string(most) +
                    " ranks from 1 up.");
    };
    const bool range = text.find(':') != std::string::npos;
    std::vector<Index> ranks;
    const char *at = text.data(), *const end = at + text.size();
    while (true) {
        int rank = 0;
        const auto [stop, error] = std::from_chars(at, end, rank);
        if (error != std::errc() || rank < 1 || static_cast<Index>(ranks.size()) == most)
            return complain();
        ranks.push_back(rank);
        if (stop == end)
            break;
        if (*stop != (range ? ':' : ','))
            return complain();
        at = stop + 1;
    }
    if (!range)
        return ranks;
    if (ranks.size() != 2 || ranks[1] < ranks[0] || ranks[1] - ranks[0] >= most)
        return complain();
    const Index last = ranks[1];
    ranks.resize(1);
    while (ranks.back() < last)
        ranks.push_back(ranks.back() + 1);
    return ranks;
}

void addModelOptions(Arguments& arguments)
{
    addLossOptions(arguments);
    addTermOptions(arguments);
    addSeedOption(arguments);
    addLimitOptions(arguments);
    addImportOptions(arguments);
}

void readModelOptions(const Arguments& arguments, RunRequest& request)
{
    Options& options = request.options;
    arguments.choice("loss", options.loss, losses());
    readPlan(arguments, request);
    readTerms(arguments, request);
    request.solverGiven = arguments.isSet("solver") || request.session;
    arguments.choice("solver", options.algorithm, algorithms());
    std::int64_t seed = static_cast<std::int64_t>(options.seed);
    arguments.number<std::int64_t>("seed", seed, 0, std::numeric_limits<std::int64_t>::max());
    options.seed = static_cast<std::uint64_t>(seed);
    arguments.number("max-iter", options.maxIterations, 0, std::numeric_limits<int>::max());
    arguments.number("tol", options.tolerance, 0.0, 1.0);
    arguments.number("tol-kkt", options.kktTolerance, 0.0, 1.0);
    arguments.number("tol-step", options.stepTolerance, 0.0, 1.0);
    arguments.number("connectivity", options.connectivityLooks, 0, std::numeric_limits<int>::max());
    arguments.number("time-limit", options.timeLimit, 0.0, 1e9);
    arguments.number("threads", options.threads, 0, 1024);
    if (const std::string precision = arguments.text("precision"); precision == "single")
        options.precision = Precision::Single;
    else if (arguments.isSet("precision") && precision != "double")
        throw Error("--precision is \"" + precision + "\": it must be single or double.");
}

std::optional<RunRequest> runRequest(const QStringList& given)
{
    Arguments arguments("run", "Factorizes INPUT, V ≈ WH, without a window.");
    addRunOptions(arguments);
    if (!arguments.parse(given))
        return {};
    RunRequest request;
    Options& options = request.options;
    request.input = arguments.subject(true, "INPUT: a file, a folder of images, or sample:NAME");
    takeSession(arguments, request);
    request.rankGiven = arguments.isSet("rank") || request.session;
    arguments.number<Index>("rank", options.rank, 1, std::numeric_limits<int>::max());
    readModelOptions(arguments, request);
    readKnownOptions(arguments, request);
    readLockOptions(arguments, request);
    const std::string start = arguments.text("init");
    const bool known = find(initializers(), start.substr(0, start.find_first_of("=:"))) != nullptr;
    if (!known && (start.ends_with(".npz") || QFile::exists(QString::fromStdString(start))))
        request.start = pathOf(QString::fromStdString(start));
    else
        arguments.choice("init", options.initializer, initializers());
    if (request.start.empty() && arguments.isSet("init-rest"))
        throw Error("--init-rest is for parts that a file does not give: name the file with --init FILE.");
    arguments.choice("init-rest", options.initializer, initializers());
    request.compare = arguments.isSet("compare");
    request.startGiven = arguments.isSet("init");
    if (request.startGiven)
        options.start.reset();
    if (arguments.isSet("labels"))
        request.classes = arguments.text("labels");
    arguments.number("restarts", request.restarts, 1, 10000);
    readRanks(arguments, request);
    requireWholeTable(request);
    readSessionOptions(arguments, request);
    request.quiet = arguments.isSet("quiet");
    request.json = arguments.isSet("json");
    readOutput(arguments, request);
    return request;
}

std::optional<TransformRequest> transformRequest(const QStringList& given)
{
    constexpr double largest = std::numeric_limits<double>::max();
    Arguments arguments("transform", "Finds the coefficients of new samples for a basis that was found.");
    arguments.positional("MODEL",
                         "A folder that partscope run has written, a session (.partscope), or an npz file with "
                         "W (features × rank).");
    arguments.positional("INPUT", "A file, a folder of images, or sample:NAME for a built-in data set.");
    arguments.add("loss", "What is minimised: " + ids(listOfIds(losses())) + ". Standard: as the model was found.",
                  "NAME");
    arguments.add("l1-h", "Weight of ‖H‖₁ in the objective. Standard: as the model was found.", "A");
    arguments.add("l2-h", "Weight of ½‖H‖²F in the objective. Standard: as the model was found.", "A");
    arguments.add("threads", "How many to use. Changes the time, never the result. Standard: one for each core.", "N");
    addImportOptions(arguments);
    arguments.add("output", "The folder for H.npy and report.json.", "DIR");
    arguments.add("quiet", "Says nothing but errors.");
    arguments.add("json", "Prints the report on standard output.");
    if (!arguments.parse(given))
        return {};
    TransformRequest request;
    const auto [model, input] =
        arguments.subjects("MODEL and INPUT: a folder that partscope run has written, a session "
                           "or an npz file with W, and the samples");
    request.model = pathOf(model);
    request.input = input;
    if (arguments.isSet("loss"))
        request.loss = lossOf(arguments.text("loss"));
    const auto weight = [&](const QString& name, std::optional<double>& value) {
        double number = 0;
        arguments.number(name, number, 0.0, largest);
        if (arguments.isSet(name))
            value = number;
    };
    weight("l1-h", request.l1);
    weight("l2-h", request.l2);
    arguments.number("threads", request.options.threads, 0, 1024);
    request.plan = importPlan(arguments);
    request.zerosGiven = arguments.isSet("zeros");
    request.options.nanUnknown = takesMissingForUnknown(request.plan);
    requireSameForNewSamples(request.plan);
    request.quiet = arguments.isSet("quiet");
    request.json = arguments.isSet("json");
    request.output = arguments.path("output");
    return request;
}

std::optional<InfoRequest> infoRequest(const QStringList& given)
{
    Arguments arguments("info", "Says what INPUT holds.");
    arguments.positional("INPUT", "A file, a folder of images, or sample:NAME for a built-in data set.");
    addImportOptions(arguments);
    arguments.add("json", "As JSON.");
    if (!arguments.parse(given))
        return {};
    return InfoRequest{arguments.subject(true, "INPUT: a file, a folder of images, or sample:NAME"),
                       importPlan(arguments), arguments.isSet("json"), arguments.isSet("zeros")};
}

std::optional<SamplesRequest> samplesRequest(const QStringList& given)
{
    Arguments arguments("samples", "Lists the built-in data sets, or writes one to a file.");
    arguments.positional("NAME", "The one to write.");
    arguments.add("output", "The file to write: .npy or .csv.", "FILE");
    if (!arguments.parse(given))
        return {};
    SamplesRequest request{arguments.subject(false, "NAME"), arguments.path("output")};
    if (request.sample.isEmpty() && !request.output.empty())
        throw Error("--output needs the NAME of a built-in data set before it; partscope samples lists them.");
    if (!request.sample.isEmpty() && request.output.empty())
        throw Error("samples " + request.sample.toStdString() +
                    " needs --output FILE: the .npy or .csv file to write.");
    return request;
}

void requireWholeTable(const RunRequest& request)
{
    if ((!request.compare && request.heldOutBlocks == 0) || !looksAtAPart(request))
        return;
    const std::string option = request.compare ? "--compare" : "--held-out-blocks";
    if (request.plan.repairs.zeros.id == "unknown" && !request.zerosGiven && !request.session)
        throw Error(option + " looks at whole tables, but what nobody rated in a list of ratings is unknown: leave it "
                             "out, or take that for zero by --zeros known.");
    throw Error(option + " looks at whole tables: leave it out, or the unknown, weighted and held-out entries.");
}

Choice lossOf(const std::string& text)
{
    return Arguments::choiceOf("loss", text, losses());
}

std::filesystem::path pathOf(const QString& text)
{
    return QFile::encodeName(text).toStdString();
}

} // namespace nmf::ui
