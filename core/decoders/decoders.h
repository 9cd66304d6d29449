#pragma once

#include "core/dataset.h"
#include "core/formats/members.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace nmf
{

/// One of several matrices in a file.
using Candidate = FileMember;

/// What reads one kind of file in a process of its own. `member` names one of several matrices in the file; empty for
/// the one that is likeliest. Throws Error.
struct Decoder
{
    std::string id;
    std::function<Dataset(const std::filesystem::path&, const std::string& member)> read;
    /// The matrices that `member` can name; null if there is but one in such a file.
    std::function<std::vector<Candidate>(const std::filesystem::path&)> list = {};
};

Decoder matDecoder();
Decoder hdf5Decoder();
Decoder tiffDecoder();

/// Of a MATLAB file of version 7.3, which is one of HDF5's with its matrices turned. Throws Error.
Dataset readMatlabHdf5(const std::filesystem::path& path, const std::string& member);
std::vector<Candidate> listMatlabHdf5(const std::filesystem::path& path);

/// The table.
const std::vector<Decoder>& decoders();

/// Which of several is the data: the one that was asked for, that of a usual name, or the largest with two dimensions,
/// else the largest with three. Throws Error, a sentence that starts with `file`, if it is not there or none is.
const Candidate& chosenOf(const std::vector<Candidate>& candidates, const std::string& member, const std::string& file);

/// "Of the matrices “V”, “W”, “V” was read."
std::string choiceNote(const std::vector<Candidate>& candidates, const Candidate& chosen);

/// The candidates as a table: a row for each, with its sizes and zeros behind them.
Dataset listAsDataset(const std::vector<Candidate>& candidates);

/// Says that the columns of V are images of this shape. With `byColumns` their pixels run down the columns of the
/// image, as MATLAB's do, and are put into our order.
void describeCube(Dataset& dataset, Index height, Index width, bool byColumns);

/// "7 × 5"
std::string shapeText(const std::vector<std::uint64_t>& shape);

} // namespace nmf
