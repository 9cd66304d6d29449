#include "ui/model/python_snippet.h"

#include "core/error.h"
#include "core/formats/writers.h"
#include "core/losses/losses.h"
#include "core/terms.h"
#include "ui/model/options_report.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStringList>

#include <algorithm>
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

/// As Python writes text.
QString literal(const QString& text)
{
    QString escaped = text;
    escaped.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    return '"' + escaped + '"';
}

QString lossOf(const Options& options)
{
    const Divergence divergence = find(losses(), options.loss.id)->make(options.loss.values);
    return divergence.quadratic()         ? QStringLiteral("\"frobenius\"")
           : divergence.kullbackLeibler() ? QStringLiteral("\"kullback-leibler\"")
           : options.loss.id == "is"      ? QStringLiteral("\"itakura-saito\"")
                                          : number(divergence.beta);
}

/// scikit-learn's "cd" sweeps as HALS does, for the Frobenius loss; "mu" serves every loss.
QString solverOf(const Options& options)
{
    return lossOf(options) == "\"frobenius\"" && options.algorithm.id != "mu" ? QStringLiteral("cd")
                                                                              : QStringLiteral("mu");
}

/// scikit-learn's strengths, by its own letters, of which W is our Hᵀ.
struct Strengths
{
    double alphaW = 0, alphaH = 0, l1Ratio = 0;
    bool possible = true; ///< it has one share of L1 for both factors
};

Strengths strengthsOf(const Options& options, Index rows, Index columns)
{
    const Penalty &onW = options.onW, &onH = options.onH;
    const double sizeW = onW.l1 + onW.l2, sizeH = onH.l1 + onH.l2;
    Strengths strengths{.alphaW = sizeH / static_cast<double>(rows), .alphaH = sizeW / static_cast<double>(columns)};
    const double ratioW = sizeW > 0 ? onW.l1 / sizeW : onH.l1 / std::max(sizeH, tiny<double>);
    const double ratioH = sizeH > 0 ? onH.l1 / sizeH : ratioW;
    constexpr double rounding = 1e-12;
    strengths.l1Ratio = ratioW;
    strengths.possible = std::abs(ratioW - ratioH) <= rounding;
    return strengths;
}

/// What a run had that scikit-learn has not.
QStringList lackingOf(const Snapshot& snapshot)
{
    const Options& options = snapshot.options;
    QStringList lacking;
    for (const Term& term : terms())
        if (term.of(options) != 0 && term.demand != Demand::L1 && term.demand != Demand::L2)
            lacking << QString::fromStdString(term.parameter.id + " " + number(term.of(options)).toStdString());
    const auto add = [&](bool there, const char* what) {
        if (there)
            lacking << what;
    };
    add(!strengthsOf(options, snapshot.W->rows(), snapshot.Ht->rows()).possible,
        "L1 and L2 of another share on W than on H");
    add(!options.lockW.none() || !options.lockH.none(), "locked parts");
    add(options.nanUnknown || options.unstoredUnknown, "unknown entries, which are zeros here");
    add(snapshot.dataset->weights.has_value(), "weights");
    add(options.heldOut > 0, "entries held out");
    return lacking;
}

QString commentsOf(const Snapshot& snapshot)
{
    const Options& options = snapshot.options;
    const QString solver = QString::fromStdString(textOf(options.algorithm));
    QString text = QStringLiteral("# Partscope %1: run %2 repeated with scikit-learn.\n")
                       .arg(QCoreApplication::applicationVersion())
                       .arg(snapshot.run);
    if (solver != "mu" && solver != "hals")
        text += QStringLiteral("# The solver was %1; scikit-learn's nearest is %2, which may need more iterations.\n")
                    .arg(solver, solverOf(options));
    const QStringList lacking = lackingOf(snapshot);
    if (!lacking.isEmpty())
        text += QStringLiteral("# Left out, since scikit-learn has no such option: %1.\n").arg(lacking.join(", "));
    return text;
}

QString modelOf(const Snapshot& snapshot)
{
    const Options& options = snapshot.options;
    const Strengths strengths = strengthsOf(options, snapshot.W->rows(), snapshot.Ht->rows());
    QStringList arguments{QStringLiteral("n_components=%1").arg(options.rank),
                          "init=\"custom\"",
                          QStringLiteral("solver=\"%1\"").arg(solverOf(options)),
                          QStringLiteral("beta_loss=%1").arg(lossOf(options)),
                          QStringLiteral("max_iter=%1").arg(std::max(1, snapshot.record.iteration)),
                          "tol=0"};
    if (strengths.possible && (strengths.alphaW != 0 || strengths.alphaH != 0))
        arguments << "alpha_W=" + number(strengths.alphaW) << "alpha_H=" + number(strengths.alphaH)
                  << "l1_ratio=" + number(strengths.l1Ratio);
    return "model = NMF(" + arguments.join(", ") + ")\n";
}

