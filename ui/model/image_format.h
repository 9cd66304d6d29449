#pragma once

#include "core/formats/formats.h"

#include <filesystem>
#include <vector>

namespace nmf::ui
{

/// The pictures that Qt decodes: PNG, JPEG, TIFF, BMP, GIF, WebP, as far as its plugins are there. Gray in 0…1 of the
/// full scale, colours by luminance; pages of one size are samples.
Format imageFormat();

/// All that can be opened: the core's formats and imageFormat().
const std::vector<Format>& allFormats();

/// Every picture of a folder as a column, in natural order (img2 before img10), all of one size. If there are only
/// folders inside, their pictures, named "s1/1.pgm". Throws Error, Cancelled.
Dataset loadImageFolder(const std::filesystem::path& path, const LoadControl& control = {});

/// Whether the first name comes before the second when numbers within them count as numbers.
bool naturallyBefore(std::string_view first, std::string_view second);

/// A folder of pictures or a file of any known format. Throws Error, Cancelled.
Dataset open(const std::filesystem::path& path, const LoadControl& control = {});

} // namespace nmf::ui
