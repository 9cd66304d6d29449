#include "core/formats/npy_bytes.h"

#include <bit>
#include <span>

namespace nmf
{

namespace
{

/// "<" or ">", and what follows it.
std::string typeOf(const std::string& kind)
{
    return (std::endian::native == std::endian::little ? "<" : ">") + kind;
}

std::string shapeOf(Index rows, Index columns)
{
    return "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")";
}

template <class Number>
std::string withBytes(std::string header, const Number* numbers, Index count)
{
    header.append(reinterpret_cast<const char*>(numbers), static_cast<std::size_t>(count) * sizeof(Number));
    return header;
}

template <class Number>
std::string listBytes(const std::string& kind, std::span<const Number> list)
{
    return withBytes(npyHeader(typeOf(kind), false, "(" + std::to_string(list.size()) + ",)"), list.data(),
                     static_cast<Index>(list.size()));
}

template <class Scalar>
std::string matrixBytes(const Matrix<Scalar>& values)
{
    return withBytes(npyHeader(typeOf(sizeof(Scalar) == 8 ? "f8" : "f4"), true, shapeOf(values.rows(), values.cols())),
                     values.data(), values.size());
}

template <class Scalar>
std::vector<NamedBytes> sparseBytes(const SparseMatrix<Scalar>& values)
{
    const auto stored = static_cast<std::size_t>(values.nonZeros());
    const std::vector<std::int64_t> shape{values.rows(), values.cols()};
    const std::string format = "csc";
    return {{"format", npyHeader("|S3", false, "()") + format},
            {"shape", listBytes<std::int64_t>("i8", shape)},
            {"data", listBytes(sizeof(Scalar) == 8 ? "f8" : "f4", std::span(values.valuePtr(), stored))},
            {"indices", listBytes("i4", std::span(values.innerIndexPtr(), stored))},
            {"indptr",
             listBytes("i4", std::span(values.outerIndexPtr(), static_cast<std::size_t>(values.outerSize()) + 1))}};
}

} // namespace

std::string npyHeader(const std::string& type, bool columnByColumn, const std::string& shape)
{
    constexpr std::size_t alignment = 64, lead = 10;
    std::string text = "{'descr': '" + type + "', 'fortran_order': " + (columnByColumn ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
    text.append(alignment - 1 - (lead + text.size()) % alignment, ' ');
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(text.size() & 0xFF);
    header += static_cast<char>(text.size() >> 8);
    return header + text;
}

std::string npyBytes(const Matrix<double>& values)
{
    return matrixBytes(values);
}

std::string npyBytesTransposed(const Matrix<double>& values)
{
    return withBytes(npyHeader(typeOf("f8"), false, shapeOf(values.cols(), values.rows())), values.data(),
                     values.size());
}

std::string npyBytes(const Mask& mask)
{
    static_assert(sizeof(bool) == 1);
    return withBytes(npyHeader("|b1", true, shapeOf(mask.rows(), mask.cols())), mask.data(), mask.size());
}

std::string npyBytes(const std::vector<double>& list)
{
    return listBytes<double>("f8", list);
}

std::string npyBytes(const DataMatrix& dense)
{
    return dense.isSingle() ? matrixBytes(*dense.dense<float>()) : matrixBytes(*dense.dense<double>());
}

std::vector<NamedBytes> sparseNpyBytes(const DataMatrix& sparse)
{
    return sparse.isSingle() ? sparseBytes(*sparse.sparse<float>()) : sparseBytes(*sparse.sparse<double>());
}

} // namespace nmf
