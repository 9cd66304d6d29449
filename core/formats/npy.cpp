#include "core/formats/npy.h"

#include "core/error.h"
#include "core/formats/readers.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace nmf
{

namespace
{

constexpr std::string_view magic("\x93NUMPY", 6);

/// Where the numbers of an array go: a vector is one column, three dimensions are n images, one in a column.
struct Layout
{
    std::uint64_t rows = 1, columns = 1, entries = 1, bytes = 0;
    bool columnByColumn = false; ///< the file holds the matrix column by column
    bool images = false;
};

std::string shapeText(const std::vector<std::uint64_t>& shape)
{
    std::string text;
    for (const std::uint64_t size : shape)
        text += (text.empty() ? "" : ", ") + std::to_string(size);
    return "(" + text + (shape.size() == 1 ? ",)" : ")");
}

bool multiply(std::uint64_t a, std::uint64_t b, std::uint64_t& product)
{
    return !__builtin_mul_overflow(a, b, &product);
}

/// Throws Error if the shape is not that of a matrix or of images.
void requireMatrix(const std::vector<std::uint64_t>& shape, const std::string& name)
{
    const std::string shown = shapeText(shape);
    if (shape.empty() || (shape.size() == 1 && shape[0] == 1))
        throw Error(name + " holds a single number (shape " + shown + "), not a matrix.");
    if (std::ranges::find(shape, 0u) != shape.end())
        throw Error(name + " is empty: its shape is " + shown + ".");
    if (shape.size() > 3)
        throw Error(name + " has " + std::to_string(shape.size()) + " dimensions, shape " + shown +
                    "; a matrix has two, and three are read as images.");
}

/// Checks the shape against itself and against the bytes that are there; nothing has been allocated yet.
Layout layOut(const NpyHeader& header, std::uint64_t bytesLeft, const std::string& name)
{
    const auto& shape = header.shape;
    const std::string shown = shapeText(shape);
    Layout layout;
    bool fits = true;
    for (const std::uint64_t size : shape)
        fits = fits && multiply(layout.entries, size, layout.entries);
    if (!fits || !multiply(layout.entries, header.itemSize, layout.bytes))
        throw Error(name + " claims the shape " + shown + ", which is more than any file can hold.");
    if (layout.bytes > bytesLeft)
        throw Error(name + " is cut short: the shape " + shown + " needs " + std::to_string(layout.bytes) +
                    " bytes of numbers, but there are " + std::to_string(bytesLeft) + ".");
    layout.images = shape.size() == 3;
    layout.columns = layout.images ? shape[0] : shape.size() == 2 ? shape[1] : 1;
    layout.rows = layout.entries / layout.columns;
    // In C order the images lie one after the other, and each is a column.
    layout.columnByColumn = shape.size() == 1 || (shape.size() == 2 ? header.fortranOrder : !header.fortranOrder);
    return layout;
}

template <class Stored>
Stored storedAt(const unsigned char* bytes, bool swapped)
{
    unsigned char ordered[sizeof(Stored)];
    std::memcpy(ordered, bytes, sizeof(Stored));
    if (swapped)
        std::reverse(std::begin(ordered), std::end(ordered));
    return std::bit_cast<Stored>(ordered);
}

/// IEEE 754 binary16.
double halfToDouble(std::uint16_t bits)
{
    const int exponent = (bits >> 10) & 0x1F, fraction = bits & 0x3FF;
    const double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == 0x1F)
        return fraction ? std::nan("") : sign * HUGE_VAL;
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25));
}

struct Half
{
    std::uint16_t bits;
};
struct Boolean
{
    unsigned char byte;
};

template <class Scalar, class Stored>
Scalar convert(Stored value)
{
    if constexpr (std::is_same_v<Stored, Half>)
        return halfToDouble(value.bits);
    else if constexpr (std::is_same_v<Stored, Boolean>)
        return value.byte != 0 ? 1 : 0;
    else
        return static_cast<Scalar>(value);
}

/// Puts entry `position` of the file to its place in the matrix.
class Placer
{
public:
    Placer(const NpyHeader& header, const Layout& layout)
        : m_rows(layout.rows), m_columns(layout.columns), m_columnByColumn(layout.columnByColumn),
          m_height(layout.images ? header.shape[1] : 1), m_width(layout.images ? header.shape[2] : 1),
          m_fortranImages(layout.images && header.fortranOrder)
    {
    }

    std::uint64_t operator()(std::uint64_t position) const
    {
        if (m_columnByColumn)
            return position;
        const std::uint64_t column = position % m_columns, row = position / m_columns;
        if (!m_fortranImages)
            return column * m_rows + row;
        std::uint64_t sample = column, pixel = row;
        return sample * m_rows + (pixel % m_height) * m_width + pixel / m_height;
    }

