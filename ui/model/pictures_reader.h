#pragma once

#include "core/formats/formats.h"
#include "core/import_plan.h"

#include <filesystem>
#include <string>
#include <vector>

namespace nmf::ui
{

/// A picture, and what it is called in messages and on the axis.
struct Picture
{
    std::filesystem::path path;
    std::string name;
};

/// Pictures as the columns of one matrix, all of one size, or brought to that of the first as the plan says. `what`
/// they are is for messages: "the folder faces", "the files". Throws Error, Cancelled.
Dataset readPictures(const std::string& what, const std::vector<Picture>& pictures, const ImportPlan& plan,
                     const LoadControl& control);

} // namespace nmf::ui
