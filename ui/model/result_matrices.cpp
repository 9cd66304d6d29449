#include "ui/model/result_matrices.h"

#include "core/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

std::vector<std::string> labels(const Axis& axis, Index count)
{
    std::vector<std::string> result;
    for (Index index = 0; index < count; ++index)
        result.push_back(axis.label(index));
    return result;
}

/// The names that were given, and numbers for the others.
std::vector<std::string> componentNames(Index rank, const std::vector<std::string>& given)
{
    std::vector<std::string> result;
    for (Index a = 0; a < rank; ++a) {
        const auto at = static_cast<std::size_t>(a);
        const bool named = at < given.size() && !given[at].empty();
        result.push_back(named ? given[at] : "component " + std::to_string(a + 1));
    }
    return result;
}

std::string gigabytes(double bytes)
{
    char text[64];
    return {text, std::to_chars(text, text + sizeof text, bytes / 1e9, std::chars_format::fixed, 1).ptr};
}

bool isWhole(ResultMatrix matrix)
{
    return matrix == ResultMatrix::Fit || matrix == ResultMatrix::Residual;
}

Matrix<double> productOf(const Factors<double>& factors, const LoadControl& control)
{
    constexpr Index atOnce = 64;
    const Index n = factors.Ht.rows();
    Matrix<double> product(factors.W.rows(), n);
    for (Index first = 0; first < n; first += atOnce) {
        control.check(static_cast<double>(first) / static_cast<double>(n));
        const Index count = std::min(atOnce, n - first);
        product.middleCols(first, count).noalias() = factors.W * factors.Ht.middleRows(first, count).transpose();
    }
    return product;
}

/// V − X, where X is the product; unknown entries become NaN.
void subtractFromData(Matrix<double>& X, const Dataset& dataset, const Options& options, const LoadControl& control)
{
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    Vector<double> differences(X.rows());
    for (Index j = 0; j < X.cols(); ++j) {
        if (j % 64 == 0)
            control.check(static_cast<double>(j) / static_cast<double>(X.cols()));
        if (options.unstoredUnknown)
            differences.setConstant(unknown);
        else
            differences = -X.col(j);
        dataset.V.visitStored(j, [&](Index row, double value) { differences(row) = value - X(row, j); });
        if (dataset.weights) {
            const Vector<double> weights = dataset.weights->column(j);
            differences = (weights.array() == 0).select(unknown, differences.array());
        }
        X.col(j) = differences;
    }
}

NamedMatrix resultMatrix(ResultMatrix matrix, const Dataset& dataset, const Options& options,
                         const Factors<double>& factors, const LoadControl& control,
                         const std::vector<std::string>& names)
{
    const std::vector<std::string> components = componentNames(factors.rank(), names);
    const auto features = [&] { return labels(dataset.features, factors.W.rows()); };
    const auto samples = [&] { return labels(dataset.samples, factors.Ht.rows()); };
    if (matrix == ResultMatrix::W)
        return {nameOf(matrix), factors.W, features(), components};
    if (matrix == ResultMatrix::H)
        return {nameOf(matrix), factors.Ht.transpose(), components, samples()};
    NamedMatrix whole{nameOf(matrix), productOf(factors, control), features(), samples()};
    if (matrix == ResultMatrix::Residual)
        subtractFromData(whole.values, dataset, options, control);
    return whole;
}

} // namespace

std::string nameOf(ResultMatrix matrix)
{
    switch (matrix) {
    case ResultMatrix::W:
        return "W";
    case ResultMatrix::H:
        return "H";
    case ResultMatrix::Fit:
        return "WH";
    case ResultMatrix::Residual:
        break;
    }
    return "residual";
}

const std::vector<ResultMatrix>& allResultMatrices()
{
    static const std::vector<ResultMatrix> all{ResultMatrix::W, ResultMatrix::H, ResultMatrix::Fit,
                                               ResultMatrix::Residual};
    return all;
}

std::optional<ResultMatrix> resultMatrixNamed(const std::string& name)
{
    for (const ResultMatrix matrix : allResultMatrices())
        if (nameOf(matrix) == name)
            return matrix;
    return {};
}

Factors<double> scaled(const Matrix<double>& W, const Matrix<double>& Ht, Scaling scaling)
{
    Factors<double> factors{W, Ht};
    for (Index a = 0; scaling == Scaling::UnitBasis && a < W.cols(); ++a) {
        const double norm = W.col(a).norm();
        if (norm == 0)
            continue;
        factors.W.col(a) /= norm;
        factors.Ht.col(a) *= norm;
    }
    return factors;
}

void requireRoom(const std::vector<ResultMatrix>& wanted, const Dataset& dataset, const Options& options)
{
    const auto m = static_cast<double>(dataset.V.rows()), n = static_cast<double>(dataset.V.cols());
    const auto whole = static_cast<double>(std::ranges::count_if(wanted, isWhole));
    // What no machine is short of is not worth asking the system for.
    constexpr double always = 16e6;
    const double needed = (whole * m * n + 2 * (m + n) * static_cast<double>(options.rank)) * sizeof(double);
    if (whole == 0 || needed <= always)
        return;
    if (const auto limit = static_cast<double>(memoryLimit()); needed > limit)
        throw Error("WH and the residual have " + std::to_string(dataset.V.rows()) + " × " +
                    std::to_string(dataset.V.cols()) + " numbers each; what was asked for needs " + gigabytes(needed) +
                    " GB of memory, but " + gigabytes(limit) +
                    " GB may be used: write W and H alone, from which they can be computed piece by piece.");
}

std::vector<NamedMatrix> resultMatrices(const std::vector<ResultMatrix>& wanted, const Dataset& dataset,
                                        const Options& options, const Factors<double>& factors,
                                        const LoadControl& control, const std::vector<std::string>& names)
{
    requireRoom(wanted, dataset, options);
    std::vector<NamedMatrix> matrices;
    for (const ResultMatrix matrix : wanted)
        matrices.push_back(resultMatrix(matrix, dataset, options, factors, control, names));
    return matrices;
}

} // namespace nmf::ui
