#pragma once

#include "core/formats/writers.h"
#include "core/options.h"

#include <optional>
#include <vector>

namespace nmf::ui
{

/// What a run gives that can be written to files.
enum class ResultMatrix {
    W,
    H,
    Fit,     ///< W H
    Residual ///< V − W H; NaN where V is unknown
};

/// "W", "H", "WH", "residual": as files and variables are named.
std::string nameOf(ResultMatrix matrix);
const std::vector<ResultMatrix>& allResultMatrices();
/// The one that is called so; none if there is none.
std::optional<ResultMatrix> resultMatrixNamed(const std::string& name);

/// Of a component's size only the product of its column of W and its row of H is determined.
enum class Scaling {
    AsSolved,
    UnitBasis ///< every column of W that is not zero has norm 1, its row of H takes its size
};

Factors<double> scaled(const Matrix<double>& W, const Matrix<double>& Ht, Scaling scaling);

/// Throws Error, with the figures, if these matrices need more memory than may be used. `options` and `dataset` are
/// those of the run.
void requireRoom(const std::vector<ResultMatrix>& wanted, const Dataset& dataset, const Options& options);

/// These matrices with the names of their rows and columns; `names` are those of components, where they have one.
/// Throws Error, Cancelled.
std::vector<NamedMatrix> resultMatrices(const std::vector<ResultMatrix>& wanted, const Dataset& dataset,
                                        const Options& options, const Factors<double>& factors,
                                        const LoadControl& control = {}, const std::vector<std::string>& names = {});

} // namespace nmf::ui
