#include "app/batch.h"

#include "app/batch_input.h"
#include "app/batch_measures.h"
#include "app/batch_options.h"
#include "app/batch_race.h"
#include "app/batch_rank_study.h"
#include "app/batch_ranks.h"
#include "app/batch_report.h"
#include "app/batch_restarts.h"
#include "app/batch_results.h"
#include "app/batch_session.h"
#include "app/batch_transform.h"
#include "app/complete_options.h"
#include "app/interruption.h"
#include "app/output_folder.h"
#include "app/progress_line.h"
#include "app/solver_list.h"
#include "core/error.h"
#include "core/factorize.h"
#include "core/formats/formats.h"
#include "core/formats/rating_list.h"
#include "core/measures/trace.h"
#include "core/samples/samples.h"
#include "core/terms.h"
#include "ui/model/import.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <new>
#include <unistd.h>

namespace nmf::ui
{

namespace
{

constexpr int failed = 1;

/// Runs to the end, or to the end of the iteration in which it is interrupted: between two halves the factors have no
/// record.
Result runWatched(Run& run, const Interruption& interruption, ProgressLine& line)
{
    std::stop_source stop;
    std::atomic<bool> begun = false;
    const std::stop_callback whileBeginning(interruption.token(), [&] {
        if (!begun)
            stop.request_stop();
    });
    const Termination termination = run.advance(
        stop.get_token(), {.report = [&](const Run& now) {
            begun = true;
            if (now.betweenHalves())
                return;
            if (interruption.happened())
                stop.request_stop();
            const Record& last = now.history().back();
            if (line.due())
                line.show("Iteration " + std::to_string(last.iteration) + " of " +
                          std::to_string(now.options().maxIterations) + ", objective " + shortNumber(last.objective) +
                          ", relative error " + shortNumber(last.relativeError));
        }});
    line.end();
    if (!run.started())
        throw Cancelled();
    if (termination == Termination::NotFinite)
        throw Error(sentence(termination, run.options(), run.history()) +
                    " Nothing was written; scale the data, or use double precision.");
    return {run.factors(), run.history(), termination, run.notes(), run.heldOut(), run.monotonicityViolations()};
}

/// What came out of one run, or of the best of many.
struct Solution
{
    Options options;
    Result result;
    bool stopped = false;
    QJsonObject restarts = {}; ///< what the report says of them; empty for one run
};

Solution solve(const RunRequest& request, std::shared_ptr<const Dataset> dataset, const Interruption& interruption,
               ProgressLine& line)
{
    Options options = completeOptions(request, *dataset, loadControl(interruption, line));
    if (request.restarts == 1) {
        Run run(std::move(dataset), std::move(options));
        if (request.continueFor > 0) {
            run.beginAt(request.session->position());
            run.setLimits(run.iteration() + request.continueFor, 0, 0);
        }
        Result result = runWatched(run, interruption, line);
        const bool stopped = result.termination == Termination::Stopped;
        return {run.options(), std::move(result), stopped};
    }
    std::string note;
    options = optionsForRestarts(std::move(options), request.startGiven, note);
    Restarts restarts = restartWatched(std::move(dataset), options, request.restarts, interruption, line);
    const QJsonObject report = restartsReport(restarts, note);
    return {std::move(restarts.options), std::move(restarts.result), restarts.stopped, report};
}

std::string heldOutText(const Result& result)
{
    std::string text;
    if (result.heldOut)
        text = std::to_string(result.heldOut->entries) + " held-out entries: root mean square error " +
               shortNumber(result.heldOut->rootMeanSquare) + ", relative error " +
               shortNumber(result.heldOut->relativeError) + ".\n";
    for (const std::string& note : result.notes)
        text += note + "\n";
    return text;
}

/// What a bound on the trace has come to; empty if there is none.
std::string traceText(const Dataset& dataset, const Options& options, const Result& result)
{
    if (options.together.traceBound == 0)
        return {};
    const TraceReport found = traceReport(dataset, options, result.factors);
    std::string text = "The trace of WH is " + shortNumber(found.trace) + ": its bound of " +
                       shortNumber(options.together.traceBound) +
                       (found.active ? " is in the way, with a multiplier of " + shortNumber(found.multiplier)
                                     : std::string(" is not in the way")) +
                       ".\n";
    if (found.leastObjective)
        text +=
            "Under it no matrices of this rank have an objective below " + shortNumber(*found.leastObjective) + ".\n";
    return text;
}

/// What was taken for unknown without being asked for; empty if nothing.
std::string unratedText(const RunRequest& request, const Dataset& dataset)
{
    const bool unsaid = !request.session && !request.zerosGiven && areRatings(dataset);
    return unsaid ? unratedNote(request.plan.repairs.zeros.id == "unknown") + "\n" : std::string();
}

std::string summary(const RunRequest& request, const Dataset& dataset, const Options& options, const Result& result)
{
    const Record& last = result.history.back();
    return dataset.title + ", " + std::to_string(dataset.V.rows()) + " features × " + std::to_string(dataset.V.cols()) +
           " samples, rank " + std::to_string(options.rank) + ".\n" + unratedText(request, dataset) + "Solver " +
           textOf(options.algorithm) +
           (request.solverGiven ? "." : ", chosen automatically. " + solverReason(request, dataset, options)) + "\n" +
           sentence(result.termination, options, result.history) + "\nObjective " + shortNumber(last.objective) +
           ", relative error " + shortNumber(last.relativeError) + ", " + shortNumber(last.seconds) + " s.\n" +
           traceText(dataset, options, result) + heldOutText(result);
}

/// Adds the other models to the report; an interruption leaves them out, not what was reached. What to tell people.
std::string compare(const Dataset& dataset, const Options& options, const Interruption& interruption,
                    QJsonObject& report)
{
    try {
        const QJsonObject models = comparisonReport(dataset, options, interruption.token());
        report["compare"] = models;
        return comparisonText(models);
    } catch (const Cancelled&) {
        return {};
    }
}

int factorizeInput(const QStringList& arguments)
{
    std::optional<RunRequest> request = runRequest(arguments);
    if (!request)
        return exitDone;
    const Interruption interruption;
    ProgressLine line(!request->quiet);
    try {
        std::optional<OutputFolder> folder;
        if (!request->output.empty())
            folder.emplace(request->output);
        const auto dataset = request->session ? request->session->dataset
                                              : readAll(request->input, request->plan, request->zerosGiven,
                                                        loadControl(interruption, line));
        requireWholeTable(*request);
        if (!request->ranks.empty())
            return factorizeRanks(*request, dataset,
                                  completeOptions(*request, *dataset, loadControl(interruption, line)), interruption,
                                  line, folder);
        std::vector<std::string> classes;
        if (!request->classes.empty()) {
            classes = classesIn(request->classes);
            requireClasses(classes, static_cast<std::size_t>(dataset->V.cols()), request->classes);
        }
        const Solution solution = solve(*request, dataset, interruption, line);
        QJsonObject content = runReport(*request, *dataset, solution.options, solution.result);
        if (!solution.restarts.isEmpty())
            content["restarts"] = solution.restarts;
        const QJsonObject measures = measuresReport(*dataset, solution.options, solution.result);
        for (auto measure = measures.begin(); measure != measures.end(); ++measure)
            content[measure.key()] = measure.value();
        std::string more = request->compare ? compare(*dataset, solution.options, interruption, content) : "";
        if (!classes.empty()) {
            const QJsonObject agreement = agreementReport(solution.result, classes);
            content["labels"] = agreement;
            more += agreementText(agreement);
        }
        if (folder || request->json)
            identify(content, *dataset);
        const QByteArray report = QJsonDocument(content).toJson();
        if (folder) {
            writeResults(*folder, "", *request, *dataset, solution.options, solution.result, report);
            folder->putInPlace();
        }
        if (!request->sessionFile.empty())
            writeResultSession(*request, dataset, solution.options, solution.result);
        if (request->json)
            print(report.toStdString());
        else if (!request->quiet)
            print(summary(*request, *dataset, solution.options, solution.result) +
                  (solution.restarts.isEmpty() ? std::string() : restartsSummary(solution.restarts)) + more +
                  (folder ? "Written to " + folder->place().string() + ".\n" : std::string()));
        return solution.stopped ? exitInterrupted : exitDone;
    } catch (const Cancelled&) {
        line.end();
        std::fputs("Interrupted before the first iteration; nothing was written.\n", stderr);
        return exitInterrupted;
    }
}

/// What a session holds, and where it is.
int describeSession(const InfoRequest& request, const LoadControl& control, ProgressLine& line)
{
    const SavedSession session = readSession(pathOf(request.input), control);
    line.end();
    QJsonObject report = infoReport(*session.dataset, session.plan, {});
    report["session"] = sessionReport(session);
    print(request.json ? QJsonDocument(report).toJson().toStdString()
                       : sessionText(session) + infoText(*session.dataset, session.plan, {}));
    return exitDone;
}

int describeInput(const QStringList& arguments)
{
    std::optional<InfoRequest> request = infoRequest(arguments);
    if (!request)
        return exitDone;
    ProgressLine line(true);
    const Interruption interruption;
    try {
        if (isSessionPath(request->input) && request->plan == ImportPlan())
            return describeSession(*request, loadControl(interruption, line), line);
        const auto dataset =
            readAll(request->input, request->plan, request->zerosGiven, loadControl(interruption, line));
        const std::vector<FileMember> members = membersOf(
            request->input.startsWith("sample:") ? request->input.toStdString() : pathOf(request->input).string());
        line.end();
        print(request->json ? QJsonDocument(infoReport(*dataset, request->plan, members)).toJson().toStdString()
                            : infoText(*dataset, request->plan, members));
        return exitDone;
    } catch (const Cancelled&) {
        return exitInterrupted;
    }
}

void writeSample(const SamplesRequest& request)
{
    const Dataset dataset = sampleNamed(request.sample.toStdString()).make(1);
    const std::string suffix = request.output.extension().string();
    if (suffix != ".npy" && suffix != ".csv")
        throw Error("--output " + request.output.string() + " must end in .npy or .csv.");
    std::filesystem::path beside = request.output;
    beside += ".partscope-" + std::to_string(::getpid());
    Matrix<double> values = Matrix<double>::Zero(dataset.V.rows(), dataset.V.cols());
    for (Index column = 0; column < values.cols(); ++column)
        dataset.V.visitStored(column, [&](Index row, double value) { values(row, column) = value; });
    try {
        if (suffix == ".npy")
            saveNpy(beside, values);
        else
            saveCsv(beside, values, dataset.features.names, dataset.samples.names);
        std::filesystem::rename(beside, request.output);
    } catch (const std::exception&) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw;
    }
}

int showSamples(const QStringList& arguments)
{
    const std::optional<SamplesRequest> request = samplesRequest(arguments);
    if (request && !request->sample.isEmpty())
        writeSample(*request);
    else if (request)
        for (const Sample& sample : samples())
            print(sample.facts.id + "\n    " + sample.facts.name + ". " + sample.facts.summary + " Rank " +
                  std::to_string(sample.suggestedRank) + ".\n");
    return exitDone;
}

void showHelp()
{
    print(
        "Partscope factorizes a non-negative table, V ≈ WH, and shows the parts that it finds.\n\n"
        "  partscope                               opens the window\n"
        "  partscope [--run] INPUT                 opens the window on INPUT, with --run already running\n"
        "  partscope --screenshot PNG INPUT        the same, saves a picture of it when the run has ended, and closes\n"
        "  partscope run INPUT [options]           factorizes without a window\n"
        "  partscope transform MODEL INPUT         finds the coefficients of new samples for a basis that was found\n"
        "  partscope rank INPUT --ranks A:B        says how many parts there are, and how sure that is\n"
        "  partscope race INPUT --solvers A,B      lets solvers run from one start, each by a clock of its own\n"
        "  partscope info INPUT                    says what INPUT holds\n"
        "  partscope samples [NAME --output FILE]  lists the built-in data sets, or writes one to a file\n"
        "  partscope --list-solvers | --version | --help\n\n"
        "INPUT is a file, a folder of images, sample:NAME, or a session that was saved. partscope run --help lists the "
        "options.\n");
}

int dispatch(QStringList arguments)
{
    const QString command = arguments.takeFirst();
    if (command == "--list-solvers" || (command == "run" && arguments.contains("--list-solvers")))
        print(solverList());
    else if (command == "--version")
        print("partscope " + QCoreApplication::applicationVersion().toStdString() + "\n");
    else if (command == "--help" || command == "-h")
        showHelp();
    else if (command == "info")
        return describeInput(arguments);
    else if (command == "samples")
        return showSamples(arguments);
    else if (command == "transform")
        return transformInput(arguments);
    else if (command == "rank")
        return studyInput(arguments);
    else if (command == "race")
        return raceInput(arguments);
    else
        return factorizeInput(arguments);
    return exitDone;
}

int complain(std::string message)
{
    for (char& character : message)
        if (character == '\n' || character == '\r')
            character = ' ';
    std::fprintf(stderr, "partscope: %s\n", message.c_str());
    return failed;
}

} // namespace

bool isBatch(const QStringList& arguments)
{
    static const QStringList commands{"run",     "transform",      "rank",      "race",   "info",
                                      "samples", "--list-solvers", "--version", "--help", "-h"};
    return !arguments.isEmpty() && commands.contains(arguments.first());
}

int runBatch(const QStringList& arguments)
{
    // Past a limit on file sizes a write shall fail with its sentence, not end the program.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        const int status = dispatch(arguments);
        if (std::fflush(stdout) != 0)
            return complain("Standard output could not be written: is the disk full?");
        return status;
    } catch (const Error& error) {
        return complain(error.what());
    } catch (const std::bad_alloc&) {
        return complain("There is not enough memory for this: use a smaller rank or less data.");
    } catch (const std::exception& error) {
        return complain(error.what());
    }
}

} // namespace nmf::ui
