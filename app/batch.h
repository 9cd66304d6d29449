#pragma once

#include <QStringList>

namespace nmf::ui
{

/// Whether the arguments (without the program's name) ask for work without a window.
bool isBatch(const QStringList& arguments);

/// Does what they ask: run, info, samples, --list-solvers, --version, --help. Returns the exit status: 0 done, 1 bad
/// input or options (one line on standard error), 130 interrupted.
int runBatch(const QStringList& arguments);

} // namespace nmf::ui