    /// For plain C order: whole rows at a time can be transposed block by block.
    bool plainRows() const { return !m_columnByColumn && !m_fortranImages; }

private:
    std::uint64_t m_rows, m_columns;
    bool m_columnByColumn;
    std::uint64_t m_height, m_width;
    bool m_fortranImages;
};

template <class Scalar, class Stored>
Matrix<Scalar> readNumbers(ByteSource& source, const NpyHeader& header, const Layout& layout,
                           const LoadControl& control)
{
    Matrix<Scalar> values(static_cast<Index>(layout.rows), static_cast<Index>(layout.columns));
    const Placer place(header, layout);
    // Whole rows where they fit, so that each column gets a run of numbers at once.
    const std::uint64_t rowsAtOnce = std::max<std::uint64_t>(1, bytesPerCheck / (sizeof(Stored) * layout.columns));
    const bool byRows = place.plainRows() && layout.columns <= bytesPerCheck / sizeof(Stored);
    const std::uint64_t atOnce = byRows ? rowsAtOnce * layout.columns : bytesPerCheck / sizeof(Stored);
    std::vector<unsigned char> buffer(static_cast<std::size_t>(atOnce) * sizeof(Stored));
    const auto stored = [&](std::uint64_t i) {
        return convert<Scalar>(storedAt<Stored>(buffer.data() + i * sizeof(Stored), header.swapped));
    };
    for (std::uint64_t first = 0; first < layout.entries; first += atOnce) {
        control.check(static_cast<double>(first) / static_cast<double>(layout.entries));
        const std::uint64_t count = std::min(atOnce, layout.entries - first);
        const std::span<unsigned char> wanted(buffer.data(), static_cast<std::size_t>(count) * sizeof(Stored));
        if (readFully(source, wanted) < wanted.size())
            throw Error(source.name + " is cut short: its numbers end after " + std::to_string(first) + " of " +
                        std::to_string(layout.entries) + ".");
        if (byRows) {
            const std::uint64_t rows = count / layout.columns, firstRow = first / layout.columns;
            for (std::uint64_t j = 0; j < layout.columns; ++j) {
                Scalar* column = values.data() + j * layout.rows + firstRow;
                for (std::uint64_t i = 0; i < rows; ++i)
                    column[i] = stored(i * layout.columns + j);
            }
        } else {
            for (std::uint64_t i = 0; i < count; ++i)
                values.data()[place(first + i)] = stored(i);
        }
    }
    return values;
}

DataMatrix readMatrix(ByteSource& source, const NpyHeader& header, const Layout& layout, const LoadControl& control)
{
    const auto as = [&]<class Scalar, class Stored>(Scalar, Stored) -> DataMatrix {
        return readNumbers<Scalar, Stored>(source, header, layout, control);
    };
    const std::size_t size = header.itemSize;
    if (header.kind == 'b')
        return as(double(), Boolean());
    if (header.kind == 'f')
        return size == 2 ? as(double(), Half()) : size == 4 ? as(float(), float()) : as(double(), double());
    if (header.kind == 'u')
        return size == 1   ? as(double(), std::uint8_t())
               : size == 2 ? as(double(), std::uint16_t())
               : size == 4 ? as(double(), std::uint32_t())
                           : as(double(), std::uint64_t());
    return size == 1   ? as(double(), std::int8_t())
           : size == 2 ? as(double(), std::int16_t())
           : size == 4 ? as(double(), std::int32_t())
                       : as(double(), std::int64_t());
}

/// Whether the numbers can be used as they lie in the file.
bool canBeMapped(const NpyHeader& header, const Layout& layout, std::uint64_t offset)
{
    return layout.bytes >= mappedFromBytes && header.kind == 'f' && header.itemSize >= 4 && !header.swapped &&
           offset % header.itemSize == 0 && !(layout.images && header.fortranOrder);
}

DataMatrix mapMatrix(const std::filesystem::path& path, const NpyHeader& header, const Layout& layout,
                     std::uint64_t offset)
{
    const auto file = std::make_shared<const MappedFile>(path, offset + layout.bytes);
    const auto rows = static_cast<Index>(layout.rows), columns = static_cast<Index>(layout.columns);
    if (header.itemSize == 4)
        return DenseValues<float>(file, offset, rows, columns, !layout.columnByColumn);
    return DenseValues<double>(file, offset, rows, columns, !layout.columnByColumn);
}

} // namespace

