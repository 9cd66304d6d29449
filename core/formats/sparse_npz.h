#pragma once

#include "core/formats/file.h"

#include <functional>
#include <string>

namespace nmf
{

/// Opens the member of an archive that holds this array.
using MemberReader = std::function<ByteSource(const std::string& array)>;

/// Reads the arrays of what scipy.sparse.save_npz writes: csr, csc or coo. Throws Error.
Dataset readSparseArchive(const std::string& format, const std::filesystem::path& path, const MemberReader& open,
                          const LoadControl& control);

} // namespace nmf
