#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace nmf::ui
{

/// A folder of results that appears whole or not at all: files are written into a hidden folder beside it, which then
/// takes its place in one step. An earlier folder of results is replaced whole; a folder with anything else in it is
/// refused.
class OutputFolder
{
public:
    /// The files that a folder of results may hold; report.json is always among them.
    static constexpr std::string_view files[] = {
        "W.npy", "H.npy",  "loss.csv",     "report.json", "basis.png",   "WH.npy",    "residual.npy",  "W.csv",
        "H.csv", "WH.csv", "residual.csv", "factors.mat", "factors.npz", "ranks.csv", "consensus.npy", "race.csv"};

    /// And the start of the names of folders within it, each of which may hold the same files; the rest is a number.
    static constexpr const char* rankPrefix = "rank-";

    /// Makes the hidden folder; throws Error if `place` is not free, or cannot be written beside.
    explicit OutputFolder(const std::filesystem::path& place);
    /// Removes what was not put in place.
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    const std::filesystem::path& place() const { return m_place; }
    /// Where to write a file before it is put in place.
    std::filesystem::path path(std::string_view file) const { return m_hidden / file; }
    /// Makes a folder in it; throws Error.
    void addSubfolder(std::string_view name) const;
    /// Writes a file; throws Error.
    void write(std::string_view file, std::string_view bytes) const;
    /// Puts the folder in place; throws Error. Nothing may be written after that.
    void putInPlace();

private:
    std::filesystem::path m_place, m_hidden;
    int m_lock = -1; ///< held as long as the hidden folder is in use; one without is a leftover of a killed program
};

} // namespace nmf::ui
