#include "core/known_entries.h"

#include "core/error.h"
#include "core/held_out_zeros.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nmf
{

namespace
{

/// The random numbers that say what is held out are drawn from this stream.
constexpr std::uint64_t heldOutStream = 7;

/// Walks over the known entries, a column at a time; where the gaps of a sparse V are known zeros, over the others.
class KnownWalk
{
public:
    KnownWalk(const Dataset& dataset, const Options& options)
        : m_V(dataset.V), m_weights(dataset.weights ? &*dataset.weights : nullptr), m_nanUnknown(options.nanUnknown),
          m_storedOnly(dataset.V.isSparse() && (options.unstoredUnknown || !dataset.weights)),
          m_values(Vector<double>::Zero(dataset.V.rows()))
    {
        if (m_storedOnly)
            m_stored.resize(static_cast<std::size_t>(m_V.rows()));
    }

    /// Calls visit(row, value, weight) for every known entry of a column, the rows rising.
    template <class Visit>
    void column(Index column, const Visit& visit)
    {
        const auto see = [&](Index row, double value, double weight) {
            if (!(m_nanUnknown && std::isnan(value)))
                visit(row, value, weight);
        };
        if (!m_weights && (m_storedOnly || !m_V.isSparse())) {
            m_V.visitStored(column, [&](Index row, double value) { see(row, value, 1); });
            return;
        }
        keep(column, true);
        m_weights->visitStored(column, [&](Index row, double weight) {
            if (weight > 0 && !(m_storedOnly && !m_stored[static_cast<std::size_t>(row)]))
                see(row, m_values(row), weight);
        });
        // Not the whole array: for each column of a sparse table that would be rows × columns.
        keep(column, false);
    }

private:
    /// Writes the column's entries down, or wipes them off again.
    void keep(Index column, bool written)
    {
        m_V.visitStored(column, [&](Index row, double value) {
            m_values(row) = written ? value : 0;
            if (m_storedOnly)
                m_stored[static_cast<std::size_t>(row)] = written;
        });
    }

    const DataMatrix& m_V;
    const DataMatrix* m_weights;
    bool m_nanUnknown, m_storedOnly;
    Vector<double> m_values;    ///< of the column
    std::vector<char> m_stored; ///< which of them V keeps
};

/// Which entries are held out: those whose random number is below the share, but neither the greatest of its row nor
/// of its column, so that every row and column keeps something to be fitted.
class HeldOutDraw
{
public:
    HeldOutDraw(const Dataset& dataset, const Options& options)
        : m_random(options.heldOutSeed, heldOutStream), m_share(options.heldOut), m_rows(dataset.V.rows())
    {
        if (!(m_share > 0))
            return;
        m_greatestOfRow.assign(static_cast<std::size_t>(dataset.V.rows()), 0);
        m_greatestOfColumn.assign(static_cast<std::size_t>(dataset.V.cols()), 0);
        KnownWalk walk(dataset, options);
        for (Index column = 0; column < dataset.V.cols(); ++column)
            walk.column(column, [&](Index row, double, double) {
                const double number = numberOf(row, column);
                double& inRow = m_greatestOfRow[static_cast<std::size_t>(row)];
                double& inColumn = m_greatestOfColumn[static_cast<std::size_t>(column)];
                inRow = std::max(inRow, number);
                inColumn = std::max(inColumn, number);
            });
    }

    bool operator()(Index row, Index column) const
    {
        if (!(m_share > 0))
            return false;
        const double number = numberOf(row, column);
        return number < m_share && number < m_greatestOfRow[static_cast<std::size_t>(row)] &&
               number < m_greatestOfColumn[static_cast<std::size_t>(column)];
    }

private:
    double numberOf(Index row, Index column) const
    {
        return m_random.uniform(static_cast<std::uint64_t>(column) * static_cast<std::uint64_t>(m_rows) +
                                static_cast<std::uint64_t>(row));
    }

    RandomNumbers m_random;
    double m_share;
    Index m_rows;
    std::vector<double> m_greatestOfRow, m_greatestOfColumn;
};

/// Places are kept by rows first.
void keepFirst(std::optional<DataFacts::Place>& first, Index row, Index column)
{
    if (!first || std::tie(row, column) < std::tie(first->row, first->column))
        first = DataFacts::Place{row, column};
}

std::string positionOf(const DataFacts::Place& place)
{
    return "row " + std::to_string(place.row + 1) + ", column " + std::to_string(place.column + 1);
}

void requireWeights(const Dataset& dataset)
{
    const DataMatrix& weights = *dataset.weights;
    const auto shape = [](const DataMatrix& matrix) {
        return std::to_string(matrix.rows()) + " × " + std::to_string(matrix.cols());
    };
    if (weights.rows() != dataset.V.rows() || weights.cols() != dataset.V.cols())
        throw Error("The weights are " + shape(weights) + ", but V is " + shape(dataset.V) +
                    ": every entry of V needs one weight.");
    const DataFacts facts = factsOf(weights);
    for (const auto& [place, kind] : {std::pair{facts.firstNan, "is missing (NaN)"},
                                      {facts.firstInfinity, "is infinite"},
                                      {facts.firstNegative, "is negative"}})
        if (place)
            throw Error("The weight in " + positionOf(*place) + " " + kind +
                        ": a weight must be a finite number from 0 up, 0 for an unknown entry.");
}

} // namespace

DataFacts factsOfKnown(const Dataset& dataset, const Options& options)
{
    if (dataset.weights)
        requireWeights(dataset);
    DataFacts facts;
    KnownWalk walk(dataset, options);
    for (Index column = 0; column < dataset.V.cols(); ++column)
        walk.column(column, [&](Index row, double value, double) {
            const auto count = [&](bool is, Index& number, std::optional<DataFacts::Place>& first) {
                if (!is)
                    return;
                ++number;
                keepFirst(first, row, column);
            };
            count(std::isnan(value), facts.nans, facts.firstNan);
            count(std::isinf(value), facts.infinities, facts.firstInfinity);
            count(value < 0, facts.negatives, facts.firstNegative);
            count(value == 0, facts.zeros, facts.firstZero);
            if (std::isfinite(value))
                facts.sum += value;
        });
    if (zerosAreKnown(dataset, options))
        facts.zeros += dataset.V.size() - dataset.V.stored();
    return facts;
}

bool zerosAreKnown(const Dataset& dataset, const Options& options)
{
    return dataset.V.isSparse() && !options.unstoredUnknown && !dataset.weights;
}

KnownEntries::KnownEntries(const Dataset& dataset, const Options& options)
    : m_zerosKnown(zerosAreKnown(dataset, options))
{
    list(dataset, options);
    if (m_zerosKnown)
        leaveOut(dataset, options);
    if (m_sides[0].indices.empty())
        throw Error(dataset.title + " has no known entry" + (m_zerosKnown ? " but zeros" : "") +
                    ": nothing can be fitted.");
    turn(m_sides, dataset.V.rows());
}

void KnownEntries::list(const Dataset& dataset, const Options& options)
{
    const HeldOutDraw isHeldOut(dataset, options);
    const Index columns = dataset.V.cols();
    KnownWalk walk(dataset, options);
    Lines& byColumn = m_sides[at(Side::Coefficients)];
    byColumn.begins.assign(static_cast<std::size_t>(columns + 1), 0);
    const bool storedOnly = m_zerosKnown || (dataset.V.isSparse() && options.unstoredUnknown);
    const Index most = std::min(storedOnly ? dataset.V.stored() : dataset.V.size(),
                                dataset.weights ? dataset.weights->stored() : dataset.V.size());
    byColumn.indices.reserve(static_cast<std::size_t>(most));
    byColumn.values.reserve(static_cast<std::size_t>(most));
    for (Index column = 0; column < columns; ++column) {
        walk.column(column, [&](Index row, double value, double weight) {
            if (isHeldOut(row, column)) {
                m_heldOut.push_back({static_cast<int>(row), static_cast<int>(column), value, weight});
                return;
            }
            // A zero is as good as one that is not kept.
            if (m_zerosKnown && value == 0)
                return;
            byColumn.indices.push_back(static_cast<int>(row));
            byColumn.values.push_back(value);
            if (dataset.weights)
                byColumn.weights.push_back(weight);
        });
        byColumn.begins[static_cast<std::size_t>(column + 1)] = static_cast<Index>(byColumn.indices.size());
    }
}

void KnownEntries::leaveOut(const Dataset& dataset, const Options& options)
{
    std::vector<Place> places; // by column first
    for (const HeldOutEntry& entry : m_heldOut)
        places.push_back({entry.column, entry.row});
    for (Index column = 0; options.nanUnknown && column < dataset.V.cols(); ++column)
        dataset.V.visitStored(column, [&](Index row, double value) {
            if (std::isnan(value))
                places.push_back({static_cast<int>(column), static_cast<int>(row)});
        });
    const std::size_t stored = m_heldOut.size();
    for (const Place& zero : drawZeros(dataset.V, options.heldOutSeed, options.heldOut, stored, places))
        m_heldOut.push_back({zero.row, zero.column, 0, 1});
    // Each of them stands for more of its kind than one of the others does.
    const double drawn = static_cast<double>(m_heldOut.size() - stored);
    const double zeros = static_cast<double>(dataset.V.size() - dataset.V.stored());
    for (std::size_t i = stored; i < m_heldOut.size(); ++i) {
        m_heldOut[i].weight = zeros / drawn * (static_cast<double>(stored) / static_cast<double>(dataset.V.stored()));
        places.push_back({m_heldOut[i].column, m_heldOut[i].row});
    }
    std::sort(places.begin(), places.end());
    Lines& byColumn = m_leftOut[at(Side::Coefficients)];
    byColumn.begins.assign(static_cast<std::size_t>(dataset.V.cols()) + 1, 0);
    for (const Place& place : places) {
        byColumn.indices.push_back(place.row);
        ++byColumn.begins[static_cast<std::size_t>(place.column) + 1];
    }
    for (std::size_t column = 1; column < byColumn.begins.size(); ++column)
        byColumn.begins[column] += byColumn.begins[column - 1];
    turn(m_leftOut, dataset.V.rows());
}

void KnownEntries::turn(Lines (&sides)[2], Index rows)
{
    const Lines& from = sides[at(Side::Coefficients)];
    Lines& to = sides[at(Side::Basis)];
    to.begins.assign(static_cast<std::size_t>(rows + 1), 0);
    for (const int row : from.indices)
        ++to.begins[static_cast<std::size_t>(row) + 1];
    for (std::size_t row = 1; row < to.begins.size(); ++row)
        to.begins[row] += to.begins[row - 1];
    to.indices.resize(from.indices.size());
    to.values.resize(from.values.size());
    to.weights.resize(from.weights.size());
    std::vector<Index> next(to.begins.begin(), to.begins.end() - 1);
    for (std::size_t column = 0; column + 1 < from.begins.size(); ++column)
        for (auto i = static_cast<std::size_t>(from.begins[column]);
             i < static_cast<std::size_t>(from.begins[column + 1]); ++i) {
            const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(from.indices[i])]++);
            to.indices[place] = static_cast<int>(column);
            if (!from.values.empty())
                to.values[place] = from.values[i];
            if (!from.weights.empty())
                to.weights[place] = from.weights[i];
        }
}

