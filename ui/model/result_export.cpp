#include "ui/model/result_export.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/measures/fit.h"
#include "ui/model/input_identity.h"
#include "ui/model/options_report.h"
#include "ui/model/python_snippet.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <unistd.h>

namespace nmf::ui
{

namespace
{

namespace fs = std::filesystem;

constexpr const char* stem = "factors";
constexpr const char* manifestFile = "manifest.json";

/// Of all that is to do, how much the writing of results is where the script's files are written too.
constexpr double resultsShare = 0.6;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QJsonArray shape(Index rows, Index columns)
{
    return {static_cast<qint64>(rows), static_cast<qint64>(columns)};
}

QJsonArray list(const std::vector<std::string>& sentences)
{
    QJsonArray array;
    for (const std::string& sentence : sentences)
        array.append(text(sentence));
    return array;
}

const Writer& writerOf(const ResultExport& wanted)
{
    return *find(writers(), wanted.writer);
}

LoadControl part(const LoadControl& whole, double from, double to)
{
    LoadControl control{.stop = whole.stop};
    if (whole.progress)
        control.progress = [&whole, from, to](double fraction) { whole.progress(from + (to - from) * fraction); };
    return control;
}

/// A folder inside another, gone with this, from which files are put in place.
class Staging
{
public:
    explicit Staging(const fs::path& folder) : m_folder(folder)
    {
        const fs::path hidden = folder / (".partscope-" + std::to_string(::getpid()));
        std::error_code error;
        fs::create_directories(hidden, error);
        if (error)
            throw Error("Nothing can be written into " + folder.string() + ": " + error.message() +
                        "; choose another folder.");
        m_hidden = hidden;
    }
    ~Staging()
    {
        std::error_code ignored;
        fs::remove_all(m_hidden, ignored);
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    const fs::path& folder() const { return m_hidden; }

    void write(const std::string& file, std::string_view bytes) const
    {
        CheckedFile open(m_hidden / file);
        open.write(bytes);
        open.commit();
    }

    void putInPlace(const std::string& file) const
    {
        std::error_code error;
        fs::rename(m_hidden / file, m_folder / file, error);
        if (error)
            throw Error((m_folder / file).string() + " cannot be replaced: " + error.message() + ".");
    }

private:
    fs::path m_folder, m_hidden;
};

void writeForPython(const Staging& staging, const Snapshot& snapshot, const LoadControl& control)
{
    writeData(*snapshot.dataset, staging.folder(), part(control, 0, 0.5));
    const Factors<double> start = startOf(snapshot.dataset, snapshot.options, control.stop);
    const std::vector<NamedMatrix> factors{{"W", start.W}, {"H", start.Ht.transpose()}};
    writeMatrices(npzWriter(), staging.folder(), "start", factors, part(control, 0.5, 1));
    staging.write("fit.py", pythonSnippet(snapshot, exportedFiles(*snapshot.dataset)).toStdString());
}

} // namespace

std::vector<std::string> filesOf(const ResultExport& wanted)
{
    std::vector<NamedMatrix> names;
    for (const ResultMatrix matrix : wanted.matrices)
        names.push_back({nameOf(matrix), {}});
    std::vector<std::string> files = filesOf(writerOf(wanted), stem, names);
    if (wanted.forPython && wanted.snapshot)
        files.insert(files.end(), {dataFile(*wanted.snapshot->dataset), "start.npz", "fit.py"});
    files.emplace_back(manifestFile);
    return files;
}

QJsonObject manifestOf(const ResultExport& wanted)
{
    const Snapshot& snapshot = *wanted.snapshot;
    const Dataset& dataset = *snapshot.dataset;
    const Index m = snapshot.W->rows(), n = snapshot.Ht->rows(), k = snapshot.W->cols();
    return {
        {"program", "partscope"},
        {"version", QCoreApplication::applicationVersion()},
        {"input",
         QJsonObject{{"source", text(dataset.source)}, {"title", text(dataset.title)}, {"notes", list(dataset.notes)}}},
        {"shapes", QJsonObject{{"V", shape(m, n)}, {"W", shape(m, k)}, {"H", shape(k, n)}}},
        {"options", optionsReport(snapshot.options)},
        {"seed", static_cast<qint64>(snapshot.options.seed)},
        {"minimised", text(formula(snapshot.options))},
        {"scaling", wanted.scaling == Scaling::AsSolved ? "as solved" : "columns of W have norm 1"},
        {"iterations", snapshot.record.iteration},
        {"objective", snapshot.record.objective},
        {"relative_error", snapshot.record.relativeError},
        {"explained_variance", explainedVariance(snapshot.record.relativeError)},
        {"seconds", snapshot.record.seconds},
        {"converged", snapshot.ended && isConverged(*snapshot.ended)},
        {"stopped_because", snapshot.ended ? QJsonValue(text(idOf(*snapshot.ended))) : QJsonValue()},
        {"stopped_because_sentence", snapshot.ended ? text(snapshot.endSentence) : "The run had not ended."},
        {"notes", list(snapshot.notes)},
        {"files", list(filesOf(wanted))}};
}

void write(const ResultExport& wanted, const LoadControl& control)
{
    control.check(0);
    const Snapshot& snapshot = *wanted.snapshot;
    const Dataset& dataset = *snapshot.dataset;
    requireRoom(wanted.matrices, dataset, snapshot.options);
    if (wanted.forPython)
        requireWritableData(dataset);
    QJsonObject manifest = manifestOf(wanted);
    QJsonObject input = manifest["input"].toObject();
    const QJsonObject identity = identityReport(text(dataset.source), control.stop);
    for (auto fact = identity.begin(); fact != identity.end(); ++fact)
        input[fact.key()] = fact.value();
    manifest["input"] = input;

    const Staging staging(wanted.folder);
    const double results = wanted.forPython ? resultsShare : 1;
    {
        const std::vector<NamedMatrix> matrices = resultMatrices(wanted.matrices, dataset, snapshot.options,
                                                                 scaled(*snapshot.W, *snapshot.Ht, wanted.scaling),
                                                                 part(control, 0, results / 2), wanted.names);
        writeMatrices(writerOf(wanted), staging.folder(), stem, matrices, part(control, results / 2, results));
    }
    if (wanted.forPython)
        writeForPython(staging, snapshot, part(control, results, 1));
    staging.write(manifestFile, QJsonDocument(manifest).toJson().toStdString());
    control.check(1);
    for (const std::string& file : filesOf(wanted))
        staging.putInPlace(file);
}

} // namespace nmf::ui
