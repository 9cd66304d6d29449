#pragma once

#include "app/interruption.h"
#include "app/progress_line.h"
#include "core/constraint.h"
#include "core/dataset.h"
#include "core/formats/formats.h"
#include "core/import_plan.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <string>

namespace nmf::ui
{

/// What a command returns to the shell.
constexpr int exitDone = 0, exitInterrupted = 130;

/// Writes to standard output.
void print(const std::string& text);

/// Reading is told on the line, and stops when the program is interrupted.
LoadControl loadControl(const Interruption& interruption, ProgressLine& line);

/// A file, a folder of images, or sample:NAME, as the plan makes a table of it. Unless the command has said what zeros
/// are, the plan is then what is usual for such data. Throws Error and Cancelled.
std::shared_ptr<const Dataset> readAll(const QString& input, ImportPlan& plan, bool zerosGiven,
                                       const LoadControl& control);

/// The entries that a table of numbers locks: those that are not 0. For W as it is, for H transposed.
std::shared_ptr<const Mask> readLocks(const std::filesystem::path& table, bool transposed, const LoadControl& control);

} // namespace nmf::ui
