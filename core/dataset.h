#pragma once

#include "core/data_matrix.h"
#include "core/factors.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nmf
{

/// What the rows, or the columns, of V mean.
struct Axis
{
    enum class Kind {
        Plain,   ///< counted
        Named,   ///< names[i]: genes, words, questions, file names
        Ordered, ///< positions[i] in `unit`: wavelength, frequency, time
        Pixels   ///< an image, row by row: index = (y · width + x) · channels + channel
    };
    Kind kind = Kind::Plain;
    std::string noun = {};                     ///< what one is called: "pixel", "gene"; empty if not known
    std::vector<std::string> names = {};       ///< empty, or one for each index; any kind may have names
    std::vector<double> positions = {};        ///< Ordered only
    std::string unit = {};                     ///< Ordered only
    Index height = 0, width = 0, channels = 1; ///< Pixels only

    static Axis pixels(Index height, Index width, Index channels = 1);
    static Axis named(std::vector<std::string> names);

    /// The name of an index for tooltips and reports: its name, its position with unit, "x 3, y 7", or its number
    /// from 1.
    std::string label(Index index) const;
};

/// A non-negative table. A row is a feature, a column is a sample.
struct Dataset
{
    std::string title;  ///< short, for the window and legends
    std::string source; ///< path, or "sample:bars"; what opens it again
    DataMatrix V;
    Axis features, samples;
    std::vector<std::string> notes = {};               ///< sentences on what was decided while reading
    std::shared_ptr<const Factors<double>> truth = {}; ///< the true parts where the data were generated from them
    /// How much each entry counts, from 0 up, of the shape of V; an entry of weight 0 is unknown whatever V says there.
    std::optional<DataMatrix> weights = {};

    Dataset transposed() const;
};

/// Throws Error with one sentence if V cannot be factorized: empty, NaN, infinite or negative entries (count and first
/// position).
void requireFactorizable(const Dataset& dataset);
void requireFactorizable(const Dataset& dataset, const DataFacts& facts);
/// Throws Error if an entry is zero, for a loss (by its name) that would be infinite there.
void requirePositive(const Dataset& dataset, const DataFacts& facts, const std::string& loss);

} // namespace nmf
