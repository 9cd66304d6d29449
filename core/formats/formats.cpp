#include "core/formats/formats.h"

#include "core/error.h"
#include "core/formats/file.h"
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
        {"a file compressed with gzip", "unpack it first", {".gz", ".tgz"}, {"\x1F\x8B"sv}},
        {"a file compressed with bzip2", "unpack it first", {".bz2"}, {"BZh"sv}},
        {"a file compressed with xz",
         "unpack it first",
         {".xz"},
         {"\xFD"
          "7zXZ"sv}},
        {"a MATLAB file",
         "save the matrix as CSV or NPY",
         {".mat"},
         {"MATLAB 5.0 MAT-file"sv, "MATLAB 7.3 MAT-file"sv}},
        {"an HDF5 file", "save the matrix as NPY", {".h5", ".hdf5", ".h5ad", ".hdf"}, {"\x89HDF\r\n"sv}},
        {"an IDX file",
         "save the array as NPY",
         {"-ubyte", ".idx"},
         {"\0\0\x08"sv, "\0\0\x09"sv, "\0\0\x0B"sv, "\0\0\x0C"sv, "\0\0\x0D"sv, "\0\0\x0E"sv}},
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

const Format* bySuffix(std::span<const Format> known, const std::string& suffix)
{
    for (const Format& format : known)
        if (std::ranges::find(format.suffixes, suffix) != format.suffixes.end())
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

/// Reads a file whose suffix says nothing, or not the truth, by what it begins like.
Dataset readByContent(const std::filesystem::path& path, const Format& guess, const LoadControl& control,
                      const std::string& otherwise)
{
    Dataset dataset;
    try {
        dataset = guess.read(path, control);
    } catch (const Error&) {
        if (guess.facts.id != "csv")
            throw;
        throw Error(otherwise);
    }
    dataset.notes.insert(dataset.notes.begin(), "The file was recognised by its content: " + guess.facts.name + ".");
    return dataset;
}

Dataset readBySuffixOrContent(const std::filesystem::path& path, std::span<const Format> known,
                              const LoadControl& control)
{
    const std::vector<unsigned char> head = headOf(path);
    const std::string name = nameOf(path), suffix = lowerCase(path.extension().string());
    if (const Format* named = bySuffix(known, suffix)) {
        const Format* guess = named->recognises(head) ? named : byContent(known, head);
        const bool onlyText = guess && named->isText && guess->facts.id == "csv";
        if (!guess || guess == named || onlyText)
            return named->read(path, control);
        return readByContent(path, *guess, control,
                             name + " is named " + suffix + ", but does not begin as such a file does.");
    }
    refuseUnread(name, head);
    const std::string unknown = name + " is of an unknown format; known are " + listOfSuffixes(known) + ".";
    if (const Format* guess = byContent(known, head))
        return readByContent(path, *guess, control, unknown);
    throw Error(unknown);
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
    static const std::vector<Format> table{csv(), npy(), npz(), matrixMarket(), netpbm()};
    return table;
}

Dataset load(const std::filesystem::path& path, std::span<const Format> known, const LoadControl& control)
{
    control.check(0);
    Dataset dataset = readBySuffixOrContent(path, known, control);
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