QString loadingOf(const Snapshot& snapshot, const PythonFiles& files)
{
    const bool sparse = snapshot.dataset->V.isSparse();
    const QString imports = sparse ? QStringLiteral("from scipy.sparse import load_npz\n") : QString(),
                  load = sparse ? QStringLiteral("load_npz") : QStringLiteral("np.load"),
                  turn = files.transposed ? QStringLiteral(".T") : QString(),
                  unknown = snapshot.options.nanUnknown
                                ? QStringLiteral("V = np.nan_to_num(V)  # it takes no unknown entries\n")
                                : QString();
    return QStringLiteral("import numpy as np\n%1from sklearn.decomposition import NMF\n\n"
                          "V = %2(%3)%4.astype(float)  # features × samples\n"
                          "assert V.shape == (%5, %6), V.shape\n%7"
                          "start = np.load(%8)  # W: features × rank, H: rank × samples\n")
        .arg(imports, load, literal(files.data), turn, QString::number(snapshot.W->rows()),
             QString::number(snapshot.Ht->rows()), unknown, literal(files.start));
}

/// ‖V − WH‖/‖V‖, of a sparse V without a table of its size.
QString errorOf(const Dataset& dataset)
{
    if (!dataset.V.isSparse())
        return "error = np.linalg.norm(V - W @ H) / np.linalg.norm(V)\n";
    return "square = V.power(2).sum()\n"
           "rest = square - 2 * np.sum((V.T @ W) * H.T) + np.sum((W.T @ W) * (H @ H.T))\n"
           "error = np.sqrt(max(rest, 0) / square)\n";
}

} // namespace

std::string dataFile(const Dataset& dataset)
{
    return dataset.V.isSparse() ? "V.npz" : "V.npy";
}

void requireWritableData(const Dataset& dataset)
{
    constexpr double always = 16e6;
    constexpr double copies = 2; // in double precision, and on its way to the file
    const double needed = copies * static_cast<double>(dataset.V.size()) * sizeof(double);
    if (dataset.V.isSparse() || needed <= always)
        return;
    if (const auto limit = static_cast<double>(memoryLimit()); needed > limit)
        throw Error("V.npy would have " + std::to_string(dataset.V.rows()) + " × " + std::to_string(dataset.V.cols()) +
                    " numbers, which need " + std::to_string(static_cast<long long>(needed / 1e6)) +
                    " MB of memory, but " + std::to_string(static_cast<long long>(limit / 1e6)) +
                    " MB may be used: let the script read the data from their own file.");
}

void writeData(const Dataset& dataset, const std::filesystem::path& folder, const LoadControl& control)
{
    requireWritableData(dataset);
    if (dataset.V.isSparse()) {
        saveSparseNpz(folder / dataFile(dataset), *dataset.V.sparse<double>(), control);
        return;
    }
    const std::vector<NamedMatrix> data{{"V", *dataset.V.dense<double>()}};
    writeMatrices(npyWriter(), folder, {}, data, control);
}

Factors<double> startOf(const std::shared_ptr<const Dataset>& dataset, const Options& options,
                        const std::stop_token& stop)
{
    Options none = options;
    none.maxIterations = 0;
    none.heldOut = 0;
    none.patience = 0;
    Run run(dataset, none);
    run.advance(stop);
    if (!run.started())
        throw Cancelled();
    return run.factors();
}

PythonFiles exportedFiles(const Dataset& dataset, const QString& start)
{
    const QString folder = QFileInfo(start).path(), file = QString::fromStdString(dataFile(dataset));
    return {folder == "." ? file : folder + '/' + file, start};
}

PythonFiles pythonFiles(const Dataset& dataset, bool transposed, const QString& start)
{
    PythonFiles files = exportedFiles(dataset, start);
    const QString source = QString::fromStdString(dataset.source);
    const QString ending = dataset.V.isSparse() ? QStringLiteral(".npz") : QStringLiteral(".npy");
    if (source.endsWith(ending, Qt::CaseInsensitive) && QFileInfo(source).isFile())
        return {source, start, transposed};
    return files;
}

QString pythonSnippet(const Snapshot& snapshot, const PythonFiles& files)
{
    return commentsOf(snapshot) + loadingOf(snapshot, files) +
           "\n# scikit-learn has samples in rows: its X is our Vᵀ, its W our Hᵀ, its H (components_) our Wᵀ.\n"
           "# As many iterations as the run had made; tol=0 lets no other rule end them.\n" +
           modelOf(snapshot) +
           "codes = model.fit_transform(V.T, W=start[\"H\"].T.copy(), H=start[\"W\"].T.copy())\n"
           "W, H = model.components_.T, codes.T\n\n" +
           errorOf(*snapshot.dataset) +
           QStringLiteral("print(f\"Relative error {error:.6g}; Partscope's was %1.\")\n")
               .arg(QString::number(snapshot.record.relativeError, 'g', 6));
}

} // namespace nmf::ui
