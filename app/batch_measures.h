#pragma once

#include "core/factorize.h"

#include <QJsonObject>

#include <stop_token>

namespace nmf::ui
{

/// What report.json says of one factorization beside its fit: how near it is to a stationary point and to the best
/// there is, and what its components are like.
QJsonObject measuresReport(const Dataset& dataset, const Options& options, const Result& result);

/// What models of the same rank with fewer conditions (SVD, PCA) and with more (VQ) make of the data.
QJsonObject comparisonReport(const Dataset& dataset, const Options& options, const std::stop_token& stop);

/// The same for people.
std::string comparisonText(const QJsonObject& report);

} // namespace nmf::ui
