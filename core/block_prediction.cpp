#include "core/block_prediction.h"

#include "core/drawn_groups.h"
#include "core/error.h"
#include "core/factorize.h"
#include "core/terms.h"
#include "core/transform.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace nmf
{

namespace
{

/// The groups are drawn from this stream.
constexpr std::uint64_t groupStream = 29;

/// The lines that are in a group, or all others.
std::vector<Index> linesOf(const std::vector<int>& groups, int group, bool in)
{
    std::vector<Index> lines;
    for (std::size_t i = 0; i < groups.size(); ++i)
        if ((groups[i] == group) == in)
            lines.push_back(static_cast<Index>(i));
    return lines;
}

/// These rows and columns of V, sparse where V is.
Dataset partOf(const DataMatrix& V, const std::vector<Index>& rows, const std::vector<Index>& columns)
{
    const auto height = static_cast<Index>(rows.size()), width = static_cast<Index>(columns.size());
    std::vector<Index> place(static_cast<std::size_t>(V.rows()), -1);
    for (std::size_t i = 0; i < rows.size(); ++i)
        place[static_cast<std::size_t>(rows[i])] = static_cast<Index>(i);
    Dataset part;
    if (!V.isSparse()) {
        Matrix<double> values(height, width);
        for (Index j = 0; j < width; ++j)
            V.visitStored(columns[static_cast<std::size_t>(j)], [&](Index row, double value) {
                if (const Index i = place[static_cast<std::size_t>(row)]; i >= 0)
                    values(i, j) = value;
            });
        part.V = DataMatrix(std::move(values));
        return part;
    }
    std::vector<Eigen::Triplet<double, int>> entries;
    for (Index j = 0; j < width; ++j)
        V.visitStored(columns[static_cast<std::size_t>(j)], [&](Index row, double value) {
            if (const Index i = place[static_cast<std::size_t>(row)]; i >= 0)
                entries.emplace_back(static_cast<int>(i), static_cast<int>(j), value);
        });
    SparseMatrix<double> values(height, width);
    values.setFromTriplets(entries.begin(), entries.end());
    part.V = DataMatrix(std::move(values));
    return part;
}

/// ‖V − W H‖²F, a column at a time.
double squaredResidual(const DataMatrix& V, const Matrix<double>& W, const Matrix<double>& Ht)
{
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j)
        sum += (V.column(j) - W * Ht.row(j).transpose()).squaredNorm();
    return sum;
}

double squaredNorm(const DataMatrix& V)
{
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j)
        V.visitStored(j, [&](Index, double value) { sum += value * value; });
    return sum;
}

void requireBlocks(const Dataset& dataset, const Options& options, int parts)
{
    if (isWeighted(options, dataset))
        throw Error("Whole blocks are held out of tables that are known whole: leave out either these or the unknown, "
                    "weighted and held-out entries.");
    // The best coefficients for a basis are known for these alone.
    for (const Term& term : terms())
        if (term.of(options) != 0 && term.demand != Demand::L1 && term.demand != Demand::L2 &&
            term.demand != Demand::Dropout)
            throw Error("Whole blocks are predicted with no more than L1, L2 and dropout: leave out the rest, or hold "
                        "out single entries.");
    if (!options.lockW.none() || !options.lockH.none())
        throw Error("Whole blocks are predicted without locks: leave these out, or hold out single entries.");
    const Index least = std::min(dataset.V.rows(), dataset.V.cols());
    if (parts < 2 || parts > least)
        throw Error("Rows and columns are held out in " + std::to_string(parts) + " groups: it must be from 2 to " +
                    std::to_string(least) + ", the shorter side of V.");
}

/// For a table that is turned round.
Options turnedRound(Options options)
{
    std::swap(options.onW, options.onH);
    return options;
}

} // namespace

HeldOutMean predictBlocks(const Dataset& dataset, const Options& options, int parts, const std::stop_token& stop,
                          const std::function<void(int done, int all)>& report)
{
    requireBlocks(dataset, options, parts);
    const RandomNumbers random(options.heldOutSeed, groupStream);
    const std::vector<int> rowGroups = drawnGroups(dataset.V.rows(), parts, random);
    const std::vector<int> columnGroups =
        drawnGroups(dataset.V.cols(), parts, RandomNumbers(options.heldOutSeed, groupStream + 1));
    HeldOutMean mean;
    std::vector<double> errors;
    for (int rowGroup = 0; rowGroup < parts; ++rowGroup) {
        double residual = 0, norm = 0;
        for (int columnGroup = 0; columnGroup < parts; ++columnGroup) {
            const auto outRows = linesOf(rowGroups, rowGroup, true), inRows = linesOf(rowGroups, rowGroup, false);
            const auto outColumns = linesOf(columnGroups, columnGroup, true),
                       inColumns = linesOf(columnGroups, columnGroup, false);
            const Result fit =
                factorize(std::make_shared<const Dataset>(partOf(dataset.V, inRows, inColumns)), options, stop);
            if (stop.stop_requested())
                throw Cancelled();
            const Dataset besideColumns = partOf(dataset.V, outRows, inColumns).transposed();
            const Matrix<double> W = transform(besideColumns, fit.factors.Ht, turnedRound(options), stop).Ht;
            const Matrix<double> Ht = transform(partOf(dataset.V, inRows, outColumns), fit.factors.W, options, stop).Ht;
            const Dataset block = partOf(dataset.V, outRows, outColumns);
            residual += squaredResidual(block.V, W, Ht);
            norm += squaredNorm(block.V);
            if (report)
                report(rowGroup * parts + columnGroup + 1, parts * parts);
        }
        if (norm > 0)
            errors.push_back(std::sqrt(residual / norm));
    }
    if (errors.empty())
        return mean;
    mean.runs = errors.size();
    const auto count = static_cast<double>(errors.size());
    mean.relativeError = std::accumulate(errors.begin(), errors.end(), 0.0) / count;
    double squares = 0;
    for (const double error : errors)
        squares += std::pow(error - mean.relativeError, 2);
    mean.standardError = errors.size() > 1 ? std::sqrt(squares / (count - 1) / count) : 0;
    return mean;
}

} // namespace nmf
