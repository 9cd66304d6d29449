#pragma once

#include "app/batch_options.h"
#include "app/output_folder.h"
#include "core/factorize.h"

#include <QByteArray>

#include <string>

namespace nmf::ui
{

/// Writes W.npy, H.npy, loss.csv, report.json, where rows are pixels basis.png, and what else the request wants, their
/// names after the prefix ("" or "rank-3/"). The folder is not yet put in place. Throws Error, Cancelled.
void writeResults(const OutputFolder& folder, const std::string& prefix, const RunRequest& request,
                  const Dataset& dataset, const Options& options, const Result& result, const QByteArray& report);

/// Throws Error if what the request wants to be written cannot be: there is no picture of these data, or it needs more
/// memory than there is.
void requireWritable(const RunRequest& request, const Dataset& dataset, const Options& options);

} // namespace nmf::ui
