#include "core/formats/dataset_stream.h"

#include "core/error.h"
#include "core/formats/file.h"

#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <type_traits>
#include <unistd.h>

namespace nmf
{

namespace
{

constexpr std::string_view magic = "Partscope data 1";

enum class Kept : std::uint64_t { Double, Single, Sparse };

/// Puts numbers and texts one after the other into a file.
class StreamWriter
{
public:
    explicit StreamWriter(int file) : m_file(file) {}

    void bytes(const void* from, std::size_t count)
    {
        const auto* next = static_cast<const char*>(from);
        while (count > 0) {
            const ssize_t written = ::write(m_file, next, count);
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                throw Error("What was read cannot be passed on: " + std::generic_category().message(errno) + ".");
            next += written;
            count -= static_cast<std::size_t>(written);
        }
    }

    void number(std::uint64_t value) { bytes(&value, sizeof value); }
    void size(Index value) { number(static_cast<std::uint64_t>(value)); }

    void text(std::string_view value)
    {
        number(value.size());
        bytes(value.data(), value.size());
    }

    void texts(const std::vector<std::string>& values)
    {
        number(values.size());
        for (const std::string& value : values)
            text(value);
    }

private:
    int m_file;
};

void writeAxis(StreamWriter& out, const Axis& axis)
{
    out.number(static_cast<std::uint64_t>(axis.kind));
    out.text(axis.noun);
    out.texts(axis.names);
    out.number(axis.positions.size());
    out.bytes(axis.positions.data(), axis.positions.size() * sizeof(double));
    out.text(axis.unit);
    for (const Index size : {axis.height, axis.width, axis.channels})
        out.size(size);
}

template <class Scalar>
void writeDense(StreamWriter& out, Kept kept, const Matrix<Scalar>& values)
{
    out.number(static_cast<std::uint64_t>(kept));
    out.size(values.rows());
    out.size(values.cols());
    out.bytes(values.data(), static_cast<std::size_t>(values.size()) * sizeof(Scalar));
}

void writeSparse(StreamWriter& out, const SparseMatrix<double>& values)
{
    out.number(static_cast<std::uint64_t>(Kept::Sparse));
    out.size(values.rows());
    out.size(values.cols());
    out.size(values.nonZeros());
    const auto entries = static_cast<std::size_t>(values.nonZeros());
    out.bytes(values.outerIndexPtr(), static_cast<std::size_t>(values.cols() + 1) * sizeof(int));
    out.bytes(values.innerIndexPtr(), entries * sizeof(int));
    out.bytes(values.valuePtr(), entries * sizeof(double));
}

/// Takes numbers and texts from the front of bytes that nobody vouches for.
class StreamReader
{
public:
    StreamReader(std::span<const unsigned char> bytes, const std::string& name) : m_bytes(bytes), m_name(name) {}

    [[noreturn]] void fail() const
    {
        throw Error(m_name + " could not be read: its decoder passed on something damaged.");
    }

    /// So many entries of some bytes each, which must be there.
    std::span<const unsigned char> take(std::uint64_t count, std::uint64_t each)
    {
        std::uint64_t bytes = 0;
        if (__builtin_mul_overflow(count, each, &bytes) || bytes > m_bytes.size())
            fail();
        const auto taken = m_bytes.first(bytes);
        m_bytes = m_bytes.subspan(bytes);
        return taken;
    }

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        std::memcpy(&value, take(1, sizeof value).data(), sizeof value);
        return value;
    }

    Index size()
    {
        const std::uint64_t value = number();
        if (value > static_cast<std::uint64_t>(std::numeric_limits<int>::max()))
            fail();
        return static_cast<Index>(value);
    }

    std::string text()
    {
        const auto bytes = take(number(), 1);
        std::string text(bytes.begin(), bytes.end());
        if (!isUtf8(text))
            fail();
        return text;
    }

    std::vector<std::string> texts()
    {
        // Each takes at least the bytes of its length.
        const std::uint64_t count = number();
        if (count > m_bytes.size() / sizeof(std::uint64_t))
            fail();
        std::vector<std::string> values;
        for (std::uint64_t i = 0; i < count; ++i)
            values.push_back(text());
        return values;
    }

    template <class Number>
    void into(Number* to, std::uint64_t count)
    {
        const auto bytes = take(count, sizeof(Number));
        if (!bytes.empty())
            std::memcpy(to, bytes.data(), bytes.size());
    }

    /// Fails unless so many entries of some bytes each are still to come.
    void require(std::uint64_t count, std::uint64_t each)
    {
        const auto rest = m_bytes;
        take(count, each);
        m_bytes = rest;
    }

