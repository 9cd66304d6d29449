#include "ui/model/command_line.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/formats/rating_list.h"
#include "core/losses/losses.h"
#include "core/terms.h"
#include "ui/model/import.h"
#include "ui/model/options_report.h"

#include <QStringList>

#include <charconv>

namespace nmf::ui
{

namespace
{

QString number(double value)
{
    char characters[32];
    const auto end = std::to_chars(characters, characters + sizeof characters, value).ptr;
    return QString::fromLatin1(characters, end - characters);
}

/// The words after `partscope run INPUT`, each option only where it differs from the standard.
class Words
{
public:
    template <class Value>
    void add(const char* option, const Value& value, const Value& standard)
    {
        if (value != standard)
            addAlways(option, textOf(value));
    }

    void addAlways(const char* option, const QString& value) { m_words << option << value; }

    void addAll(const QStringList& words) { m_words += words; }
    bool has(const QString& option) const { return m_words.contains(option); }

    const QStringList& all() const { return m_words; }

private:
    static QString textOf(double value) { return number(value); }
    static QString textOf(int value) { return QString::number(value); }
    static QString textOf(std::uint64_t value) { return QString::number(value); }
    static QString textOf(const Choice& choice) { return QString::fromStdString(nmf::ui::textOf(choice)); }

    QStringList m_words;
};

Choice automatic(const Options& options, const Dataset& dataset)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    return {automaticAlgorithm(divergence, isWeighted(options, dataset), demandsOf(options)), {}};
}

/// The run ended by its own rules: a new one does so at the same iteration.
bool endsByItself(const CommandRequest& request)
{
    if (!request.snapshot || !request.snapshot->ended)
        return !request.snapshot;
    const Termination ended = *request.snapshot->ended;
    if (ended == Termination::IterationLimit)
        return request.snapshot->record.iteration == request.options.maxIterations || request.options.patience > 0;
    return isConverged(ended) || ended == Termination::HeldOutLimit;
}

void addStopping(Words& words, const CommandRequest& request)
{
    const Options& options = request.options;
    const Options standard;
    if (!endsByItself(request)) {
        // Continued, paused, or stopped by hand or by the clock: so many iterations, whatever the rules would say.
        words.addAlways("--max-iter", QString::number(request.snapshot->record.iteration));
        words.add("--tol", 0.0, standard.tolerance);
        return;
    }
    words.add("--max-iter", options.maxIterations, standard.maxIterations);
    words.add("--tol", options.tolerance, standard.tolerance);
    words.add("--tol-kkt", options.kktTolerance, standard.kktTolerance);
    words.add("--tol-step", options.stepTolerance, standard.stepTolerance);
    words.add("--connectivity", options.connectivityLooks, standard.connectivityLooks);
    words.add("--time-limit", options.timeLimit, standard.timeLimit);
}

/// The plan, but that the options have the last word on what a sparse table does not keep.
ImportPlan planOf(const CommandRequest& request)
{
    ImportPlan plan = request.plan;
    if (request.dataset->V.isSparse())
        plan.repairs.zeros.id = request.options.unstoredUnknown ? "unknown" : "known";
    return plan;
}

void addUnknown(Words& words, const Options& options, const Dataset& dataset)
{
    const Options standard;
    if (options.nanUnknown)
        words.addAlways("--missing", "nan");
    // Of ratings they are unknown where nothing is said.
    if (areRatings(dataset) && !options.unstoredUnknown)
        words.addAlways("--zeros", "known");
    words.add("--held-out", options.heldOut, standard.heldOut);
    words.add("--held-out-seed", options.heldOutSeed, standard.heldOutSeed);
    words.add("--patience", options.patience, standard.patience);
}

void requireRepeatable(const CommandRequest& request)
{
    const Options& options = request.options;
    if (request.dataset->source.empty())
        throw Error("These data came from the clipboard, which no command can read: save them as a file and open it.");
    if (options.start || !options.lockW.none() || !options.lockH.none())
        throw Error("This run began with factors that were given by hand, which no command line holds: export the "
                    "results as NPZ and begin with --init factors.npz.");
    if (request.dataset->source.find('\n') != std::string::npos)
        throw Error(
            "These pictures were chosen one by one, which no command line does: put them into a folder and open "
            "that.");
    // Zeros that are unknown in a dense table are weights too, which the plan says.
    if (request.dataset->weights && request.plan.weights.empty() && request.plan.repairs.zeros.id != "unknown")
        throw Error("The weights of these data have no file of their own that a command could name.");
    if (request.snapshot && request.snapshot->betweenHalves)
        throw Error("The run rests between two halves of an iteration, where no command ends: make another half "
                    "step.");
}

} // namespace

QString quoted(const QString& word)
{
    const auto isPlain = [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringLiteral("_-./:=,+@%").contains(c);
    };
    if (!word.isEmpty() && std::all_of(word.begin(), word.end(), isPlain))
        return word;
    return '\'' + QString(word).replace('\'', "'\\''") + '\'';
}

QString commandLine(const CommandRequest& request)
{
    requireRepeatable(request);
    const Options& options = request.options;
    const Options standard;
    Words words;
    words.addAlways("--rank", QString::number(options.rank));
    words.addAll(importWords(planOf(request)));
    words.add("--loss", options.loss, standard.loss);
    words.add("--solver", options.algorithm, automatic(options, *request.dataset));
    words.add("--init", options.initializer, standard.initializer);
    words.add("--seed", options.seed, standard.seed);
    for (const Term& term : terms())
        words.add(("--" + term.parameter.id).c_str(), term.of(options), term.of(standard));
    if (options.precision == Precision::Single)
        words.addAlways("--precision", "single");
    addUnknown(words, options, *request.dataset);
    addStopping(words, request);
    QStringList line{"partscope", "run", QString::fromStdString(request.dataset->source)};
    line += words.all();
    for (QString& word : line)
        word = quoted(word);
    return line.join(' ');
}

} // namespace nmf::ui
