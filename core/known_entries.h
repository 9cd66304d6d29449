#pragma once

#include "core/data_matrix.h"
#include "core/options.h"
#include "core/side.h"

#include <span>
#include <vector>

namespace nmf
{

/// The entries to be fitted of one column of V (Coefficients) or of one row (Basis), listed one by one. Where zeros are
/// known, all that is neither listed nor left out is a zero to be fitted too.
struct KnownLine
{
    std::span<const int> indices;      ///< rising
    std::span<const double> values;    ///< as divided
    std::span<const double> weights;   ///< empty if all are one
    std::span<const int> leftOut = {}; ///< where zeros are known: the entries that are not to be fitted, rising
    bool zerosKnown = false;
    bool nothingKnown = false; ///< there is no entry to be fitted

    /// How many are listed.
    std::size_t size() const { return indices.size(); }
    double weight(std::size_t at) const { return weights.empty() ? 1 : weights[at]; }
};

/// An entry that is kept from the fit.
struct HeldOutEntry
{
    int row, column;
    double value, weight; ///< the value as divided
};

/// The entries of V that are known, by columns and by rows, without those that are held out. Takes memory for these
/// entries alone; of a sparse V whose gaps are known zeros, for those that are not zero and those that are left out.
class KnownEntries
{
public:
    /// As the options and the weights of the dataset say. Throws Error if nothing is known.
    KnownEntries(const Dataset& dataset, const Options& options);

    Index lines(Side side) const { return static_cast<Index>(m_sides[at(side)].begins.size()) - 1; }
    /// The gaps of a sparse V are zeros, and to be fitted.
    bool zerosKnown() const { return m_zerosKnown; }
    /// How many are listed.
    Index entries() const { return m_sides[0].begins.back(); }
    KnownLine line(Side side, Index index) const;
    /// The most entries that are listed of a row or a column.
    Index longestLine() const;
    const std::vector<HeldOutEntry>& heldOut() const { return m_heldOut; }
    /// Σωv² over the entries to be fitted, as divided.
    double squaredNorm() const;
    /// How many columns, or rows, have no entry to be fitted.
    Index emptyLines(Side side) const;

    /// Divides the values by the scale of the solver's data.
    void divide(double scale);

    /// V for those that can only read a whole matrix, as the initialisers do: where it is dense, an unknown entry is
    /// filled with its row's mean times its column's over the mean of all; where it is sparse, with zero.
    DataMatrix filled(bool dense) const;

private:
    struct Lines
    {
        std::vector<Index> begins;
        std::vector<int> indices;
        std::vector<double> values, weights;
    };

    static std::size_t at(Side side) { return side == Side::Basis ? 1 : 0; }
    static std::span<const int> indicesOf(const Lines& lines, Index index);
    void list(const Dataset& dataset, const Options& options);
    void leaveOut(const Dataset& dataset, const Options& options);
    /// What is listed by columns is listed by rows.
    static void turn(Lines (&sides)[2], Index rows);

    bool m_zerosKnown;
    Lines m_sides[2];
    Lines m_leftOut[2]; ///< places alone; empty unless zeros are known
    std::vector<HeldOutEntry> m_heldOut;
};

/// Entries of these data may be left out though zeros are not listed: V is sparse, and its gaps are zeros that count.
bool zerosAreKnown(const Dataset& dataset, const Options& options);

/// What factsOf() tells, of the known entries alone. Throws Error if the weights are not weights of these data.
DataFacts factsOfKnown(const Dataset& dataset, const Options& options);

} // namespace nmf
