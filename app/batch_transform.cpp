#include "app/batch_transform.h"

#include "app/batch_input.h"
#include "app/batch_options.h"
#include "app/batch_report.h"
#include "app/batch_session.h"
#include "app/output_folder.h"
#include "core/error.h"
#include "core/terms.h"
#include "core/transform.h"
#include "ui/model/import.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <chrono>
#include <cmath>
#include <cstdio>

namespace nmf::ui
{

namespace
{

/// A basis, and how it was found.
struct Model
{
    Matrix<double> W;
    Options options = {}; ///< the loss, and what was asked of H
};

Model readFolder(const std::filesystem::path& folder)
{
    QFile file(QFile::decodeName((folder / "report.json").c_str()));
    QJsonParseError flaw;
    const QJsonObject options = file.open(QIODevice::ReadOnly)
                                    ? QJsonDocument::fromJson(file.readAll(), &flaw).object()["options"].toObject()
                                    : QJsonObject();
    if (!options["loss"].isString())
        throw Error("MODEL " + folder.string() +
                    " has no report.json of a factorization: name a folder that partscope run has written (of "
                    "several ranks, the folder of one of them), or an npz file with W.");
    Model model{*load(folder / "W.npy", formats()).V.dense<double>()};
    model.options.loss = lossOf(options["loss"].toString().toStdString());
    for (const Term& term : terms())
        if (term.place != "W")
            term.of(model.options) = options[QString::fromStdString(term.parameter.id).replace('-', '_')].toDouble();
    return model;
}

Model modelIn(const SavedSession& session, const std::filesystem::path& path)
{
    const Reached& reached = reachedIn(session, path.string());
    Model model{*reached.W};
    model.options.loss = reached.options.loss;
    for (const Term& term : terms())
        if (term.place != "W")
            term.of(model.options) = term.of(reached.options);
    return model;
}

Model readModel(const std::filesystem::path& path)
{
    if (!std::filesystem::exists(path))
        throw Error("There is no MODEL " + path.string() + ".");
    if (isSessionPath(QFile::decodeName(path.c_str())))
        return modelIn(readSession(path), path);
    return std::filesystem::is_directory(path) ? readFolder(path) : Model{loadBasis(path)};
}

QJsonValue finite(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

QJsonObject transformReport(const TransformRequest& request, const Dataset& dataset, const Options& options,
                            const Transformed& found, Index rank, double seconds)
{
    const auto m = static_cast<qint64>(dataset.V.rows()), n = static_cast<qint64>(dataset.V.cols());
    const auto k = static_cast<qint64>(rank);
    return {{"program", "partscope"},
            {"version", QCoreApplication::applicationVersion()},
            {"model", QString::fromStdString(request.model.string())},
            {"input", QJsonObject{{"source", QString::fromStdString(dataset.source)},
                                  {"title", QString::fromStdString(dataset.title)}}},
            {"shapes", QJsonObject{{"V", QJsonArray{m, n}}, {"W", QJsonArray{m, k}}, {"H", QJsonArray{k, n}}}},
            {"options", QJsonObject{{"loss", QString::fromStdString(textOf(options.loss))},
                                    {"l1_h", options.onH.l1},
                                    {"l2_h", options.onH.l2},
                                    {"dropout", options.together.dropout},
                                    {"transpose", request.plan.transpose},
                                    {"missing", options.nanUnknown ? "nan" : "refuse"},
                                    {"zeros", QString::fromStdString(textOf(request.plan.repairs.zeros))},
                                    {"negative", QString::fromStdString(textOf(request.plan.repairs.negative))},
                                    {"weights", QString::fromStdString(request.plan.weights.string())},
                                    {"threads", options.threads}}},
            {"import", importReport(request.plan)},
            {"objective", found.objective},
            {"relative_error", found.relativeError},
            {"gap", finite(found.gap)},
            {"kkt_residual", found.residual},
            {"unsolved_samples", static_cast<qint64>(found.unsolved)},
            {"converged", found.unsolved == 0},
            {"seconds", seconds}};
}

std::string summary(const Dataset& dataset, const Transformed& found, Index rank)
{
    return dataset.title + ", " + std::to_string(dataset.V.cols()) + " samples, by " + std::to_string(rank) +
           (rank == 1 ? " component.\n" : " components.\n") +
           (found.unsolved == 0 ? std::string("Solved")
                                : "Not converged: " + std::to_string(found.unsolved) + " samples are not solved") +
           (std::isfinite(found.gap) ? "; the objective is at most " + shortNumber(found.gap) + " above its minimum.\n"
                                     : ".\n") +
           "Objective " + shortNumber(found.objective) + ", relative error " + shortNumber(found.relativeError) + ".\n";
}

} // namespace

int transformInput(const QStringList& arguments)
{
    std::optional<TransformRequest> request = transformRequest(arguments);
    if (!request)
        return exitDone;
    const Interruption interruption;
    ProgressLine line(!request->quiet);
    try {
        std::optional<OutputFolder> folder;
        if (!request->output.empty())
            folder.emplace(request->output);
        const Model model = readModel(request->model);
        const auto dataset =
            readAll(request->input, request->plan, request->zerosGiven, loadControl(interruption, line));
        Options options = request->options;
        options.unstoredUnknown = request->plan.repairs.zeros.id == "unknown" && dataset->V.isSparse();
        takeTerms(options, model.options);
        options.loss = request->loss.value_or(model.options.loss);
        options.onH.l1 = request->l1.value_or(options.onH.l1);
        options.onH.l2 = request->l2.value_or(options.onH.l2);
        const auto start = std::chrono::steady_clock::now();
        const Transformed found = transform(*dataset, model.W, options, interruption.token());
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        line.end();
        const QByteArray report =
            QJsonDocument(transformReport(*request, *dataset, options, found, model.W.cols(), seconds)).toJson();
        if (folder) {
            saveNpy(folder->path("H.npy"), found.Ht.transpose());
            folder->write("report.json", report.toStdString());
            folder->putInPlace();
        }
        if (request->json)
            print(report.toStdString());
        else if (!request->quiet)
            print(summary(*dataset, found, model.W.cols()) +
                  (folder ? "Written to " + folder->place().string() + ".\n" : std::string()));
        return exitDone;
    } catch (const Cancelled&) {
        line.end();
        std::fputs("Interrupted; nothing was written.\n", stderr);
        return exitInterrupted;
    }
}

} // namespace nmf::ui
