#include "ui/model/python_snippet.h"

#include "core/error.h"
#include "core/formats/formats.h"
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

} // namespace

void requireDense(const Dataset& dataset)
{
    constexpr double always = 16e6;
    const double needed = static_cast<double>(dataset.V.size()) * sizeof(double);
    if (needed <= always)
        return;
    if (const auto limit = static_cast<double>(memoryLimit()); needed > limit)
        throw Error("V.npy would have " + std::to_string(dataset.V.rows()) + " × " + std::to_string(dataset.V.cols()) +
                    " numbers, which need " + std::to_string(static_cast<long long>(needed / 1e6)) +
                    " MB of memory, but " + std::to_string(static_cast<long long>(limit / 1e6)) +
                    " MB may be used: let the script read the data from their own file.");
}

Matrix<double> denseData(const Dataset& dataset)
{
    requireDense(dataset);
    Matrix<double> values = Matrix<double>::Zero(dataset.V.rows(), dataset.V.cols());
    for (Index j = 0; j < values.cols(); ++j)
        dataset.V.visitStored(j, [&](Index row, double value) { values(row, j) = value; });
    return values;
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

PythonFiles pythonFiles(const Dataset& dataset, bool transposed, const QString& start)
{
    const QString source = QString::fromStdString(dataset.source);
    const bool asItIs = source.endsWith(".npy", Qt::CaseInsensitive) && QFileInfo(source).isFile();
    const QString beside = QFileInfo(start).path();
    const QString data = beside == "." ? QStringLiteral("V.npy") : beside + QStringLiteral("/V.npy");
    return {asItIs ? source : data, start, asItIs && transposed};
}

QString pythonSnippet(const Snapshot& snapshot, const PythonFiles& files)
{
    const QString shape = QStringLiteral("(%1, %2)").arg(snapshot.W->rows()).arg(snapshot.Ht->rows());
    return commentsOf(snapshot) +
           QStringLiteral("import numpy as np\n"
                          "from sklearn.decomposition import NMF\n"
                          "\n"
                          "V = np.load(%1)%2.astype(float)  # features × samples\n"
                          "assert V.shape == %3, V.shape\n"
                          "%5"
                          "start = np.load(%4)  # W: features × rank, H: rank × samples\n"
                          "\n"
                          "# scikit-learn has samples in rows: its X is our Vᵀ, its W our Hᵀ, its H (components_) our "
                          "Wᵀ.\n")
               .arg(literal(files.data), files.transposed ? QStringLiteral(".T") : QString(), shape,
                    literal(files.start),
                    snapshot.options.nanUnknown
                        ? QStringLiteral("V = np.nan_to_num(V)  # it takes no unknown entries\n")
                        : QString()) +
           "# As many iterations as the run had made; tol=0 lets no other rule end them.\n" + modelOf(snapshot) +
           QStringLiteral("codes = model.fit_transform(V.T, W=start[\"H\"].T.copy(), H=start[\"W\"].T.copy())\n"
                          "W, H = model.components_.T, codes.T\n"
                          "\n"
                          "error = np.linalg.norm(V - W @ H) / np.linalg.norm(V)\n"
                          "print(f\"Relative error {error:.6g}; Partscope's was %1.\")\n")
               .arg(QString::number(snapshot.record.relativeError, 'g', 6));
}

} // namespace nmf::ui
