#pragma once

#include "core/choice.h"
#include "core/formats/formats.h"
#include "core/sparse_matrix.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace nmf
{

/// A matrix on its way to a file. Either list of names may be empty.
struct NamedMatrix
{
    std::string name; ///< "W"
    Matrix<double> values;
    std::vector<std::string> rowNames = {}, columnNames = {};
};

/// A kind of file that matrices can be written to. One file of code, one line in a table.
struct Writer
{
    enum class Holds {
        One,    ///< a matrix: there is a file for each
        Several ///< all of them
    };

    Facts facts;        ///< id "npy", name "NumPy array"
    std::string suffix; ///< ".npy"
    Holds holds = Holds::One;
    /// Writes a file beside `path` that then takes its name. Tells how far it is, and stops when asked to. Throws
    /// Error, Cancelled.
    std::function<void(const std::filesystem::path&, std::span<const NamedMatrix>, const LoadControl&)> write;
};

Writer npyWriter();
Writer csvWriter();
Writer matWriter();
Writer npzWriter();

/// The table. Its order is the order in menus.
const std::vector<Writer>& writers();

/// The files that these matrices come to be: "W.npy", "H.npy"; or one of this stem that has them all, "factors.npz".
std::vector<std::string> filesOf(const Writer& writer, const std::string& stem, std::span<const NamedMatrix> matrices);

/// Writes those files into a folder. Throws Error, Cancelled.
void writeMatrices(const Writer& writer, const std::filesystem::path& folder, const std::string& stem,
                   std::span<const NamedMatrix> matrices, const LoadControl& control = {});

/// Writes a sparse table as scipy.sparse.save_npz does, for its load_npz. Throws Error, Cancelled.
void saveSparseNpz(const std::filesystem::path& path, const SparseMatrix<double>& values,
                   const LoadControl& control = {});

} // namespace nmf
