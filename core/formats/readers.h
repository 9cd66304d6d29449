#pragma once

#include "core/formats/formats.h"
#include "core/formats/members.h"

namespace nmf
{

/// The formats of the core, each made in the file of its name; formats() lists them.
Format csv();
Format npy();
Format npz();
Format matrixMarket();
Format netpbm();
Format gct();
Format idx();
Format mat();
Format hdf5();
Format tiff();

/// The arrays of an NPZ archive that are matrices, or images. Throws Error.
std::vector<FileMember> membersOfNpz(const std::filesystem::path& path);

} // namespace nmf
