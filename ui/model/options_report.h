#pragma once

#include "core/options.h"

#include <QJsonObject>

#include <string>

namespace nmf::ui
{

/// A choice as --loss, --solver and --init take it: "frobenius", "beta=1.5", "name:parameter=value,parameter=value".
std::string textOf(const Choice& choice);

/// The options by the names of the command line, for report.json and manifest.json.
QJsonObject optionsReport(const Options& options);

} // namespace nmf::ui