NpyHeader readNpyHeader(ByteSource& source, std::uint64_t* bytesLeft)
{
    unsigned char lead[12] = {};
    const auto cut = [&] { return Error(source.name + " is cut short: it ends inside the header."); };
    if (readFully(source, {lead, 8}) < 8)
        throw cut();
    if (std::memcmp(lead, magic.data(), magic.size()) != 0)
        throw Error(source.name + " is no NPY file: it does not begin with \\x93NUMPY.");
    const int version = lead[6];
    if (version < 1 || version > 3)
        throw Error(source.name + " has NPY version " + std::to_string(version) + "." + std::to_string(lead[7]) +
                    "; versions 1 to 3 are known.");
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    if (readFully(source, {lead + 8, lengthBytes}) < lengthBytes)
        throw cut();
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        length |= static_cast<std::uint64_t>(lead[8 + i]) << (8 * i);
    const std::uint64_t start = 8 + lengthBytes + length;
    constexpr std::uint64_t longest = 1 << 20;
    if (start > source.size)
        throw Error(source.name + " claims a header of " + std::to_string(length) + " bytes, but has only " +
                    std::to_string(source.size) + " in all.");
    if (length > longest)
        throw Error(source.name + " claims a header of " + std::to_string(length) +
                    " bytes, longer than any matrix needs.");
    std::string text(length, '\0');
    if (readFully(source, {reinterpret_cast<unsigned char*>(text.data()), text.size()}) < text.size())
        throw cut();
    if (bytesLeft)
        *bytesLeft = source.size - start;
    return parseNpyHeader(text, source.name);
}

Dataset readNpyArray(ByteSource& source, const std::filesystem::path& path, const LoadControl& control, Bytes bytes)
{
    std::uint64_t bytesLeft = 0;
    const NpyHeader header = readNpyHeader(source, &bytesLeft);
    requireMatrix(header.shape, source.name);
    const Layout layout = layOut(header, bytesLeft, source.name);
    const bool single = header.kind == 'f' && header.itemSize == 4;
    Dataset dataset;
    if (const std::uint64_t offset = source.size - bytesLeft;
        bytes == Bytes::OwnFile && canBeMapped(header, layout, offset)) {
        dataset.V = mapMatrix(path, header, layout, offset);
        dataset.notes.push_back("The numbers stay in the file and are read where they are needed.");
    } else {
        requireMemory(path, layout.rows, layout.columns, single ? sizeof(float) : sizeof(double));
        dataset.V = readMatrix(source, header, layout, control);
    }
    if (header.shape.size() == 1)
        dataset.notes.push_back("The array has one dimension and was read as one column.");
    if (layout.images) {
        dataset.features = Axis::pixels(static_cast<Index>(header.shape[1]), static_cast<Index>(header.shape[2]));
        dataset.samples.noun = "image";
        dataset.notes.push_back("The array " + shapeText(header.shape) + " was read as " +
                                std::to_string(header.shape[0]) + " images of " + std::to_string(header.shape[1]) +
                                " × " + std::to_string(header.shape[2]) + " pixels, one in a column.");
    }
    constexpr double exactUpTo = 9007199254740992.0; // 2^53
    if (header.itemSize == 8 && header.kind != 'f' && dataset.V.dense<double>()->cwiseAbs().maxCoeff() > exactUpTo)
        dataset.notes.push_back("Whole numbers beyond 2^53 were rounded to double precision.");
    if (bytesLeft > layout.bytes)
        dataset.notes.push_back(std::to_string(bytesLeft - layout.bytes) + " bytes after the array were ignored.");
    return dataset;
}

DataMatrix readNpyVector(ByteSource& source, const std::filesystem::path& path, const LoadControl& control)
{
    std::uint64_t bytesLeft = 0;
    const NpyHeader header = readNpyHeader(source, &bytesLeft);
    if (header.shape.size() != 1)
        throw Error(source.name + " has the shape " + shapeText(header.shape) + " where a single list is needed.");
    const Layout layout = layOut(header, bytesLeft, source.name);
    requireMemory(path, layout.rows, 1, sizeof(double));
    DataMatrix values = readMatrix(source, header, layout, control);
    readToEnd(source);
    return values;
}

Format npy()
{
    return {.facts = {.id = "npy", .name = "NumPy array", .summary = "What numpy.save writes"},
            .suffixes = {".npy"},
            .recognises =
                [](std::span<const unsigned char> head) {
                    return head.size() >= magic.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0;
                },
            .read =
                [](const std::filesystem::path& path, const LoadControl& control) {
                    ByteSource source = openFile(path);
                    return readNpyArray(source, path, control, Bytes::OwnFile);
                }};
}

} // namespace nmf
