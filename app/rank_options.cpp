#include "app/rank_options.h"

#include "app/arguments.h"
#include "app/batch_session.h"
#include "core/initializers/initializers.h"

namespace nmf::ui
{

namespace
{

void addRankOptions(Arguments& arguments, const RankRequest& standard)
{
    arguments.positional("INPUT", "A file, a folder of images, sample:NAME for a built-in data set, or a session "
                                  "(.partscope).");
    arguments.add("ranks", "Which ranks: from A to B, or those listed. Standard: 2:8.", "A:B|K,K,…");
    arguments.add("runs",
                  "How many of each, each from another start. Standard: " + QString::number(standard.runs) + ".", "N");
    arguments.add("held-out",
                  "The share of entries that are predicted, not fitted, in as many runs more: whole blocks, features "
                  "and samples drawn into groups; of a sparse table single entries. 0 for none. Standard: " +
                      QString::number(standard.heldOut) + ".",
                  "SHARE");
    arguments.add("permuted", "Fits the data with each feature's entries permuted too, in as many runs more.");
    arguments.add("init",
                  "How runs begin: " + QString::fromStdString(listOfIds(initializers())) +
                      "; it must depend on the seed. Standard: random.",
                  "NAME");
    addModelOptions(arguments);
    arguments.add("output",
                  "The folder for report.json, ranks.csv with a line for each fit, and for each rank a folder rank-K "
                  "with its best W and H and with consensus.npy.",
                  "DIR");
    arguments.add("quiet", "Says nothing but errors.");
    arguments.add("json", "Prints the report on standard output.");
}

} // namespace

std::optional<RankRequest> rankRequest(const QStringList& given)
{
    RankRequest request;
    Arguments arguments("rank", "Fits INPUT with several ranks from many starts, and says how many parts there are.");
    addRankOptions(arguments, request);
    if (!arguments.parse(given))
        return {};
    RunRequest& run = request.run;
    run.input = arguments.subject(true, "INPUT: a file, a folder of images, or sample:NAME");
    takeSession(arguments, run);
    readModelOptions(arguments, run);
    run.rankGiven = true;
    run.ranks = ranksOf(arguments.isSet("ranks") ? arguments.text("ranks") : "2:8");
    run.startGiven = arguments.isSet("init");
    if (!run.startGiven)
        run.options.initializer = {"random", {}};
    arguments.choice("init", run.options.initializer, initializers());
    arguments.number("runs", request.runs, 1, 10000);
    run.restarts = request.runs;
    arguments.number("held-out", request.heldOut, 0.0, 0.5);
    request.permuted = arguments.isSet("permuted");
    run.output = arguments.path("output");
    run.quiet = arguments.isSet("quiet");
    run.json = arguments.isSet("json");
    return request;
}

} // namespace nmf::ui
