#pragma once

#include "core/dataset.h"

#include <filesystem>

namespace nmf
{

/// Names of the rows and columns of a matrix from lists beside its file: NAME.terms and NAME.docs, NAME.rows and
/// NAME.cols, and in a folder of the 10x kind features.tsv (or genes.tsv) and barcodes.tsv, packed or not. A list of
/// another length than the matrix is left alone, and a note says so.
void nameFromBeside(Dataset& dataset, const std::filesystem::path& path);

} // namespace nmf
