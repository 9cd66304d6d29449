#include "core/measures/components.h"

#include "core/measures/data_product.h"

#include <cmath>
#include <limits>

namespace nmf
{

namespace
{

/// The columns divided by their largest entries, and these, so that no product of two factors over- or underflows.
struct Divided
{
    explicit Divided(const Matrix<double>& factor)
        : largest(factor.rows() > 0 ? Vector<double>(factor.colwise().maxCoeff().transpose())
                                    : Vector<double>::Zero(factor.cols())),
          columns(factor)
    {
        for (Index a = 0; a < factor.cols(); ++a)
            if (largest(a) > 0)
                columns.col(a) /= largest(a);
    }

    Vector<double> largest;
    Matrix<double> columns;
};

/// The scales of the components, as shares of the largest one.
Vector<double> relativeScales(const Divided& W, const Divided& Ht)
{
    Vector<double> scales = Vector<double>::Zero(W.largest.size());
    double most = -std::numeric_limits<double>::infinity();
    const auto logarithm = [&](Index a) { return std::log(W.largest(a)) + std::log(Ht.largest(a)); };
    for (Index a = 0; a < scales.size(); ++a)
        most = std::max(most, logarithm(a));
    for (Index a = 0; a < scales.size() && std::isfinite(most); ++a)
        scales(a) = std::exp(logarithm(a) - most);
    return scales;
}

std::vector<double> listOf(const Vector<double>& values)
{
    return {values.begin(), values.end()};
}

} // namespace

ComponentShares sharesOf(const Factors<double>& factors)
{
    const Divided W(factors.W), Ht(factors.Ht);
    const Vector<double> scales = relativeScales(W, Ht);
    const Vector<double> masses =
        scales.cwiseProduct((W.columns.colwise().sum().cwiseProduct(Ht.columns.colwise().sum())).transpose());
    const Matrix<double> grams = (W.columns.transpose() * W.columns).cwiseProduct(Ht.columns.transpose() * Ht.columns);
    const Vector<double> energies = scales.cwiseAbs2().cwiseProduct(grams.diagonal());
    const double mass = masses.sum(), energy = scales.dot(grams * scales);
    ComponentShares shares{std::vector<double>(static_cast<std::size_t>(scales.size()), 0.0),
                           std::vector<double>(static_cast<std::size_t>(scales.size()), 0.0), 0};
    if (!(mass > 0 && energy > 0))
        return shares;
    shares.mass = listOf(masses / mass);
    shares.energy = listOf(energies / energy);
    double entropy = 0;
    for (const double share : shares.mass)
        entropy -= share > 0 ? share * std::log(share) : 0;
    shares.effective = std::exp(entropy);
    return shares;
}

Index aliveComponents(const Factors<double>& factors)
{
    constexpr double nothing = 1e-12;
    const Divided W(factors.W), Ht(factors.Ht);
    const Vector<double> energies = relativeScales(W, Ht)
                                        .cwiseProduct(W.columns.colwise().norm().transpose())
                                        .cwiseProduct(Ht.columns.colwise().norm().transpose());
    return energies.size() > 0 ? (energies.array() > nothing * energies.maxCoeff()).count() : 0;
}

std::vector<double> specificityOf(const Matrix<double>& W)
{
    if (W.cols() < 2)
        return {};
    std::vector<double> specificity(static_cast<std::size_t>(W.rows()), 0.0);
    for (Index i = 0; i < W.rows(); ++i) {
        const double largest = W.row(i).maxCoeff();
        if (!(largest > 0))
            continue;
        const double sum = (W.row(i) / largest).sum();
        double negentropy = 0;
        for (Index a = 0; a < W.cols(); ++a)
            if (const double share = W(i, a) / largest / sum; share > 0)
                negentropy += share * std::log(share);
        specificity[static_cast<std::size_t>(i)] = 1 + negentropy / std::log(static_cast<double>(W.cols()));
    }
    return specificity;
}

std::vector<double> purityOf(const Matrix<double>& W, const Matrix<double>& Ht)
{
    const Divided basis(W), coefficients(Ht);
    const Vector<double> weights =
        relativeScales(basis, coefficients).cwiseProduct(coefficients.columns.colwise().sum().transpose());
    Vector<double> purity = Vector<double>::Zero(W.cols());
    Vector<double> parts;
    for (Index i = 0; i < W.rows(); ++i) {
        parts = basis.columns.row(i).transpose().cwiseProduct(weights);
        if (const double sum = parts.sum(); sum > 0)
            purity = purity.cwiseMax(parts / sum);
    }
    return listOf(purity);
}

double zeroShareOf(const Matrix<double>& factor)
{
    return factor.size() == 0 ? 0
                              : static_cast<double>((factor.array() == 0).count()) / static_cast<double>(factor.size());
}

std::optional<double> rSquared(const Dataset& dataset, const Options& options, double relativeError)
{
    if (isWeighted(options, dataset))
        return {};
    Blocks blocks(options.threads);
    return withSolverData(dataset, blocks, [&](const auto& V) -> std::optional<double> {
        const double entries = static_cast<double>(V.rows()) * static_cast<double>(V.cols());
        const double varied = V.squaredNorm() - entries * V.mean() * V.mean();
        if (!(varied > 1e-12 * V.squaredNorm()))
            return {};
        return 1 - relativeError * relativeError * V.squaredNorm() / varied;
    });
}

double nullDivergence(const Dataset& dataset)
{
    const DataMatrix& V = dataset.V;
    Vector<double> rows = Vector<double>::Zero(V.rows()), columns = Vector<double>::Zero(V.cols());
    for (Index j = 0; j < V.cols(); ++j)
        V.visitStored(j, [&](Index i, double value) {
            rows(i) += value;
            columns(j) += value;
        });
    const double total = columns.sum();
    double sum = 0;
    for (Index j = 0; j < V.cols(); ++j) {
        double ofColumn = 0;
        V.visitStored(j, [&](Index i, double value) {
            if (value > 0)
                ofColumn += value * std::log(value / rows(i) / (columns(j) / total));
        });
        sum += ofColumn;
    }
    return sum;
}

} // namespace nmf
