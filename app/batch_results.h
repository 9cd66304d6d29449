#pragma once

#include "app/output_folder.h"
#include "core/factorize.h"

#include <QByteArray>

#include <string>

namespace nmf::ui
{

/// Writes W.npy, H.npy, loss.csv, report.json and, where rows are pixels, basis.png, their names after the prefix (""
/// or "rank-3/"). The folder is not yet put in place. Throws Error.
void writeResults(const OutputFolder& folder, const std::string& prefix, const Dataset& dataset, const Result& result,
                  const QByteArray& report);

} // namespace nmf::ui
