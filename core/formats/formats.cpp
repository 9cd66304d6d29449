#include "core/formats/formats.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/gzip.h"
#include "core/formats/readers.h"

#include <algorithm>
#include <array>

namespace nmf
{

namespace
{

/// A kind of file that is met but not read: its suffixes, its first bytes, and what to do about it.
struct Unread
{
    const char* name;
    const char* advice;
    std::vector<std::string_view> suffixes, magics;
};

const std::vector<Unread>& unread()
{
    using namespace std::string_view_literals;
    static const std::vector<Unread> kinds{
        {"a file compressed with bzip2", "unpack it first", {".bz2"}, {"BZh"sv}},
        {"a file compressed with xz",
         "unpack it first",
         {".xz"},
         {"\xFD"
          "7zXZ"sv}},
        {"a WAV sound", "save its spectrogram as NPY", {".wav"}, {}},
        {"a spreadsheet", "save the sheet as CSV", {".xlsx", ".xls", ".ods"}, {}},
        {"a PDF document", "save its table as CSV", {".pdf"}, {"%PDF"sv}},
    };
    return kinds;
}

std::string lowerCase(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

std::vector<unsigned char> headOf(const std::filesystem::path& path)
{
    constexpr std::size_t headBytes = 512;
    ByteSource source = openFile(path);
    if (source.size == 0)
        throw Error(source.name + " is empty (0 bytes).");
    std::vector<unsigned char> head(headBytes);
    head.resize(readFully(source, head));
    return head;
}

std::string listOfSuffixes(std::span<const Format> known)
{
    std::string list;
    for (const Format& format : known)
        for (const std::string& suffix : format.suffixes)
            list += (list.empty() ? "" : " ") + suffix;
    return list;
}

/// Whether a file's name ends like this: whole where the suffix has a dot.
bool endsIn(const std::filesystem::path& path, const std::string& suffix)
{
    return suffix.starts_with('.') ? lowerCase(path.extension().string()) == suffix
                                   : lowerCase(nameOf(path)).ends_with(suffix);
}

const Format* bySuffix(std::span<const Format> known, const std::filesystem::path& path)
{
    for (const Format& format : known)
        if (std::ranges::any_of(format.suffixes, [&](const std::string& suffix) { return endsIn(path, suffix); }))
            return &format;
    return nullptr;
}

const Format* byContent(std::span<const Format> known, std::span<const unsigned char> head)
{
    // Almost anything may be text, so a table of text is the last guess.
    const auto guess = [&](bool text) -> const Format* {
        for (const Format& format : known)
            if ((format.facts.id == "csv") == text && format.recognises(head))
                return &format;
        return nullptr;
    };
    const Format* sure = guess(false);
    return sure ? sure : guess(true);
}

/// Throws Error if the file begins, or is named, like one of the kinds that are not read.
void refuseUnread(const std::string& name, std::span<const unsigned char> head)
{
    const std::string_view bytes(reinterpret_cast<const char*>(head.data()), head.size());
    const std::string lower = lowerCase(name);
    for (const Unread& kind : unread()) {
        const bool begins = std::ranges::any_of(kind.magics, [&](auto magic) { return bytes.starts_with(magic); });
        const bool named = std::ranges::any_of(kind.suffixes, [&](auto suffix) { return lower.ends_with(suffix); });
        if (begins || named)
            throw Error(name + (begins ? " is " : " is named like ") + kind.name + ", which cannot be read; " +
                        kind.advice + ".");
    }
}

/// A file, and where its bytes lie: elsewhere if it is packed.
struct Place
{
    const std::filesystem::path& bytes;
    const std::filesystem::path& file;
};

Dataset readAs(const Format& format, const Place& place, const LoadControl& control)
{
    Dataset dataset = format.read(place.bytes, control);
    if (format.lookBeside)
        format.lookBeside(dataset, place.file);
    return dataset;
}

/// Reads a file whose suffix says nothing, or not the truth, by what it begins like.
Dataset readByContent(const Place& place, const Format& guess, const LoadControl& control, const std::string& otherwise)
{
    Dataset dataset;
    try {
        dataset = readAs(guess, place, control);
    } catch (const Error&) {
        if (guess.facts.id != "csv")
            throw;
        throw Error(otherwise);
    }
    dataset.notes.insert(dataset.notes.begin(), "The file was recognised by its content: " + guess.facts.name + ".");
    return dataset;
}

Dataset readBySuffixOrContent(const Place& place, std::span<const unsigned char> head, std::span<const Format> known,
                              const LoadControl& control)
{
    const std::string name = nameOf(place.bytes), suffix = lowerCase(place.bytes.extension().string());
    if (const Format* named = bySuffix(known, place.bytes)) {
        const Format* guess = named->recognises(head) ? named : byContent(known, head);
        const bool onlyText = guess && named->isText && guess->facts.id == "csv";
        if (!guess || guess == named || onlyText)
            return readAs(*named, place, control);
        return readByContent(place, *guess, control,
                             name + " is named " + suffix + ", but does not begin as such a file does.");
    }
    refuseUnread(name, head);
    const std::string unknown = name + " is of an unknown format; known are " + listOfSuffixes(known) + ".";
    if (const Format* guess = byContent(known, head))
        return readByContent(place, *guess, control, unknown);
    throw Error(unknown);
}

/// A packed file, by what it holds.
Dataset readPacked(const std::filesystem::path& path, std::span<const Format> known, const LoadControl& control)
{
    constexpr double unpackingShare = 0.4;
    const Unpacked unpacked(path, control, unpackingShare);
    LoadControl inner = control;
    if (control.progress)
        inner.progress = [&](double fraction) { control.progress(unpackingShare + (1 - unpackingShare) * fraction); };
    try {
        const std::vector<unsigned char> head = headOf(unpacked.path());
        if (looksLikeGzip(head))
            throw Error("what it holds is packed once more; unpack it first.");
        return readBySuffixOrContent({unpacked.path(), path}, head, known, inner);
    } catch (const Error& error) {
        throw Error("In " + nameOf(path) + ": " + error.what());
    }
}

} // namespace

void LoadControl::check(double fraction) const
{
    if (stop.stop_requested())
        throw Cancelled();
    if (progress)
        progress(fraction);
}

const std::vector<Format>& formats()
{
    static const std::vector<Format> table{csv(),          npy(), npz(), mat(),    hdf5(),
                                           matrixMarket(), idx(), gct(), netpbm(), tiff()};
    return table;
}

Dataset load(const std::filesystem::path& path, std::span<const Format> known, const LoadControl& control)
{
    control.check(0);
    const std::vector<unsigned char> head = headOf(path);
    if (!looksLikeGzip(head) && lowerCase(path.extension().string()) == ".gz")
        throw Error(nameOf(path) + " is named .gz, but is no gzip file.");
    Dataset dataset = looksLikeGzip(head) ? readPacked(path, known, control)
                                          : readBySuffixOrContent({path, path}, head, known, control);
    if (dataset.title.empty()) {
        const std::u8string title = path.stem().u8string();
        dataset.title.assign(title.begin(), title.end());
    }
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(path, error);
    dataset.source = (error ? path : whole).string();
    control.check(1);
    return dataset;
}

} // namespace nmf
