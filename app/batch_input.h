#pragma once

#include "app/interruption.h"
#include "app/progress_line.h"
#include "core/dataset.h"
#include "core/formats/formats.h"

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

/// A file, a folder of images, or sample:NAME. Throws Error and Cancelled.
Dataset read(const QString& input, bool transpose, const LoadControl& control);

/// The same with a table of weights, unless its name is empty.
std::shared_ptr<const Dataset> readAll(const QString& input, bool transpose, const std::filesystem::path& weights,
                                       const LoadControl& control);

} // namespace nmf::ui
