#include "app/batch_report.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/measures/components.h"
#include "core/measures/fit.h"
#include "core/measures/kkt.h"
#include "core/measures/sparseness.h"
#include "core/measures/support.h"
#include "core/measures/trace.h"
#include "core/terms.h"
#include "ui/model/import.h"
#include "ui/model/input_identity.h"
#include "ui/model/session.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <charconv>

namespace nmf::ui
{

namespace
{

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QJsonArray shape(Index rows, Index columns)
{
    return {static_cast<qint64>(rows), static_cast<qint64>(columns)};
}

QJsonArray sentences(const std::vector<std::string>& notes)
{
    QJsonArray array;
    for (const std::string& note : notes)
        array.append(text(note));
    return array;
}

void append(std::string& target, double value)
{
    char characters[32];
    target.append(characters, std::to_chars(characters, characters + sizeof characters, value).ptr);
}

/// "l1_w": as a report names it.
QString key(const Term& term)
{
    return text(term.parameter.id).replace('-', '_');
}

QJsonObject chosen(const RunRequest& request, const Options& options)
{
    QJsonObject report = optionsReport(options);
    report["init"] = text(!options.start          ? textOf(options.initializer)
                          : request.start.empty() ? request.input.toStdString()
                                                  : request.start.string());
    report["init_rest"] = text(options.start ? textOf(options.initializer) : std::string());
    report["transpose"] = request.plan.transpose;
    report["zeros"] = text(textOf(request.plan.repairs.zeros));
    report["negative"] = text(textOf(request.plan.repairs.negative));
    report["weights"] = text(request.plan.weights.string());
    report["lock_entries_w"] = text(request.lockedW.string());
    report["lock_entries_h"] = text(request.lockedH.string());
    if (request.elasticNet) {
        report["alpha_w"] = request.elasticNet->onW;
        report["alpha_h"] = request.elasticNet->onH;
        report["l1_ratio"] = request.elasticNet->l1Ratio;
    }
    return report;
}

/// What the fit and each penalty have in the objective.
QJsonObject objectiveTerms(const Dataset& dataset, const Options& options, const Result& result)
{
    QJsonObject report;
    double penalties = 0;
    for (const Term& term : terms()) {
        if (!term.norm)
            continue;
        const double price = term.price(options, dataset, result.factors);
        report[key(term)] = price;
        penalties += price;
    }
    report["data"] = std::max(result.history.back().objective - penalties, 0.0);
    return report;
}

/// Null if nothing was held out.
QJsonValue heldOutReport(const Options& options, const std::optional<HeldOutFit>& fit)
{
    if (!fit)
        return {};
    QJsonArray looks;
    for (const auto& [iteration, error] : fit->looks)
        looks.append(QJsonArray{iteration, error});
    return QJsonObject{{"share", options.heldOut},
                       {"seed", static_cast<qint64>(options.heldOutSeed)},
                       {"entries", static_cast<qint64>(fit->entries)},
                       {"rmse", fit->rootMeanSquare},
                       {"relative_error", fit->relativeError},
                       {"rmse_by_iteration", looks}};
}

/// Null if the trace has no bound.
QJsonValue traceBoundReport(const Dataset& dataset, const Options& options, const Factors<double>& factors)
{
    if (options.together.traceBound == 0)
        return {};
    const TraceReport found = traceReport(dataset, options, factors);
    return QJsonObject{{"bound", options.together.traceBound},
                       {"trace", found.trace},
                       {"active", found.active},
                       {"multiplier", found.multiplier},
                       {"least_objective", found.leastObjective ? QJsonValue(*found.leastObjective) : QJsonValue()}};
}

std::string kindOf(const Axis& axis)
{
    switch (axis.kind) {
    case Axis::Kind::Plain:
        return "plain";
    case Axis::Kind::Named:
        return "named";
    case Axis::Kind::Ordered:
        return "ordered";
    case Axis::Kind::Pixels:
        return "pixels";
    }
    return {};
}

QJsonObject axisReport(const Axis& axis)
{
    QJsonObject report{{"kind", text(kindOf(axis))}, {"noun", text(axis.noun)}};
    if (axis.kind == Axis::Kind::Pixels) {
        report["height"] = static_cast<qint64>(axis.height);
        report["width"] = static_cast<qint64>(axis.width);
        report["channels"] = static_cast<qint64>(axis.channels);
    }
    if (axis.kind == Axis::Kind::Ordered) {
        report["unit"] = text(axis.unit);
        if (!axis.positions.empty()) {
            report["first"] = axis.positions.front();
            report["last"] = axis.positions.back();
        }
    }
    report["names"] = static_cast<qint64>(axis.names.size());
    return report;
}

std::string axisText(const Axis& axis, Index length)
{
    const std::string first = axis.label(0), last = axis.label(length - 1);
    switch (axis.kind) {
    case Axis::Kind::Pixels:
        return "pixels, " + std::to_string(axis.height) + " high × " + std::to_string(axis.width) + " wide" +
               (axis.channels == 1 ? std::string() : " × " + std::to_string(axis.channels) + " channels");
    case Axis::Kind::Ordered:
        return "ordered, from " + first + " to " + last;
    case Axis::Kind::Named:
        return "named, from " + first + " to " + last;
    case Axis::Kind::Plain:
        break;
    }
    return axis.names.empty() ? "counted" : "counted, with names from " + first + " to " + last;
}

} // namespace

QJsonObject runReport(const RunRequest& request, const Dataset& dataset, const Options& options, const Result& result)
{
    const Record& last = result.history.back();
    const Index m = dataset.V.rows(), n = dataset.V.cols(), k = options.rank;
    const QJsonObject parts = objectiveTerms(dataset, options, result);
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    const auto twice = [&](bool defined) { return defined ? QJsonValue(2 * parts["data"].toDouble()) : QJsonValue(); };
    return {
        {"program", "partscope"},
        {"version", QCoreApplication::applicationVersion()},
        {"input", QJsonObject{{"source", text(dataset.source)},
                              {"title", text(dataset.title)},
                              {"notes", sentences(dataset.notes)}}},
        {"import", importReport(request.plan)},
        {"shapes", QJsonObject{{"V", shape(m, n)}, {"W", shape(m, k)}, {"H", shape(k, n)}}},
        {"options", chosen(request, options)},
        {"solver_reason", text(solverReason(request, dataset, options))},
        {"init_reason", text(startReason(request, options))},
        {"seed", static_cast<qint64>(options.seed)},
        {"minimised", text(formula(options) + (dataset.weights ? ", each entry times its weight" : ""))},
        {"iterations", last.iteration},
        {"converged", isConverged(result.termination)},
        {"stopped_because", text(idOf(result.termination))},
        {"stopped_because_sentence", text(sentence(result.termination, options, result.history))},
        {"objective", last.objective},
        {"objective_terms", parts},
        {"rss", twice(divergence.quadratic())},
        {"deviance", twice(divergence.kullbackLeibler())},
        {"monotonicity_violations", result.monotonicityViolations},
        {"effective_rank", static_cast<qint64>(aliveComponents(result.factors))},
        {"relative_error", last.relativeError},
        {"explained_variance", explainedVariance(last.relativeError)},
        {"kkt_residual", servesKkt(options) ? QJsonValue(kktResidual(dataset, options, result.factors)) : QJsonValue()},
        {"support", QJsonObject{{"W", meanSupport(result.factors.W)}, {"H", meanSupport(result.factors.Ht)}}},
        {"held_out", heldOutReport(options, result.heldOut)},
        {"trace", options.together.traceBound > 0 ? QJsonValue(traceOfModel(result.factors)) : QJsonValue()},
        {"trace_bound", traceBoundReport(dataset, options, result.factors)},
        {"notes", sentences(result.notes)},
        {"sparseness", QJsonObject{{"W", meanSparseness(result.factors.W)}, {"H", meanSparseness(result.factors.Ht)}}},
        {"seconds", last.seconds}};
}

void identify(QJsonObject& report, const Dataset& dataset)
{
    QJsonObject input = report["input"].toObject();
    const QJsonObject identity = identityReport(text(dataset.source));
    for (auto fact = identity.begin(); fact != identity.end(); ++fact)
        input[fact.key()] = fact.value();
    report["input"] = input;
}

std::string solverReason(const RunRequest& request, const Dataset& dataset, const Options& options)
{
    if (request.session && options.algorithm == request.session->options.algorithm)
        return "It is the session's.";
    if (request.solverGiven)
        return "It was asked for.";
    return automaticReason(find(losses(), options.loss.id)->make(options.loss.values), isWeighted(options, dataset),
                           demandsOf(options));
}

std::string startReason(const RunRequest& request, const Options& options)
{
    if (request.startGiven)
        return "It was asked for.";
    if (request.session)
        return "It is the session's.";
    return options.initializer == Options().initializer ? automaticStartReason()
                                                        : "Many runs shall begin at different places.";
}

namespace
{

QJsonArray membersReport(const std::vector<FileMember>& members)
{
    QJsonArray report;
    for (const FileMember& member : members) {
        QJsonArray sizes;
        for (const std::uint64_t size : member.shape)
            sizes.append(static_cast<qint64>(size));
        report.append(QJsonObject{{"name", text(member.name)}, {"shape", sizes}});
    }
    return report;
}

} // namespace

QJsonObject infoReport(const Dataset& dataset, const ImportPlan& plan, const std::vector<FileMember>& members)
{
    const DataFacts facts = factsOf(dataset.V);
    const std::string reason = faultOf(dataset, facts, plan);
    return {{"source", text(dataset.source)},
            {"title", text(dataset.title)},
            {"shape", shape(dataset.V.rows(), dataset.V.cols())},
            {"precision", dataset.V.isSingle() ? "single" : "double"},
            {"features", axisReport(dataset.features)},
            {"samples", axisReport(dataset.samples)},
            {"minimum", facts.minimum},
            {"maximum", facts.maximum},
            {"sum", facts.sum},
            {"zeros", static_cast<qint64>(facts.zeros)},
            {"negatives", static_cast<qint64>(facts.negatives)},
            {"missing", static_cast<qint64>(facts.nans)},
            {"infinities", static_cast<qint64>(facts.infinities)},
            {"can_be_factorized", reason.empty()},
            {"reason", text(reason)},
            {"import", importReport(plan)},
            {"members", membersReport(members)},
            {"notes", sentences(dataset.notes)}};
}

std::string infoText(const Dataset& dataset, const ImportPlan& plan, const std::vector<FileMember>& members)
{
    const DataFacts facts = factsOf(dataset.V);
    const Index m = dataset.V.rows(), n = dataset.V.cols();
    const auto share = [&](Index count) {
        return count == 0
                   ? std::string("none")
                   : std::to_string(count) + " (" +
                         shortNumber(100 * static_cast<double>(count) / static_cast<double>(dataset.V.size())) + " %)";
    };
    std::string lines = dataset.title + ": " + std::to_string(m) + " features × " + std::to_string(n) + " samples, " +
                        (dataset.V.isSingle() ? "single" : "double") + " precision\n";
    if (dataset.V.size() > 0) {
        lines +=
            "  features    " + axisText(dataset.features, m) + "\n  samples     " + axisText(dataset.samples, n) + "\n";
        lines += "  range       " + shortNumber(facts.minimum) + " to " + shortNumber(facts.maximum) + ", sum " +
                 shortNumber(facts.sum) + "\n";
        lines += "  zeros       " + share(facts.zeros) + "\n  negative    " + share(facts.negatives) +
                 "\n  missing     " + share(facts.nans) + "\n";
        if (facts.infinities > 0)
            lines += "  infinite    " + share(facts.infinities) + "\n";
    }
    for (const FileMember& member : members)
        lines += "  member      " + textOf(member) + "\n";
    for (const std::string& note : dataset.notes)
        lines += "  note        " + note + "\n";
    const std::string reason = faultOf(dataset, facts, plan);
    return lines + (reason.empty() ? "It can be factorized as it is.\n" : reason + "\n");
}

std::string lossTable(const std::vector<Record>& history)
{
    std::string table = "iteration,seconds,objective,relative_error\n";
    for (const Record& record : history) {
        table += std::to_string(record.iteration) + ",";
        append(table, record.seconds);
        table += ",";
        append(table, record.objective);
        table += ",";
        append(table, record.relativeError);
        table += "\n";
    }
    return table;
}

std::string shortNumber(double value)
{
    char characters[32];
    return {characters,
            std::to_chars(characters, characters + sizeof characters, value, std::chars_format::general, 4).ptr};
}

} // namespace nmf::ui
