#include "app/batch_measures.h"

#include "app/batch_report.h"
#include "core/error.h"
#include "core/losses/losses.h"
#include "core/measures/agreement.h"
#include "core/measures/components.h"
#include "core/measures/consensus.h"
#include "core/measures/simpler_models.h"
#include "core/measures/sparseness.h"
#include "core/measures/stationarity.h"
#include "core/measures/support.h"
#include "core/terms.h"

#include <QFile>
#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nmf::ui
{

namespace
{

QJsonValue orNull(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? QJsonValue(*value) : QJsonValue();
}

/// The Frobenius loss has a bound that no factorization of the rank is below; null where it would take long, and for
/// other losses.
void addGlobalBound(const Dataset& dataset, const Options& options, const Result& result, QJsonObject& report)
{
    std::optional<double> bound, gap;
    const bool quadratic = find(losses(), options.loss.id)->make(options.loss.values).quadratic();
    if (quadratic && !isWeighted(options, dataset) && smallestObjectiveIsCheap(dataset, options.rank)) {
        Blocks blocks(options.threads);
        bound = smallestObjective(dataset, options.rank, blocks);
        gap = std::max(result.history.back().objective - *bound, 0.0);
    }
    report["lower_bound"] = orNull(bound);
    report["gap"] = orNull(gap);
}

QJsonArray nestedReport(const Matrix<double>& factor)
{
    QJsonArray pairs;
    for (const NestedSupport& pair : nestedSupports(factor))
        pairs.append(QJsonObject{{"inner", static_cast<qint64>(pair.inner)},
                                 {"outer", static_cast<qint64>(pair.outer)},
                                 {"most", pair.most}});
    return pairs;
}

/// Pairs of components that prove the factors not to be unique; null where looking for them would take long.
QJsonValue nestedReport(const Factors<double>& factors)
{
    constexpr double mostWork = 1e9;
    const auto rows = static_cast<double>(factors.W.rows() + factors.Ht.rows());
    if (rows * static_cast<double>(factors.rank()) * static_cast<double>(factors.rank()) > mostWork)
        return {};
    return QJsonObject{{"W", nestedReport(factors.W)}, {"H", nestedReport(factors.Ht)}};
}

/// JSON has no number for what is infinite, which is not the same as unknown.
QJsonValue increaseReport(double increase)
{
    return std::isinf(increase) ? QJsonValue("infinite") : QJsonValue(increase);
}

QJsonArray componentsReport(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                            const ComponentShares& shares)
{
    const std::vector<double> increases = lossIncreases(dataset, options, factors);
    const std::vector<double> purityW = purityOf(factors.W, factors.Ht), purityH = purityOf(factors.Ht, factors.W);
    QJsonArray report;
    for (std::size_t a = 0; a < shares.mass.size(); ++a) {
        const auto column = static_cast<Index>(a);
        report.append(
            QJsonObject{{"mass", shares.mass[a]},
                        {"energy", shares.energy[a]},
                        {"objective_without", increases.empty() ? QJsonValue() : increaseReport(increases[a])},
                        {"purity_W", purityW[a]},
                        {"purity_H", purityH[a]},
                        {"sparseness_W", sparseness(factors.W.col(column))},
                        {"sparseness_H", sparseness(factors.Ht.col(column))}});
    }
    return report;
}

/// Of Kullback-Leibler: what is explained beyond independent rows and columns.
std::optional<double> explainedDeviance(const Dataset& dataset, const Options& options, const Result& result)
{
    if (!find(losses(), options.loss.id)->make(options.loss.values).kullbackLeibler() || isWeighted(options, dataset))
        return {};
    double penalties = 0;
    for (const Term& term : terms())
        penalties += term.price(options, dataset, result.factors);
    const double null = nullDivergence(dataset);
    return null > 0 ? std::optional(1 - (result.history.back().objective - penalties) / null) : std::nullopt;
}

} // namespace

QJsonObject measuresReport(const Dataset& dataset, const Options& options, const Result& result)
{
    QJsonObject report;
    addGlobalBound(dataset, options, result, report);
    const StationarityIdentities identities = stationarityIdentities(dataset, options, result.factors);
    report["identities"] = QJsonObject{{"components", orNull(identities.components)},
                                       {"row_sums", orNull(identities.rowSums)},
                                       {"column_sums", orNull(identities.columnSums)}};
    const Factors<double>& factors = result.factors;
    const ComponentShares shares = sharesOf(factors);
    report["r_squared"] = orNull(rSquared(dataset, options, result.history.back().relativeError));
    report["explained_deviance"] = orNull(explainedDeviance(dataset, options, result));
    report["zeros"] = QJsonObject{{"W", zeroShareOf(factors.W)}, {"H", zeroShareOf(factors.Ht)}};
    report["components"] = componentsReport(dataset, options, factors, shares);
    report["effective_components"] = shares.effective;
    const std::vector<double> specificity = specificityOf(factors.W);
    report["specificity"] = specificity.empty()
                                ? QJsonValue()
                                : QJsonValue(std::accumulate(specificity.begin(), specificity.end(), 0.0) /
                                             static_cast<double>(specificity.size()));
    report["nested_supports"] = nestedReport(factors);
    return report;
}

QJsonObject comparisonReport(const Dataset& dataset, const Options& options, const std::stop_token& stop)
{
    if (isWeighted(options, dataset))
        throw Error("--compare looks at whole tables: leave it out, or the unknown, weighted and held-out entries.");
    Blocks blocks(options.threads);
    QJsonObject report{{"rank", static_cast<qint64>(options.rank)},
                       {"svd", smallestRelativeError(dataset, options.rank, blocks, stop)},
                       {"vq", vectorQuantization(dataset, options.rank, options.seed, blocks, stop).relativeError}};
    try {
        report["pca"] = principalComponents(dataset, options.rank, blocks, stop).relativeError;
    } catch (const Cancelled&) {
        throw;
    } catch (const Error& error) {
        report["pca"] = QJsonValue::Null;
        report["pca_note"] = error.what();
    }
    return report;
}

std::vector<std::string> classesIn(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QFile::ReadOnly))
        throw Error("The classes of --labels " + path.string() +
                    " cannot be read: " + file.errorString().toStdString() + ".");
    std::vector<std::string> classes;
    for (const QByteArray& text : file.readAll().split('\n'))
        classes.push_back(text.trimmed().toStdString());
    while (!classes.empty() && classes.back().empty())
        classes.pop_back();
    return classes;
}

