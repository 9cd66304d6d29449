#pragma once

#include "core/factorize.h"

#include <QJsonObject>

#include <filesystem>
#include <stop_token>

namespace nmf::ui
{

/// What report.json says of one factorization beside its fit: how near it is to a stationary point and to the best
/// there is, and what its components are like.
QJsonObject measuresReport(const Dataset& dataset, const Options& options, const Result& result);

/// What models of the same rank with fewer conditions (SVD, PCA) and with more (VQ) make of the data.
QJsonObject comparisonReport(const Dataset& dataset, const Options& options, const std::stop_token& stop);

/// The known classes of the samples, one a line of a text. Throws Error.
std::vector<std::string> classesIn(const std::filesystem::path& path);
/// Throws Error unless there is one for each sample.
void requireClasses(const std::vector<std::string>& classes, std::size_t samples, const std::filesystem::path& path);
/// How far the samples' strongest components agree with them.
QJsonObject agreementReport(const Result& result, const std::vector<std::string>& classes);

/// The same for people.
std::string agreementText(const QJsonObject& report);
std::string comparisonText(const QJsonObject& report);

} // namespace nmf::ui
