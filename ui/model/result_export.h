#pragma once

#include "ui/model/result_matrices.h"
#include "ui/model/snapshot.h"

#include <QJsonObject>

#include <filesystem>
#include <string>
#include <vector>

namespace nmf::ui
{

/// What shall be written of a run, and where.
struct ResultExport
{
    std::shared_ptr<const Snapshot> snapshot = {};
    std::vector<ResultMatrix> matrices{ResultMatrix::W, ResultMatrix::H};
    std::string writer = "npy"; ///< an id of writers()
    Scaling scaling = Scaling::AsSolved;
    /// V.npy (V.npz if it is sparse), the start as start.npz, and fit.py, which repeats the fit with scikit-learn.
    bool forPython = false;
    std::filesystem::path folder = {};
    std::vector<std::string> names = {}; ///< of components that have one
};

/// The names of the files that it comes to be; manifest.json is always the last.
std::vector<std::string> filesOf(const ResultExport& wanted);

/// manifest.json without the identity of the input: what the files are, and of what run.
QJsonObject manifestOf(const ResultExport& wanted);

/// Writes the files into a folder beside, and puts each in place when all are there. Throws Error, Cancelled.
void write(const ResultExport& wanted, const LoadControl& control);

} // namespace nmf::ui
