#include "core/atomic_file.h"
#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/npy_bytes.h"
#include "core/formats/write_text.h"
#include "core/formats/writers.h"
#include "core/formats/zip_members.h"

#include <zip.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace nmf
{

namespace
{

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why)
{
    throw Error(nameOf(path) + " cannot be written: " + why + "; what was there before is untouched.");
}

/// A member of an archive; its numbers stay where they are until the archive is closed.
struct Array
{
    std::string name, header;
    std::string_view numbers;
};

template <class Number>
std::string_view bytesOf(const Number* numbers, Index count)
{
    return {reinterpret_cast<const char*>(numbers), static_cast<std::size_t>(count) * sizeof(Number)};
}

void addArray(zip_t* archive, const std::filesystem::path& path, const Array& array)
{
    const std::string_view pieces[] = {array.header, array.numbers};
    try {
        addMember(archive, array.name + ".npy", pieces, Packing::None);
    } catch (const std::runtime_error& error) {
        fail(path, error.what());
    }
}

void closeWatched(Archive& archive, const std::filesystem::path& path, const LoadControl& control)
{
    constexpr double steps = 0.01;
    zip_register_progress_callback_with_state(
        archive.get(), steps,
        [](zip_t*, double fraction, void* state) {
            const auto& watched = *static_cast<const LoadControl*>(state);
            if (watched.progress)
                watched.progress(fraction);
        },
        nullptr, const_cast<LoadControl*>(&control));
    zip_register_cancel_callback_with_state(
        archive.get(),
        [](zip_t*, void* state) { return static_cast<const LoadControl*>(state)->stop.stop_requested() ? 1 : 0; },
        nullptr, const_cast<LoadControl*>(&control));
    if (zip_close(archive.get()) != 0) {
        if (control.stop.stop_requested())
            throw Cancelled();
        fail(path, zip_strerror(archive.get()));
    }
    archive.release();
}

void writeArchive(const std::filesystem::path& path, std::span<const Array> arrays, const LoadControl& control)
{
    control.check(0);
    writeBeside(path, [&](const std::filesystem::path& part) {
        int code = 0;
        Archive archive(zip_open(part.c_str(), ZIP_CREATE | ZIP_EXCL, &code), &zip_discard);
        if (!archive) {
            zip_error_t error;
            zip_error_init_with_code(&error, code);
            const std::string why = zip_error_strerror(&error);
            zip_error_fini(&error);
            fail(path, why);
        }
        for (const Array& array : arrays)
            addArray(archive.get(), path, array);
        closeWatched(archive, path, control);
    });
}

void writeNpz(const std::filesystem::path& path, std::span<const NamedMatrix> matrices, const LoadControl& control)
{
    std::vector<Array> arrays;
    for (const NamedMatrix& matrix : matrices)
        arrays.push_back({matrix.name, npyHeader(matrix.values.rows(), matrix.values.cols()),
                          bytesOf(matrix.values.data(), matrix.values.size())});
    writeArchive(path, arrays, control);
}

} // namespace

void saveSparseNpz(const std::filesystem::path& path, const SparseMatrix<double>& values, const LoadControl& control)
{
    std::vector<Array> arrays;
    for (NamedBytes& member : sparseNpyBytes(DataMatrix(values)))
        arrays.push_back({std::move(member.name), std::move(member.bytes), {}});
    writeArchive(path, arrays, control);
}

Writer npzWriter()
{
    return {.facts = {.id = "npz",
                      .name = "NumPy archive",
                      .summary = "One file for all: numpy.load(\"factors.npz\")[\"W\"]; a run can begin with it"},
            .suffix = ".npz",
            .holds = Writer::Holds::Several,
            .write = writeNpz};
}

} // namespace nmf