std::span<const int> KnownEntries::indicesOf(const Lines& lines, Index index)
{
    const auto first = static_cast<std::size_t>(lines.begins[static_cast<std::size_t>(index)]);
    const auto count = static_cast<std::size_t>(lines.begins[static_cast<std::size_t>(index) + 1]) - first;
    return {lines.indices.data() + first, count};
}

KnownLine KnownEntries::line(Side side, Index index) const
{
    const Lines& lines = m_sides[at(side)];
    const auto first = static_cast<std::size_t>(lines.begins[static_cast<std::size_t>(index)]);
    const auto count = static_cast<std::size_t>(lines.begins[static_cast<std::size_t>(index) + 1]) - first;
    KnownLine line{{lines.indices.data() + first, count}, {lines.values.data() + first, count}, {}};
    if (!lines.weights.empty())
        line.weights = {lines.weights.data() + first, count};
    line.zerosKnown = m_zerosKnown;
    if (m_zerosKnown)
        line.leftOut = indicesOf(m_leftOut[at(side)], index);
    line.nothingKnown =
        m_zerosKnown ? static_cast<Index>(line.leftOut.size()) == this->lines(opposite(side)) : count == 0;
    return line;
}

Index KnownEntries::longestLine() const
{
    std::size_t longest = 0;
    for (const Side side : {Side::Coefficients, Side::Basis})
        for (Index i = 0; i < lines(side); ++i)
            longest = std::max(longest, line(side, i).size());
    return static_cast<Index>(longest);
}

