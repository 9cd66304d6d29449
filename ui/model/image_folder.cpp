#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/parallel.h"
#include "core/pictures.h"
#include "ui/model/image_format.h"

#include <algorithm>
#include <map>
#include <new>

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

/// A picture, and what it is called in messages and on the axis.
struct Picture
{
    std::filesystem::path path;
    std::string name;
};

/// What came of one picture.
struct Outcome
{
    Axis axis = {};
    std::vector<std::string> notes = {};
    std::string fault = {};
    bool otherSize = false;
};

/// Reads pictures into the columns of one matrix, on all processors where they are large.
class PicturesReader
{
public:
    /// `what`: "the folder faces", "the files".
    PicturesReader(std::string what, std::vector<Picture> pictures, const ImportPlan& plan, const LoadControl& control)
        : m_what(std::move(what)), m_pictures(std::move(pictures)), m_plan(plan), m_control(control),
          m_outcomes(m_pictures.size())
    {
        // A folder's pictures are bands of one scene: their colours would be bands of bands.
        if (m_plan.pictures == ImportPlan::Pictures::Pixels)
            m_plan.pictures = ImportPlan::Pictures::Whole;
        m_plan.member.clear();
    }

    Dataset read();

private:
    Dataset load(std::size_t index) const;
    void take(std::size_t index);
    void store(std::size_t index, const Dataset& picture);
    void readAll();
    [[noreturn]] void refuseOtherSizes() const;
    void addNotes(Dataset& dataset) const;

    const std::string m_what;
    const std::vector<Picture> m_pictures;
    ImportPlan m_plan;
    const LoadControl& m_control;
    std::vector<Outcome> m_outcomes; ///< one for each picture, so that no two threads meet
    Axis m_axis;
    Matrix<double> m_values;
};

Dataset PicturesReader::load(std::size_t index) const
{
    const Picture& picture = m_pictures[index];
    Dataset dataset;
    try {
        dataset = loadPicture(picture.path, m_plan, {.stop = m_control.stop});
    } catch (const Error& error) {
        throw Error("In " + m_what + ": " + error.what());
    }
    if (dataset.features.kind != Axis::Kind::Pixels)
        throw Error("In " + m_what + ": " + picture.name + " is named like a picture, but holds a table.");
    return dataset;
}

void PicturesReader::store(std::size_t index, const Dataset& picture)
{
    Outcome& outcome = m_outcomes[index];
    outcome.axis = picture.features;
    outcome.notes = picture.V.cols() > 1
                        ? std::vector<std::string>{"Of pictures with several pages the first was read."}
                        : picture.notes;
    outcome.otherSize = outcome.axis.height != m_axis.height || outcome.axis.width != m_axis.width;
    auto column = m_values.col(static_cast<Index>(index));
    if (!outcome.otherSize)
        column = picture.V.column(0);
    else if (m_plan.otherSizes == ImportPlan::OtherSizes::Crop)
        column = cropped(picture.V.column(0), outcome.axis, m_axis.height, m_axis.width);
    else if (m_plan.otherSizes == ImportPlan::OtherSizes::Resize)
        column = resized(picture.V.column(0), outcome.axis, m_axis.height, m_axis.width);
}

/// On any thread: what goes wrong is told later, by the thread that waits.
void PicturesReader::take(std::size_t index)
{
    try {
        store(index, load(index));
    } catch (const Error& error) {
        m_outcomes[index].fault = error.what();
    }
}

void PicturesReader::readAll()
{
    const std::size_t count = m_pictures.size();
    bool whole = true;
    constexpr double worthSharing = 1e6; // pixels
    if (static_cast<double>(m_values.size()) < worthSharing) {
        for (std::size_t i = 1; i < count && m_outcomes[i - 1].fault.empty(); ++i) {
            m_control.check(static_cast<double>(i) / static_cast<double>(count));
            take(i);
        }
    } else {
        const auto work = [this](std::size_t i) {
            take(i + 1);
            return m_outcomes[i + 1].fault.empty();
        };
        whole = forAll(count - 1, work, [this](double fraction) { m_control.check(fraction); });
    }
    m_control.check(1);
    for (const Outcome& outcome : m_outcomes)
        if (!outcome.fault.empty())
            throw Error(outcome.fault);
    // What a helper could not say: there was no memory for it.
    if (!whole)
        throw std::bad_alloc();
}

void PicturesReader::refuseOtherSizes() const
{
    constexpr std::size_t most = 5;
    std::string list;
    std::size_t others = 0;
    for (std::size_t i = 0; i < m_outcomes.size(); ++i)
        if (m_outcomes[i].otherSize && ++others <= most)
            list += m_pictures[i].name + " has " + sizeText(m_outcomes[i].axis) + ", ";
    throw Error("The pictures in " + m_what + " differ in size: " + list + (others > most ? "…, " : "") + "but " +
                m_pictures.front().name + " has " + sizeText(m_axis) + " pixels (height × width) (" +
                std::to_string(others) + " of " + std::to_string(m_outcomes.size()) +
                " differ); bring all to one size, or have them cropped or resized (--other-sizes crop or resize).");
}

void PicturesReader::addNotes(Dataset& dataset) const
{
    const std::size_t count = m_pictures.size();
    const auto pictures = [](std::size_t number) {
        return std::to_string(number) + (number == 1 ? " picture" : " pictures");
    };
    dataset.notes.push_back(pictures(count) + " of " + sizeText(m_axis) + " pixels (height × width).");
    std::map<std::string, std::size_t> times;
    std::size_t others = 0;
    for (const Outcome& outcome : m_outcomes) {
        others += outcome.otherSize;
        for (const std::string& note : outcome.notes)
            ++times[note];
    }
    if (others > 0)
        dataset.notes.push_back(pictures(others) + " of another size " + (others == 1 ? "was" : "were") +
                                (m_plan.otherSizes == ImportPlan::OtherSizes::Crop
                                     ? " cropped about the middle; what one lacks there is black."
                                     : " resized."));
    for (const auto& [note, number] : times)
        dataset.notes.push_back(
            note +
            (number < count ? " (" + std::to_string(number) + " of " + std::to_string(count) + " pictures)" : ""));
}

Dataset PicturesReader::read()
{
    m_control.check(0);
    const Dataset first = load(0);
    m_axis = first.features;
    requireMemory(m_pictures.front().path, static_cast<std::uint64_t>(first.V.rows()), m_pictures.size(),
                  sizeof(double));
    m_values.resize(first.V.rows(), static_cast<Index>(m_pictures.size()));
    store(0, first);
    readAll();
    if (m_plan.otherSizes == ImportPlan::OtherSizes::Refuse &&
        std::ranges::any_of(m_outcomes, [](const Outcome& outcome) { return outcome.otherSize; }))
        refuseOtherSizes();
    Dataset dataset;
    dataset.features = m_axis;
    dataset.samples = Axis::named({});
    dataset.samples.noun = "image";
    for (const Picture& picture : m_pictures)
        dataset.samples.names.push_back(picture.name);
    dataset.V = std::move(m_values);
    addNotes(dataset);
    return dataset;
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
    Dataset dataset = PicturesReader("the folder " + nameOf(path), std::move(pictures), plan, control).read();
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
    Dataset dataset = PicturesReader("the files", pictures, plan, control).read();
    dataset.title = std::to_string(pictures.size()) + " pictures";
    for (const Picture& picture : pictures)
        dataset.source += (dataset.source.empty() ? "" : "\n") + wholePath(picture.path).string();
    return dataset;
}

} // namespace nmf::ui