    bool atEnd() const { return m_bytes.empty(); }

private:
    std::span<const unsigned char> m_bytes;
    const std::string& m_name;
};

Axis readAxis(StreamReader& in, Index length)
{
    Axis axis;
    const std::uint64_t kind = in.number();
    if (kind > static_cast<std::uint64_t>(Axis::Kind::Pixels))
        in.fail();
    axis.kind = static_cast<Axis::Kind>(kind);
    axis.noun = in.text();
    axis.names = in.texts();
    const std::uint64_t positions = in.number();
    in.require(positions, sizeof(double));
    axis.positions.resize(positions);
    in.into(axis.positions.data(), positions);
    axis.unit = in.text();
    axis.height = in.size();
    axis.width = in.size();
    axis.channels = in.size();
    const auto fits = [&](std::uint64_t count) { return count == static_cast<std::uint64_t>(length); };
    std::uint64_t pixels = 0;
    const bool product = !__builtin_mul_overflow(static_cast<std::uint64_t>(axis.height * axis.width),
                                                 static_cast<std::uint64_t>(axis.channels), &pixels);
    if ((!axis.names.empty() && !fits(axis.names.size())) || (!axis.positions.empty() && !fits(positions)) ||
        (axis.kind == Axis::Kind::Pixels && !(product && fits(pixels))) ||
        (axis.kind == Axis::Kind::Ordered && !fits(positions)) ||
        (axis.kind == Axis::Kind::Named && axis.names.empty()))
        in.fail();
    return axis;
}

template <class Scalar>
DataMatrix readDense(StreamReader& in, Index rows, Index columns)
{
    const auto entries = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
    in.require(entries, sizeof(Scalar));
    Matrix<Scalar> values(rows, columns);
    in.into(values.data(), entries);
    return values;
}

DataMatrix readSparse(StreamReader& in, Index rows, Index columns)
{
    const Index entries = in.size();
    in.require(static_cast<std::uint64_t>(columns) + 1, sizeof(int));
    in.require(static_cast<std::uint64_t>(entries), sizeof(int) + sizeof(double));
    SparseMatrix<double> values(rows, columns);
    values.resizeNonZeros(entries);
    in.into(values.outerIndexPtr(), static_cast<std::uint64_t>(columns) + 1);
    in.into(values.innerIndexPtr(), static_cast<std::uint64_t>(entries));
    in.into(values.valuePtr(), static_cast<std::uint64_t>(entries));
    const int* starts = values.outerIndexPtr();
    if (starts[0] != 0 || starts[columns] != entries)
        in.fail();
    for (Index j = 0; j < columns; ++j) {
        if (starts[j + 1] < starts[j] || starts[j + 1] > entries)
            in.fail();
        for (int at = starts[j]; at < starts[j + 1]; ++at)
            if (values.innerIndexPtr()[at] < (at > starts[j] ? values.innerIndexPtr()[at - 1] + 1 : 0) ||
                values.innerIndexPtr()[at] >= rows)
                in.fail();
    }
    return values;
}

DataMatrix readMatrix(StreamReader& in)
{
    const auto kept = static_cast<Kept>(in.number());
    const Index rows = in.size(), columns = in.size();
    switch (kept) {
    case Kept::Double:
        return readDense<double>(in, rows, columns);
    case Kept::Single:
        return readDense<float>(in, rows, columns);
    case Kept::Sparse:
        return readSparse(in, rows, columns);
    }
    in.fail();
}

} // namespace

void writeDataset(const Dataset& dataset, int file)
{
    StreamWriter out(file);
    out.bytes(magic.data(), magic.size());
    out.text(dataset.title);
    out.texts(dataset.notes);
    if (dataset.V.isSparse())
        writeSparse(out, *dataset.V.sparse<double>());
    else if (dataset.V.isSingle())
        writeDense(out, Kept::Single, *dataset.V.dense<float>());
    else
        writeDense(out, Kept::Double, *dataset.V.dense<double>());
    writeAxis(out, dataset.features);
    writeAxis(out, dataset.samples);
}

Dataset parseDataset(std::span<const unsigned char> bytes, const std::string& name)
{
    StreamReader in(bytes, name);
    const auto head = in.take(magic.size(), 1);
    if (!std::equal(head.begin(), head.end(), magic.begin()))
        in.fail();
    Dataset dataset;
    dataset.title = in.text();
    dataset.notes = in.texts();
    dataset.V = readMatrix(in);
    dataset.features = readAxis(in, dataset.V.rows());
    dataset.samples = readAxis(in, dataset.V.cols());
    if (!in.atEnd())
        in.fail();
    return dataset;
}

} // namespace nmf
