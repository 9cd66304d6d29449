#pragma once

#include "core/formats/file.h"

#include <string>
#include <vector>

namespace nmf
{

/// The header of an NPY array in Fortran order: a matrix of float64.
std::string npyHeader(Index rows, Index columns);

/// Hands the numbers of a matrix on as bytes, in pieces, and looks at the control between them.
void passBytes(const Matrix<double>& values, const LoadControl& control,
               const std::function<void(std::string_view)>& take);

/// What saveNpy and saveCsv write, into a file that is open.
void writeNpy(CheckedFile& file, const Matrix<double>& values, const LoadControl& control);
void writeCsv(CheckedFile& file, const Matrix<double>& values, const std::vector<std::string>& rowNames,
              const std::vector<std::string>& columnNames, const LoadControl& control);

} // namespace nmf
