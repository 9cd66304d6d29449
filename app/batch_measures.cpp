#include "app/batch_measures.h"

#include "app/batch_report.h"
#include "core/error.h"
#include "core/losses/losses.h"
#include "core/measures/simpler_models.h"
#include "core/measures/stationarity.h"

#include <cmath>

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

} // namespace

QJsonObject measuresReport(const Dataset& dataset, const Options& options, const Result& result)
{
    QJsonObject report;
    addGlobalBound(dataset, options, result, report);
    const StationarityIdentities identities = stationarityIdentities(dataset, options, result.factors);
    report["identities"] = QJsonObject{{"components", orNull(identities.components)},
                                       {"row_sums", orNull(identities.rowSums)},
                                       {"column_sums", orNull(identities.columnSums)}};
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
