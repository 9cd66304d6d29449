#pragma once

#include "core/formats/formats.h"

#include <filesystem>
#include <string>

namespace nmf
{

/// Reads a file in a process of its own, with limits on its memory and time: for formats whose libraries have a long
/// record of memory bugs. Whatever the file does to them costs a sentence. `decoder` names one of core/decoders, `what`
/// the kind of file for that sentence ("a MATLAB file"). Throws Error, Cancelled.
Dataset readConfined(const std::string& decoder, const std::string& what, const std::filesystem::path& path,
                     const LoadControl& control);

} // namespace nmf
