#pragma once

#include "core/choice.h"
#include "core/dataset.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace nmf
{

/// How a long read is watched and stopped. A reader calls progress (0…1) and check() at least every 64 KiB or every
/// image.
struct LoadControl
{
    std::stop_token stop = {};
    std::function<void(double fraction)> progress = {};
    /// Which of several matrices in a file is wanted; empty for the likeliest.
    std::string member = {};

    /// Throws Cancelled when asked to stop.
    void check(double fraction) const;
};

/// A kind of file. One file of code, one line in a table.
struct Format
{
    Facts facts; ///< id "csv", name "Table of text"
    /// Lower case, with the dot: ".csv"; without one, how the name ends: "-ubyte".
    std::vector<std::string> suffixes;
    /// Whether the first bytes (up to 512) look like this format; asked when the suffix is unknown or lies.
    std::function<bool(std::span<const unsigned char> head)> recognises;
    /// Reads the file; throws Error with one sentence that names the file and the place.
    std::function<Dataset(const std::filesystem::path&, const LoadControl&)> read;
    /// Text of a kind of its own: a file of this name is never taken for a plain table instead.
    bool isText = false;
    /// Takes names of rows and columns from files beside it, where there are any.
    std::function<void(Dataset&, const std::filesystem::path&)> lookBeside = {};
};

/// The formats that need none of Qt's decoders.
const std::vector<Format>& formats();

/// Reads a file by the format of its suffix, else by its first bytes. Throws Error, Cancelled.
Dataset load(const std::filesystem::path& path, std::span<const Format> known, const LoadControl& control = {});

/// Bytes of memory that may be asked for: 80 % of what is available now, the control group's limit looked at too.
std::uint64_t memoryLimit();

/// Throws Error if a matrix of this shape, with the copies a run needs, is beyond memoryLimit(); names both figures.
/// Checks rows × columns × bytes for overflow.
void requireMemory(const std::filesystem::path& path, std::uint64_t rows, std::uint64_t columns,
                   std::uint64_t bytesPerEntry);

/// Writes an array as NPY 1.0, little-endian float64, Fortran order as Eigen keeps it. Checks every write; throws
/// Error.
void saveNpy(const std::filesystem::path& path, const Matrix<double>& values);

/// Writes a table as CSV with a header row and row names (either may be empty). Shortest round-trip digits. Throws
/// Error.
void saveCsv(const std::filesystem::path& path, const Matrix<double>& values, const std::vector<std::string>& rowNames,
             const std::vector<std::string>& columnNames);

/// Reads W (m × k) and H (k × n) from an NPZ. Throws Error.
Factors<double> loadFactors(const std::filesystem::path& path);

/// Reads W (m × p) and H (p × n), or the one of them that is there, from an NPZ. Throws Error.
GivenParts loadParts(const std::filesystem::path& path);

/// Reads W (m × k) alone from an NPZ. Throws Error.
Matrix<double> loadBasis(const std::filesystem::path& path);

} // namespace nmf