double KnownEntries::squaredNorm() const
{
    double sum = 0;
    for (Index column = 0; column < lines(Side::Coefficients); ++column) {
        const KnownLine entries = line(Side::Coefficients, column);
        double ofColumn = 0;
        for (std::size_t i = 0; i < entries.size(); ++i)
            ofColumn += entries.weight(i) * entries.values[i] * entries.values[i];
        sum += ofColumn;
    }
    return sum;
}

Index KnownEntries::emptyLines(Side side) const
{
    Index count = 0;
    for (Index i = 0; i < lines(side); ++i)
        count += line(side, i).nothingKnown;
    return count;
}

void KnownEntries::divide(double scale)
{
    const double inverse = 1 / scale;
    for (Lines& lines : m_sides)
        for (double& value : lines.values)
            value *= inverse;
    for (HeldOutEntry& entry : m_heldOut)
        entry.value *= inverse;
}

DataMatrix KnownEntries::filled(bool dense) const
{
    const Index rows = lines(Side::Basis), columns = lines(Side::Coefficients);
    if (!dense) {
        SparseMatrix<double> values(rows, columns);
        values.reserve(entries());
        for (Index column = 0; column < columns; ++column) {
            values.startVec(column);
            const KnownLine entries = line(Side::Coefficients, column);
            for (std::size_t i = 0; i < entries.size(); ++i)
                values.insertBack(entries.indices[i], column) = entries.values[i];
        }
        values.finalize();
        return values;
    }
    // Added up as shares of the count, so that data near the largest number do not overflow.
    double mean = 0;
    const auto means = [&](Side side, bool total) {
        Vector<double> result = Vector<double>::Zero(lines(side));
        for (Index i = 0; i < lines(side); ++i) {
            const KnownLine entries = line(side, i);
            const double count = static_cast<double>(entries.size());
            for (const double value : entries.values)
                result(i) += value / count;
            if (total)
                mean += result(i) * (count / static_cast<double>(this->entries()));
        }
        return result;
    };
    const Vector<double> ofColumns = means(Side::Coefficients, true), ofRows = means(Side::Basis, false);
    Matrix<double> values(rows, columns);
    for (Index column = 0; column < columns; ++column) {
        const KnownLine entries = line(Side::Coefficients, column);
        const double share = mean > 0 ? ofColumns(column) / mean : 0;
        values.col(column) = ofRows * (entries.size() > 0 ? share : 1);
        for (std::size_t i = 0; i < entries.size(); ++i)
            values(entries.indices[i], column) = entries.values[i];
    }
    return values;
}

} // namespace nmf
