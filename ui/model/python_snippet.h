#pragma once

#include "ui/model/snapshot.h"

#include <QString>

#include <stop_token>

namespace nmf::ui
{

/// Throws Error, with the figures, if V as a dense table is more than the memory takes.
void requireDense(const Dataset& dataset);

/// V with its gaps as zeros, as NumPy takes it. Throws Error.
Matrix<double> denseData(const Dataset& dataset);

/// The factors that a run with these options begins with. Throws Error, Cancelled.
Factors<double> startOf(const std::shared_ptr<const Dataset>& dataset, const Options& options,
                        const std::stop_token& stop = {});

/// Where a script finds V and the start; relative names are looked for where the script is run.
struct PythonFiles
{
    QString data = QStringLiteral("V.npy");
    QString start = QStringLiteral("start.npz");
    bool transposed = false; ///< the file has V with its rows and columns exchanged
};

/// The file of this dataset if NumPy reads it as it is; else V.npy beside `start`.
PythonFiles pythonFiles(const Dataset& dataset, bool transposed, const QString& start);

/// A script that loads V and the start and repeats the fit with scikit-learn, the transposes written out. What
/// scikit-learn has not is said in it.
QString pythonSnippet(const Snapshot& snapshot, const PythonFiles& files = {});

} // namespace nmf::ui
