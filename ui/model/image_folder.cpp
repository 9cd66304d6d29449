#include "core/error.h"
#include "core/formats/file.h"
#include "ui/model/image_format.h"

#include <algorithm>
#include <map>

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

std::string sizeText(const Axis& pixels)
{
    return std::to_string(pixels.height) + " × " + std::to_string(pixels.width);
}

/// Reads picture after picture into the columns of one matrix.
class FolderReader
{
public:
    FolderReader(const std::filesystem::path& root, const LoadControl& control) : m_root(root), m_control(control) {}

    Dataset read();

private:
    void readPicture(std::size_t index);

    const std::filesystem::path& m_root;
    const LoadControl& m_control;
    Listing m_listing;
    Matrix<double> m_values;
    Dataset m_dataset;
    std::map<std::string, std::size_t> m_notes; ///< how many pictures each note is about
};

void FolderReader::readPicture(std::size_t index)
{
    const std::filesystem::path& name = m_listing.pictures[index];
    Dataset picture;
    try {
        picture = load(m_root / name, allFormats(), {.stop = m_control.stop});
    } catch (const Error& error) {
        throw Error("In the folder " + nameOf(m_root) + ": " + error.what());
    }
    if (picture.features.kind != Axis::Kind::Pixels)
        throw Error("In the folder " + nameOf(m_root) + ": " + utf8(name) +
                    " is named like a picture, but holds a table.");
    if (index == 0) {
        m_dataset.features = picture.features;
        requireMemory(m_root, static_cast<std::uint64_t>(picture.V.rows()), m_listing.pictures.size(), sizeof(double));
        m_values.resize(picture.V.rows(), static_cast<Index>(m_listing.pictures.size()));
    }
    const Axis& first = m_dataset.features;
    if (picture.features.height != first.height || picture.features.width != first.width)
        throw Error("The pictures in " + nameOf(m_root) + " differ in size: " + utf8(name) + " has " +
                    sizeText(picture.features) + " pixels (height × width), but " + utf8(m_listing.pictures.front()) +
                    " has " + sizeText(first) + "; bring all to one size.");
    m_values.col(static_cast<Index>(index)) = picture.V.column(0);
    if (picture.V.cols() > 1)
        picture.notes = {"Of pictures with several pages the first was read."};
    for (const std::string& note : picture.notes)
        ++m_notes[note];
    m_dataset.samples.names.push_back(utf8(name));
}

Dataset FolderReader::read()
{
    collect(m_root, {}, 0, m_listing, m_control);
    if (m_listing.pictures.empty())
        throw Error("The folder " + nameOf(m_root) + " holds no pictures (PGM, PNG, JPEG, TIFF, …).");
    std::ranges::sort(m_listing.pictures,
                      [](const auto& a, const auto& b) { return naturallyBefore(utf8(a), utf8(b)); });
    const std::size_t count = m_listing.pictures.size();
    m_dataset.samples = Axis::named({});
    m_dataset.samples.noun = "image";
    for (std::size_t i = 0; i < count; ++i) {
        m_control.check(static_cast<double>(i) / static_cast<double>(count));
        readPicture(i);
    }
    m_dataset.V = std::move(m_values);
    m_dataset.notes.push_back(std::to_string(count) + (count == 1 ? " picture" : " pictures") + " of " +
                              sizeText(m_dataset.features) + " pixels (height × width).");
    for (const auto& [note, times] : m_notes)
        m_dataset.notes.push_back(
            note + (times < count ? " (" + std::to_string(times) + " of " + std::to_string(count) + " pictures)" : ""));
    if (m_listing.others > 0)
        m_dataset.notes.push_back(
            std::to_string(m_listing.others) +
            (m_listing.others == 1 ? " file that is no picture was" : " files that are no pictures were") +
            " passed over.");
    m_dataset.title = nameOf(m_root);
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(m_root, error);
    m_dataset.source = (error ? m_root : whole).string();
    return std::move(m_dataset);
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

Dataset loadImageFolder(const std::filesystem::path& path, const LoadControl& control)
{
    return FolderReader(path, control).read();
}

} // namespace nmf::ui
