#pragma once

#include "core/formats/formats.h"

#include <filesystem>
#include <span>

namespace nmf
{

/// Whether a file begins as gzip's do.
bool looksLikeGzip(std::span<const unsigned char> head);

/// A packed file, unpacked into a folder of its own that is gone with this.
class Unpacked
{
public:
    /// Unpacks; progress runs from 0 to `share`. Throws Error if the file is no gzip file, is damaged or cut short, or
    /// grows beyond what memory and disk can take; Cancelled.
    Unpacked(const std::filesystem::path& path, const LoadControl& control, double share);
    ~Unpacked();
    Unpacked(const Unpacked&) = delete;
    Unpacked& operator=(const Unpacked&) = delete;

    /// The unpacked file, of the packed one's name without ".gz".
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_folder, m_path;
};

} // namespace nmf
