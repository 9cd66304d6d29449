#pragma once

#include "core/formats/formats.h"
#include "ui/model/snapshot.h"

#include <QString>

#include <filesystem>
#include <stop_token>
#include <string>

namespace nmf::ui
{

/// "V.npy", or "V.npz" for a sparse table: the file that writeData() makes in a folder.
std::string dataFile(const Dataset& dataset);

/// Throws Error, with the figures, if writing it takes more memory than there is.
void requireWritableData(const Dataset& dataset);

/// V as NumPy and SciPy take it. Throws Error, Cancelled.
void writeData(const Dataset& dataset, const std::filesystem::path& folder, const LoadControl& control);

/// The factors that a run with these options begins with. Throws Error, Cancelled.
Factors<double> startOf(const std::shared_ptr<const Dataset>& dataset, const Options& options,
                        const std::stop_token& stop = {});

/// Where a script finds V and the start; relative names are looked for where the script is run.
struct PythonFiles
{
    QString data, start;
    bool transposed = false; ///< the file has V with its rows and columns exchanged
};

/// The dataFile() beside `start`.
PythonFiles exportedFiles(const Dataset& dataset, const QString& start = QStringLiteral("start.npz"));

/// The file of this dataset if NumPy or SciPy read it as it is; else that.
PythonFiles pythonFiles(const Dataset& dataset, bool transposed, const QString& start);

/// A script that loads V and the start and repeats the fit with scikit-learn, the transposes written out. What
/// scikit-learn has not is said in it.
QString pythonSnippet(const Snapshot& snapshot, const PythonFiles& files);

} // namespace nmf::ui
