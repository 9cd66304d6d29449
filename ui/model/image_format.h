#pragma once

#include "core/formats/formats.h"
#include "core/import_plan.h"

#include <filesystem>
#include <vector>

namespace nmf::ui
{

/// The pictures that Qt decodes: PNG, JPEG, TIFF, BMP, GIF, WebP, as far as its plugins are there. Gray in 0…1 of the
/// full scale, colours by luminance; pages of one size are samples.
Format imageFormat();

/// The format of a file by its name: "csv", "image"; "other" if it says nothing.
std::string kindOfFile(const std::filesystem::path& path);

/// A file of any format, of which the plan's member is taken; its pictures as small as the plan says, and with their
/// channels where it is their pixels that become samples. Throws Error, Cancelled.
Dataset loadPicture(const std::filesystem::path& path, const ImportPlan& plan, const LoadControl& control = {});

/// All that can be opened: the core's formats and imageFormat().
const std::vector<Format>& allFormats();

/// Every picture of a folder as a column, in natural order (img2 before img10), all of one size, or brought to that of
/// the first as the plan says. If there are only folders inside, their pictures, named "s1/1.pgm". Throws Error,
/// Cancelled.
Dataset loadImageFolder(const std::filesystem::path& path, const ImportPlan& plan, const LoadControl& control = {});
/// The same for pictures that were chosen together.
Dataset loadImages(const std::vector<std::filesystem::path>& files, const ImportPlan& plan,
                   const LoadControl& control = {});

/// Whether the first name comes before the second when numbers within them count as numbers.
bool naturallyBefore(std::string_view first, std::string_view second);

/// A folder of pictures or a file of any known format. Throws Error, Cancelled.
Dataset open(const std::filesystem::path& path, const LoadControl& control = {});

} // namespace nmf::ui
