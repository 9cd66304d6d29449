#include "core/decoders/decoders.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/sparse_entries.h"

#include <matio.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <span>

namespace nmf
{

namespace
{

using MatFile = std::unique_ptr<mat_t, decltype(&Mat_Close)>;
using Variable = std::unique_ptr<matvar_t, decltype(&Mat_VarFree)>;

std::vector<std::uint64_t> shapeOf(const matvar_t& variable)
{
    return {variable.dims, variable.dims + variable.rank};
}

bool isNumeric(const matvar_t& variable)
{
    return (variable.class_type >= MAT_C_SPARSE && variable.class_type <= MAT_C_UINT64);
}

/// The matrices of a file, those in its structs too, and why the others are none.
struct Contents
{
    std::vector<Candidate> candidates = {};
    std::string complex = {}, empty = {};
    std::size_t variables = 0;

    void take(const std::string& name, const matvar_t& variable, int depth);
    void takeFields(const std::string& name, matvar_t& variable, int depth);
};

void Contents::take(const std::string& name, const matvar_t& variable, int depth)
{
    constexpr int deepest = 3;
    if (variable.class_type == MAT_C_STRUCT && depth < deepest)
        return takeFields(name, const_cast<matvar_t&>(variable), depth);
    if (!isNumeric(variable) || variable.rank < 2 || !variable.dims)
        return;
    const std::vector<std::uint64_t> shape = shapeOf(variable);
    if (variable.isComplex)
        complex = name;
    else if (std::ranges::find(shape, 0u) != shape.end())
        empty = name;
    else if (shape.size() > 3 || std::ranges::count(shape, 1u) < static_cast<std::ptrdiff_t>(shape.size()) - 1)
        candidates.push_back({name, shape});
}

void Contents::takeFields(const std::string& name, matvar_t& variable, int depth)
{
    // Of an array of structs it would not be clear which.
    if (variable.rank != 2 || !variable.dims || variable.dims[0] != 1 || variable.dims[1] != 1)
        return;
    const unsigned count = Mat_VarGetNumberOfFields(&variable);
    char* const* names = Mat_VarGetStructFieldnames(&variable);
    for (unsigned i = 0; names && i < count; ++i)
        if (const matvar_t* field = Mat_VarGetStructFieldByIndex(&variable, i, 0))
            take(name + "." + names[i], *field, depth + 1);
}

Contents contentsOf(mat_t* file)
{
    Contents contents;
    for (;;) {
        const Variable variable(Mat_VarReadNextInfo(file), &Mat_VarFree);
        if (!variable)
            break;
        ++contents.variables;
        contents.take(variable->name ? variable->name : "", *variable, 0);
    }
    return contents;
}

/// The variable, or the field of one, by a name such as "data.V".
matvar_t* find(matvar_t* variable, std::string_view rest)
{
    while (variable && !rest.empty()) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        variable = Mat_VarGetStructFieldByName(variable, std::string(rest.substr(0, end)).c_str(), 0);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return variable;
}

/// Calls visit with a pointer to the numbers as they are kept.
template <class Visit>
auto withNumbers(const void* data, matio_types type, const std::string& name, const Visit& visit)
{
    switch (type) {
    case MAT_T_DOUBLE:
        return visit(static_cast<const double*>(data));
    case MAT_T_SINGLE:
        return visit(static_cast<const float*>(data));
    case MAT_T_INT8:
        return visit(static_cast<const std::int8_t*>(data));
    case MAT_T_UINT8:
        return visit(static_cast<const std::uint8_t*>(data));
    case MAT_T_INT16:
        return visit(static_cast<const std::int16_t*>(data));
    case MAT_T_UINT16:
        return visit(static_cast<const std::uint16_t*>(data));
    case MAT_T_INT32:
        return visit(static_cast<const std::int32_t*>(data));
    case MAT_T_UINT32:
        return visit(static_cast<const std::uint32_t*>(data));
    case MAT_T_INT64:
        return visit(static_cast<const std::int64_t*>(data));
    case MAT_T_UINT64:
        return visit(static_cast<const std::uint64_t*>(data));
    default:
        throw Error(name + " holds numbers of a kind that cannot be read; save the matrix as double.");
    }
}

/// Of an array of three dimensions each page is a column.
template <class Scalar, class Stored>
Matrix<Scalar> denseOf(const Stored* data, const std::vector<std::uint64_t>& shape)
{
    const auto columns = static_cast<Index>(shape.back());
    const auto rows = static_cast<Index>(shape[0] * (shape.size() == 3 ? shape[1] : 1));
    return Eigen::Map<const Eigen::Matrix<Stored, Eigen::Dynamic, Eigen::Dynamic>>(data, rows, columns)
        .template cast<Scalar>();
}

void readDense(const matvar_t& variable, const std::vector<std::uint64_t>& shape, const std::string& name,
               Dataset& dataset)
{
    std::uint64_t entries = 1;
    for (const std::uint64_t size : shape)
        entries *= size;
    if (!variable.data || variable.data_size <= 0 ||
        variable.nbytes / static_cast<std::size_t>(variable.data_size) < entries)
        throw Error(name + " is cut short: its matrix of " + shapeText(shape) + " has fewer numbers than that.");
    dataset.V = withNumbers(variable.data, variable.data_type, name, [&](const auto* data) -> DataMatrix {
        if constexpr (std::is_same_v<decltype(data), const float*>)
            return denseOf<float>(data, shape);
        else
            return denseOf<double>(data, shape);
    });
}

void readSparse(const matvar_t& variable, const std::vector<std::uint64_t>& shape, const std::filesystem::path& path,
                Dataset& dataset)
{
    const std::string name = nameOf(path);
    const auto* sparse = static_cast<const mat_sparse_t*>(variable.data);
    const auto damaged = [&] { return Error(name + " is damaged: the indices of its sparse matrix lead nowhere."); };
    if (!sparse || !sparse->ir || !sparse->jc || !sparse->data || sparse->njc < shape[1] + 1)
        throw damaged();
    const std::uint64_t count = sparse->jc[shape[1]];
    if (count > sparse->nir || count > sparse->ndata)
        throw damaged();
    requireSparseMemory(path, shape[0], shape[1], count);
    SparseEntries<double> entries{static_cast<Index>(shape[0]), static_cast<Index>(shape[1])};
    entries.list.reserve(count);
    withNumbers(sparse->data, variable.data_type, name, [&](const auto* data) {
        for (std::uint64_t column = 0; column < shape[1]; ++column) {
            if (sparse->jc[column] > sparse->jc[column + 1] || sparse->jc[column + 1] > count)
                throw damaged();
            for (std::uint64_t at = sparse->jc[column]; at < sparse->jc[column + 1]; ++at) {
                if (sparse->ir[at] >= shape[0])
                    throw damaged();
                entries.add(static_cast<Index>(sparse->ir[at]), static_cast<Index>(column),
                            static_cast<double>(data[at]));
            }
        }
    });
    entries.moveInto(dataset);
}

std::string whyNone(const Contents& contents, const std::string& name)
{
    if (!contents.complex.empty())
        return name + ": the matrix " + inQuotes(contents.complex) +
               " holds complex numbers; save its real part or its modulus.";
    if (!contents.empty.empty())
        return name + ": the matrix " + inQuotes(contents.empty) + " is empty.";
    if (contents.variables == 0)
        return name + " holds no variables that can be read; it may be damaged or cut short.";
    return name + " holds no matrix of numbers.";
}

/// The library takes the numbers that a file was cut off before for zeros; so the sizes that it announces are compared
/// with what is there. Throws Error.
void requireWhole(const std::filesystem::path& path)
{
    constexpr std::uint64_t headerBytes = 128, tagBytes = 8;
    const std::uint64_t size = openFile(path).size;
    std::ifstream file(path, std::ios::binary);
    std::array<char, headerBytes> header{};
    file.read(header.data(), header.size());
    const bool swapped = header[126] == 'M';
    for (std::uint64_t at = headerBytes; at < size;) {
        std::array<unsigned char, tagBytes> tag{};
        file.seekg(static_cast<std::streamoff>(at));
        file.read(reinterpret_cast<char*>(tag.data()), tag.size());
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < 4; ++i)
            bytes |= std::uint64_t{tag[4 + (swapped ? 3 - i : i)]} << (8 * i);
        if (!file || bytes > size - at - tagBytes)
            throw Error(nameOf(path) + " is cut short: it announces " + std::to_string(bytes) + " bytes where " +
                        std::to_string(file ? size - at - tagBytes : 0) + " are left.");
        at += tagBytes + bytes;
    }
}

MatFile openMat(const std::filesystem::path& path)
{
    Mat_LogInitFunc("partscope-decode", [](int, char*) {});
    MatFile file(Mat_Open(path.c_str(), MAT_ACC_RDONLY), &Mat_Close);
    if (!file)
        throw Error(nameOf(path) + " is no MATLAB file that can be read: it is damaged, or of another kind.");
    return file;
}

std::vector<Candidate> listMat(const std::filesystem::path& path)
{
    MatFile file = openMat(path);
    if (Mat_GetVersion(file.get()) != MAT_FT_MAT73)
        return contentsOf(file.get()).candidates;
    file.reset();
    return listMatlabHdf5(path);
}

Dataset readMat(const std::filesystem::path& path, const std::string& member)
{
    const std::string name = nameOf(path);
    MatFile file = openMat(path);
    if (Mat_GetVersion(file.get()) == MAT_FT_MAT73) {
        file.reset();
        return readMatlabHdf5(path, member);
    }
    if (Mat_GetVersion(file.get()) == MAT_FT_MAT5)
        requireWhole(path);
    const Contents contents = contentsOf(file.get());
    if (contents.candidates.empty())
        throw Error(whyNone(contents, name));
    const Candidate& chosen = chosenOf(contents.candidates, member, name);
    if (chosen.shape.size() > 3)
        throw Error(name + ": the array " + inQuotes(chosen.name) + " has " + std::to_string(chosen.shape.size()) +
                    " dimensions; a matrix has two, and three are read as images.");
    const bool cube = chosen.shape.size() == 3;
    const std::uint64_t most = std::uint64_t{1} << 31;
    for (const std::uint64_t size : chosen.shape)
        if (size >= most)
            throw Error(name + ": the matrix " + inQuotes(chosen.name) + " claims " + shapeText(chosen.shape) +
                        " entries, more than can be counted.");
    const std::string_view whole = chosen.name;
    const std::size_t dot = std::min(whole.find('.'), whole.size());
    Mat_Rewind(file.get());
    const Variable variable(Mat_VarReadInfo(file.get(), std::string(whole.substr(0, dot)).c_str()), &Mat_VarFree);
    matvar_t* part = variable ? find(variable.get(), whole.substr(std::min(dot + 1, whole.size()))) : nullptr;
    if (!part)
        throw Error(name + " is damaged: the matrix " + inQuotes(chosen.name) + " cannot be found again.");
    if (part->class_type != MAT_C_SPARSE)
        requireMemory(path, chosen.shape[0] * (cube ? chosen.shape[1] : 1), chosen.shape.back(), sizeof(double));
    const bool read = Mat_VarReadDataAll(file.get(), variable.get()) == 0;
    if (!read || shapeOf(*part) != chosen.shape)
        throw Error(name + " is damaged or cut short: the matrix " + inQuotes(chosen.name) + " of " +
                    shapeText(chosen.shape) + " cannot be read.");
    Dataset dataset;
    dataset.notes.push_back(choiceNote(contents.candidates, chosen));
    if (part->class_type == MAT_C_SPARSE)
        readSparse(*part, chosen.shape, path, dataset);
    else
        readDense(*part, chosen.shape, name, dataset);
    if (cube)
        describeCube(dataset, static_cast<Index>(chosen.shape[0]), static_cast<Index>(chosen.shape[1]), true);
    return dataset;
}

} // namespace

Decoder matDecoder()
{
    return {.id = "mat", .read = readMat, .list = listMat};
}

} // namespace nmf
