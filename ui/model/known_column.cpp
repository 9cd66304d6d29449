#include "ui/model/known_column.h"

#include "ui/model/montage.h"

#include <cmath>
#include <limits>

namespace nmf::ui
{

KnownColumn knownColumn(const Dataset& dataset, const Options& options, Index sample)
{
    KnownColumn column;
    const bool gapsUnknown = options.unstoredUnknown && dataset.V.isSparse();
    column.values.setZero(dataset.V.rows());
    column.weights.setConstant(dataset.V.rows(), gapsUnknown ? 0 : 1);
    dataset.V.visitStored(sample, [&](Index row, double value) {
        column.values(row) = std::isnan(value) ? 0 : value;
        column.weights(row) = std::isnan(value) ? 0 : 1;
    });
    if (dataset.weights) {
        column.weights.array() *= dataset.weights->column(sample).array();
        column.values = (column.weights.array() > 0).select(column.values, 0);
    }
    return column;
}

bool isKnown(const Dataset& dataset, const Options& options, Index feature, Index sample)
{
    if (isUnknown(dataset, feature, sample))
        return false;
    if (!options.unstoredUnknown || !dataset.V.isSparse())
        return true;
    bool listed = false;
    dataset.V.visitStored(sample, [&](Index row, double) { listed = listed || row == feature; });
    return listed;
}

double relativeError(const KnownColumn& column, const Vector<double>& model)
{
    const double squared = (column.weights.array() * (column.values - model).array().square()).sum();
    const double norm = (column.weights.array() * column.values.array().square()).sum();
    if (norm > 0)
        return std::sqrt(squared / norm);
    return squared > 0 ? std::numeric_limits<double>::infinity() : 0;
}

} // namespace nmf::ui
