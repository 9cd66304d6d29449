#include "core/error.h"
#include "core/formats/file.h"
#include "ui/model/image_format.h"
#include "ui/model/pictures_reader.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string utf8(const std::filesystem::path& path)
{
    const std::u8string text = path.generic_u8string();
    return {text.begin(), text.end()};
}

std::string lowerSuffix(const std::filesystem::path& path)
{
    std::string suffix = path.extension().string();
    std::ranges::transform(suffix, suffix.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return suffix;
}

/// The formats whose files are pictures.
const Format* pictureFormat(const std::filesystem::path& path)
{
    const std::string suffix = lowerSuffix(path);
    for (const Format& format : allFormats())
        if ((format.facts.id == "netpbm" || format.facts.id == "image" || format.facts.id == "tiff") &&
            std::ranges::find(format.suffixes, suffix) != format.suffixes.end())
            return &format;
    return nullptr;
}

/// What a folder holds: the paths of pictures relative to the folder that was opened, and of folders.
struct Listing
{
    std::vector<std::filesystem::path> pictures, folders;
    std::size_t others = 0; ///< files that are no pictures; hidden ones do not count
};

Listing list(const std::filesystem::path& root, const std::filesystem::path& inside, const LoadControl& control)
{
    Listing listing;
    std::error_code error;
    std::filesystem::directory_iterator entry(root / inside, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        control.check(0);
        const std::filesystem::path name = entry->path().filename();
        if (name.string().starts_with('.'))
            continue;
        std::error_code ignored;
        if (entry->is_directory(ignored))
            listing.folders.push_back(inside / name);
        else if (pictureFormat(name))
            listing.pictures.push_back(inside / name);
        else
            ++listing.others;
    }
    if (error)
        throw Error("The folder " + nameOf(root / inside) + " cannot be read: " + error.message() + ".");
    return listing;
}

/// Goes down where there are only folders; a link to a folder above ends at `deepest`.
void collect(const std::filesystem::path& root, const std::filesystem::path& inside, int depth, Listing& all,
             const LoadControl& control)
{
    constexpr int deepest = 4;
    Listing here = list(root, inside, control);
    all.others += here.others;
    all.pictures.insert(all.pictures.end(), here.pictures.begin(), here.pictures.end());
    if (here.pictures.empty() && depth < deepest)
        for (const std::filesystem::path& folder : here.folders)
            collect(root, folder, depth + 1, all, control);
}

std::filesystem::path wholePath(const std::filesystem::path& path)
{
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(path, error);
    return error ? path : whole;
}

} // namespace

bool naturallyBefore(std::string_view first, std::string_view second)
{
    std::size_t i = 0, j = 0;
    while (i < first.size() && j < second.size()) {
        if (isDigit(first[i]) && isDigit(second[j])) {
            const auto run = [](std::string_view text, std::size_t& at) {
                while (at + 1 < text.size() && text[at] == '0' && isDigit(text[at + 1]))
                    ++at;
                const std::size_t start = at;
                while (at < text.size() && isDigit(text[at]))
                    ++at;
                return text.substr(start, at - start);
            };
            const std::string_view a = run(first, i), b = run(second, j);
            if (a != b)
                return a.size() != b.size() ? a.size() < b.size() : a < b;
        } else if (first[i] != second[j]) {
            return static_cast<unsigned char>(first[i]) < static_cast<unsigned char>(second[j]);
        } else {
            ++i;
            ++j;
        }
    }
    if (i < first.size() || j < second.size())
        return j < second.size();
    return first < second;
}

Dataset loadImageFolder(const std::filesystem::path& path, const ImportPlan& plan, const LoadControl& control)
{
    Listing listing;
    collect(path, {}, 0, listing, control);
    if (listing.pictures.empty())
        throw Error("The folder " + nameOf(path) + " holds no pictures (PGM, PNG, JPEG, TIFF, …).");
    std::ranges::sort(listing.pictures, [](const auto& a, const auto& b) { return naturallyBefore(utf8(a), utf8(b)); });
    std::vector<Picture> pictures;
    for (const std::filesystem::path& name : listing.pictures)
        pictures.push_back({path / name, utf8(name)});
    Dataset dataset = readPictures("the folder " + nameOf(path), pictures, plan, control);
    if (listing.others > 0)
        dataset.notes.push_back(
            std::to_string(listing.others) +
            (listing.others == 1 ? " file that is no picture was" : " files that are no pictures were") +
            " passed over.");
    dataset.title = nameOf(path);
    dataset.source = wholePath(path).string();
    return dataset;
}

Dataset loadImages(const std::vector<std::filesystem::path>& files, const ImportPlan& plan, const LoadControl& control)
{
    std::vector<Picture> pictures;
    for (const std::filesystem::path& file : files) {
        if (!pictureFormat(file))
            throw Error("Of several files that are opened together each must be a picture, but " + nameOf(file) +
                        " is none: open it alone.");
        pictures.push_back({file, nameOf(file)});
    }
    std::ranges::stable_sort(pictures,
                             [](const Picture& a, const Picture& b) { return naturallyBefore(a.name, b.name); });
    Dataset dataset = readPictures("the files", pictures, plan, control);
    dataset.title = std::to_string(pictures.size()) + " pictures";
    for (const Picture& picture : pictures)
        dataset.source += (dataset.source.empty() ? "" : "\n") + wholePath(picture.path).string();
    return dataset;
}

} // namespace nmf::ui
