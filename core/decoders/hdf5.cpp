#include "core/decoders/decoders.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/sparse_entries.h"

#include <hdf5.h>

#include <algorithm>
#include <limits>

namespace nmf
{

namespace
{

// The same since its version 1.12, which gave the first name to another.
#if H5_VERSION_GE(1, 12, 0)
using ObjectFacts = H5O_info1_t;
#else
using ObjectFacts = H5O_info_t;
#endif

/// Something of the library's that is open, and how it is closed.
class Handle
{
public:
    using Close = herr_t (*)(hid_t);

    Handle(hid_t id, Close close) : m_id(id), m_close(close) {}
    ~Handle()
    {
        if (m_id >= 0)
            m_close(m_id);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    hid_t id() const { return m_id; }
    explicit operator bool() const { return m_id >= 0; }

private:
    hid_t m_id;
    Close m_close;
};

std::vector<std::uint64_t> shapeOf(hid_t dataset)
{
    const Handle space(H5Dget_space(dataset), H5Sclose);
    const int dimensions = space ? H5Sget_simple_extent_ndims(space.id()) : 0;
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(dimensions, 0)));
    if (!sizes.empty())
        H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
}

bool isNumeric(hid_t dataset)
{
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const H5T_class_t kind = type ? H5Tget_class(type.id()) : H5T_NO_CLASS;
    return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

bool isSingle(hid_t dataset)
{
    const Handle type(H5Dget_type(dataset), H5Tclose);
    return type && H5Tget_class(type.id()) == H5T_FLOAT && H5Tget_size(type.id()) == sizeof(float);
}

/// The text of an attribute; empty if there is none.
std::string textAttribute(hid_t object, const char* name)
{
    if (H5Aexists(object, name) <= 0)
        return {};
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Handle type(attribute ? H5Aget_type(attribute.id()) : -1, H5Tclose);
    if (!type || H5Tget_class(type.id()) != H5T_STRING)
        return {};
    if (H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        if (H5Aread(attribute.id(), type.id(), &text) < 0 || !text)
            return {};
        const std::string copy = text;
        H5free_memory(text);
        return copy;
    }
    constexpr std::size_t longest = 4096;
    std::string text(std::min(H5Tget_size(type.id()), longest) + 1, '\0');
    if (H5Tget_size(type.id()) > longest || H5Aread(attribute.id(), type.id(), text.data()) < 0)
        return {};
    return text.c_str();
}

/// A list of whole numbers of an attribute or data set, up to a few.
std::vector<std::uint64_t> sizesAttribute(hid_t object, const char* name)
{
    if (H5Aexists(object, name) <= 0)
        return {};
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Handle space(attribute ? H5Aget_space(attribute.id()) : -1, H5Sclose);
    if (!space || H5Sget_simple_extent_npoints(space.id()) != 2)
        return {};
    std::vector<std::uint64_t> sizes(2);
    if (H5Aread(attribute.id(), H5T_NATIVE_UINT64, sizes.data()) < 0)
        return {};
    return sizes;
}

/// Reads one file.
class Hdf5Reader
{
public:
    Hdf5Reader(const std::filesystem::path& path)
        : m_path(path), m_name(nameOf(path)), m_file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose)
    {
        if (!m_file)
            throw Error(m_name + " is no HDF5 file that can be read: it is damaged, cut short, or of another kind.");
    }

    Dataset read(const std::string& member);
    std::vector<Candidate> candidates() const;

private:
    bool exists(const std::string& place) const;
    Dataset readDense(const std::string& place, bool samplesInRows);
    template <class Scalar>
    Matrix<Scalar> numbers(hid_t dataset, hid_t type, std::uint64_t rows, std::uint64_t columns) const;
    Dataset readSparse(const std::string& group, bool samplesInRows);
    std::vector<std::uint64_t> wholeNumbers(const std::string& place) const;
    std::vector<std::string> texts(const std::string& place) const;
    std::vector<std::string> indexOf(const std::string& group) const;
    void nameAxes(Dataset& dataset) const;

    const std::filesystem::path& m_path;
    std::string m_name;
    Handle m_file;
};

bool Hdf5Reader::exists(const std::string& place) const
{
    for (std::size_t end = place.find('/'); end != place.npos; end = place.find('/', end + 1))
        if (H5Lexists(m_file.id(), place.substr(0, end).c_str(), H5P_DEFAULT) <= 0)
            return false;
    return H5Lexists(m_file.id(), place.c_str(), H5P_DEFAULT) > 0;
}

/// "csr_matrix" or "csc_matrix", as AnnData and others mark a group of arrays.
bool isSparseGroup(hid_t group)
{
    const std::string encoding = textAttribute(group, "encoding-type"), older = textAttribute(group, "h5sparse_format");
    return encoding == "csr_matrix" || encoding == "csc_matrix" || older == "csr" || older == "csc";
}

std::vector<Candidate> Hdf5Reader::candidates() const
{
    std::vector<Candidate> found;
    const auto visit = [](hid_t file, const char* name, const ObjectFacts* facts, void* list) -> herr_t {
        auto& candidates = *static_cast<std::vector<Candidate>*>(list);
        constexpr std::size_t most = 10000;
        if (candidates.size() >= most)
            return 1;
        if (facts->type == H5O_TYPE_GROUP && std::string_view(name) != ".") {
            const Handle group(H5Gopen2(file, name, H5P_DEFAULT), H5Gclose);
            if (group && isSparseGroup(group.id()))
                if (const auto shape = sizesAttribute(group.id(), "shape"); shape.size() == 2)
                    candidates.push_back({name, shape});
        }
        if (facts->type != H5O_TYPE_DATASET)
            return 0;
        const Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
        if (!dataset || !isNumeric(dataset.id()))
            return 0;
        const std::vector<std::uint64_t> shape = shapeOf(dataset.id());
        if (shape.size() >= 2 && shape.size() <= 3 && std::ranges::find(shape, 0u) == shape.end())
            candidates.push_back({name, shape});
        return 0;
    };
    H5Ovisit2(m_file.id(), H5_INDEX_NAME, H5_ITER_NATIVE, visit, &found, H5O_INFO_BASIC);
    return found;
}

/// The numbers as the file has them, row after row: those of the columns of the transposed matrix.
template <class Scalar>
Matrix<Scalar> Hdf5Reader::numbers(hid_t dataset, hid_t type, std::uint64_t rows, std::uint64_t columns) const
{
    Matrix<Scalar> values(static_cast<Index>(columns), static_cast<Index>(rows));
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        throw Error(m_name + " is damaged or cut short: its numbers cannot be read.");
    return values;
}

Dataset Hdf5Reader::readDense(const std::string& place, bool samplesInRows)
{
    const Handle opened(H5Dopen2(m_file.id(), place.c_str(), H5P_DEFAULT), H5Dclose);
    const std::vector<std::uint64_t> shape = opened ? shapeOf(opened.id()) : std::vector<std::uint64_t>{};
    const bool cube = shape.size() == 3;
    if (shape.size() != 2 && !cube)
        throw Error(m_name + ": " + inQuotes(place) + " has the shape " + shapeText(shape) + ", which is no matrix.");
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    std::uint64_t pixels = cube ? shape[1] : 1;
    if (std::ranges::any_of(shape, [](std::uint64_t size) { return size > most; }) ||
        __builtin_mul_overflow(pixels, shape.back(), &pixels) || pixels > most)
        throw Error(m_name + ": " + inQuotes(place) + " claims " + shapeText(shape) +
                    " entries, more than can be counted.");
    const bool single = isSingle(opened.id());
    requireMemory(m_path, shape[0], pixels, single ? sizeof(float) : sizeof(double));
    Dataset dataset;
    // Three dimensions are images, one after the other: each is a column as it lies.
    const bool turned = samplesInRows || cube;
    const auto take = [&](auto values) {
        if (turned)
            dataset.V = std::move(values);
        else
            dataset.V = decltype(values)(values.transpose());
    };
    if (single)
        take(numbers<float>(opened.id(), H5T_NATIVE_FLOAT, shape[0], pixels));
    else
        take(numbers<double>(opened.id(), H5T_NATIVE_DOUBLE, shape[0], pixels));
    if (cube) {
        dataset.features = Axis::pixels(static_cast<Index>(shape[1]), static_cast<Index>(shape[2]));
        dataset.samples.noun = "image";
        dataset.notes.push_back("The array " + shapeText(shape) + " was read as " + std::to_string(shape[0]) +
                                " images of " + std::to_string(shape[1]) + " × " + std::to_string(shape[2]) +
                                " pixels, one in a column.");
    }
    return dataset;
}

std::vector<std::uint64_t> Hdf5Reader::wholeNumbers(const std::string& place) const
{
    const Handle opened(H5Dopen2(m_file.id(), place.c_str(), H5P_DEFAULT), H5Dclose);
    const std::vector<std::uint64_t> shape = opened ? shapeOf(opened.id()) : std::vector<std::uint64_t>{};
    if (shape.size() != 1 || !isNumeric(opened.id()))
        throw Error(m_name + " is damaged: " + inQuotes(place) + " is no list of numbers.");
    requireMemory(m_path, shape[0], 1, sizeof(std::uint64_t));
    std::vector<std::uint64_t> values(shape[0]);
    if (H5Dread(opened.id(), H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        throw Error(m_name + " is damaged: " + inQuotes(place) + " cannot be read.");
    return values;
}

Dataset Hdf5Reader::readSparse(const std::string& place, bool samplesInRows)
{
    const Handle group(H5Gopen2(m_file.id(), place.c_str(), H5P_DEFAULT), H5Gclose);
    const std::vector<std::uint64_t> shape = sizesAttribute(group.id(), "shape");
    const std::string encoding =
        textAttribute(group.id(), "encoding-type") + textAttribute(group.id(), "h5sparse_format");
    const bool byRows = encoding.starts_with("csr");
    const auto damaged = [&] { return Error(m_name + " is damaged: the indices of its sparse matrix lead nowhere."); };
    const std::vector<std::uint64_t> starts = wholeNumbers(place + "/indptr"),
                                     indices = wholeNumbers(place + "/indices");
    const Handle data(H5Dopen2(m_file.id(), (place + "/data").c_str(), H5P_DEFAULT), H5Dclose);
    const std::vector<std::uint64_t> count = data ? shapeOf(data.id()) : std::vector<std::uint64_t>{};
    const std::uint64_t lines = byRows ? shape[0] : shape[1], places = byRows ? shape[1] : shape[0];
    if (count.size() != 1 || count[0] != indices.size() || starts.size() != lines + 1 || starts.front() != 0 ||
        starts.back() > indices.size())
        throw damaged();
    requireSparseMemory(m_path, shape[0], shape[1], indices.size());
    std::vector<double> values(count[0]);
    if (H5Dread(data.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        throw Error(m_name + " is damaged: the entries of its sparse matrix cannot be read.");
    const bool turned = samplesInRows;
    SparseEntries<double> entries{static_cast<Index>(turned ? shape[1] : shape[0]),
                                  static_cast<Index>(turned ? shape[0] : shape[1])};
    entries.triplets.reserve(values.size());
    for (std::uint64_t line = 0; line < lines; ++line) {
        if (starts[line] > starts[line + 1] || starts[line + 1] > indices.size())
            throw damaged();
        for (std::uint64_t at = starts[line]; at < starts[line + 1]; ++at) {
            if (indices[at] >= places)
                throw damaged();
            const auto row = static_cast<Index>(byRows ? line : indices[at]);
            const auto column = static_cast<Index>(byRows ? indices[at] : line);
            entries.add(turned ? column : row, turned ? row : column, values[at]);
        }
    }
    Dataset dataset;
    entries.moveInto(dataset);
    return dataset;
}

/// A list of texts; empty if it is none.
std::vector<std::string> Hdf5Reader::texts(const std::string& place) const
{
    if (!exists(place))
        return {};
    const Handle opened(H5Dopen2(m_file.id(), place.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle type(opened ? H5Dget_type(opened.id()) : -1, H5Tclose);
    const std::vector<std::uint64_t> shape = opened ? shapeOf(opened.id()) : std::vector<std::uint64_t>{};
    constexpr std::uint64_t mostTexts = 10000000, longest = 4096;
    if (!type || H5Tget_class(type.id()) != H5T_STRING || shape.size() != 1 || shape[0] > mostTexts)
        return {};
    std::vector<std::string> list;
    if (H5Tis_variable_str(type.id()) > 0) {
        std::vector<char*> pointers(shape[0], nullptr);
        if (H5Dread(opened.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0)
            return {};
        for (const char* text : pointers)
            list.emplace_back(text ? text : "");
        const Handle space(H5Dget_space(opened.id()), H5Sclose);
        H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, pointers.data());
        return list;
    }
    const std::size_t size = H5Tget_size(type.id());
    if (size > longest)
        return {};
    std::string letters(size * shape[0], '\0');
    if (H5Dread(opened.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, letters.data()) < 0)
        return {};
    for (std::uint64_t i = 0; i < shape[0]; ++i)
        list.emplace_back(std::string(letters, i * size, size).c_str());
    return list;
}

/// The names of AnnData's observations or variables: the column that the group's attribute _index names.
std::vector<std::string> Hdf5Reader::indexOf(const std::string& place) const
{
    if (!exists(place))
        return {};
    const Handle group(H5Gopen2(m_file.id(), place.c_str(), H5P_DEFAULT), H5Gclose);
    if (!group)
        return {};
    const std::string index = textAttribute(group.id(), "_index");
    return texts(place + "/" + (index.empty() ? "_index" : index));
}

/// AnnData: X is observations × variables.
void Hdf5Reader::nameAxes(Dataset& dataset) const
{
    const auto name = [](Axis& axis, std::vector<std::string> names, Index length, const char* noun) {
        if (static_cast<Index>(names.size()) == length &&
            std::ranges::all_of(names, [](const std::string& text) { return isUtf8(text); }))
            axis = Axis::named(std::move(names));
        axis.noun = noun;
    };
    name(dataset.features, indexOf("var"), dataset.V.rows(), "variable");
    name(dataset.samples, indexOf("obs"), dataset.V.cols(), "observation");
    dataset.notes.push_back("The file is of AnnData's kind: its observations are the samples.");
}

Dataset Hdf5Reader::read(const std::string& member)
{
    const std::vector<Candidate> all = candidates();
    const Candidate chosen = chosenOf(all, member, m_name);
    const bool annotated = exists("obs") && exists("var") && (chosen.name == "X" || chosen.name.starts_with("layers/"));
    ObjectFacts facts;
    const bool known = H5Oget_info_by_name2(m_file.id(), chosen.name.c_str(), &facts, H5O_INFO_BASIC, H5P_DEFAULT) >= 0;
    Dataset dataset =
        known && facts.type == H5O_TYPE_GROUP ? readSparse(chosen.name, annotated) : readDense(chosen.name, annotated);
    dataset.notes.insert(dataset.notes.begin(), choiceNote(all, chosen));
    if (annotated)
        nameAxes(dataset);
    return dataset;
}

} // namespace

Decoder hdf5Decoder()
{
    return {.id = "hdf5",
            .read =
                [](const std::filesystem::path& path, const std::string& member) {
                    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
                    return Hdf5Reader(path).read(member);
                },
            .list =
                [](const std::filesystem::path& path) {
                    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
                    return Hdf5Reader(path).candidates();
                }};
}

} // namespace nmf