void requireClasses(const std::vector<std::string>& classes, std::size_t samples, const std::filesystem::path& path)
{
    if (classes.size() != samples)
        throw Error("The text of --labels " + path.string() + " has " + std::to_string(classes.size()) +
                    " lines, but there are " + std::to_string(samples) + " samples: write one line for each.");
    const auto blank = std::ranges::find(classes, std::string());
    if (blank != classes.end())
        throw Error("Line " + std::to_string(blank - classes.begin() + 1) + " of --labels " + path.string() +
                    " is blank: write the class of that sample.");
}

QJsonObject agreementReport(const Result& result, const std::vector<std::string>& classes)
{
    const ClassAgreement agreement = agreementOf(labelsOf(result.factors), classes);
    return {{"classes", agreement.classes}, {"purity", agreement.purity}, {"entropy", agreement.entropy}};
}

std::string agreementText(const QJsonObject& report)
{
    return "Beside the " + std::to_string(report["classes"].toInt()) + " known classes: purity " +
           shortNumber(report["purity"].toDouble()) + ", entropy " + shortNumber(report["entropy"].toDouble()) + ".\n";
}

std::string comparisonText(const QJsonObject& report)
{
    std::string text = "Relative errors of the same rank:";
    const auto add = [&](const char* key, const char* name) {
        if (report[key].isDouble())
            text += std::string(" ") + name + " " + shortNumber(report[key].toDouble()) + ".";
    };
    add("svd", "SVD (signed, the bound)");
    add("pca", "PCA (signed, and a mean)");
    add("vq", "VQ (one part for each sample)");
    return text + "\n";
}

} // namespace nmf::ui
