#include "ui/model/import.h"

#include "core/error.h"
#include "core/samples/samples.h"
#include "ui/model/image_format.h"
#include "ui/model/picture_size.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

constexpr std::string_view samplePrefix = "sample:";

} // namespace

std::vector<std::filesystem::path> filesOf(const std::string& source)
{
    std::vector<std::filesystem::path> files;
    for (std::size_t begin = 0; begin <= source.size();) {
        const std::size_t end = std::min(source.find('\n', begin), source.size());
        if (end > begin)
            files.emplace_back(source.substr(begin, end - begin));
        begin = end + 1;
    }
    return files;
}

std::string sourceOf(const std::vector<std::filesystem::path>& files)
{
    std::string source;
    for (const std::filesystem::path& file : files)
        source += (source.empty() ? "" : "\n") + file.string();
    return source;
}

Dataset readRaw(const std::string& source, const ImportPlan& plan, const LoadControl& control)
{
    if (source.starts_with(samplePrefix))
        return sampleNamed(std::string_view(source).substr(samplePrefix.size())).make(1);
    const std::vector<std::filesystem::path> files = filesOf(source);
    if (files.size() > 1)
        return loadImages(files, plan, control);
    const std::filesystem::path path = files.empty() ? std::filesystem::path() : files.front();
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return loadImageFolder(path, plan, control);
    return loadPicture(path, plan, control);
}

Dataset madeOf(const Dataset& raw, const ImportPlan& plan, const LoadControl& control)
{
    std::optional<DataMatrix> weights;
    if (!plan.weights.empty())
        weights = open(plan.weights, {.stop = control.stop}).V;
    return prepared(raw, plan, weights);
}

Dataset imported(const std::string& source, const ImportPlan& plan, const LoadControl& control)
{
    return madeOf(readRaw(source, plan, control), plan, control);
}

Imported importedAsUsual(const std::string& source, const ImportPlan& plan, const LoadControl& control)
{
    const Dataset raw = readRaw(source, plan, control);
    const ImportPlan usual = withUnratedUnknown(plan, raw);
    return {madeOf(raw, usual, control), usual};
}

bool readsAlike(const ImportPlan& a, const ImportPlan& b)
{
    return a.member == b.member && a.longestSide == b.longestSide && a.otherSizes == b.otherSizes &&
           (a.pictures == ImportPlan::Pictures::Pixels) == (b.pictures == ImportPlan::Pictures::Pixels);
}

std::vector<FileMember> membersOf(const std::string& source)
{
    const std::vector<std::filesystem::path> files = filesOf(source);
    std::error_code error;
    if (source.starts_with(samplePrefix) || files.size() != 1 || std::filesystem::is_directory(files.front(), error))
        return {};
    return nmf::membersOf(files.front());
}

std::string kindOfSource(const std::string& source)
{
    if (source.starts_with(samplePrefix))
        return "sample";
    const std::vector<std::filesystem::path> files = filesOf(source);
    std::error_code error;
    if (files.size() != 1 || std::filesystem::is_directory(files.front(), error))
        return "folder";
    return kindOfFile(files.front());
}

} // namespace nmf::ui
