#include "core/decoders/decoders.h"
#include "core/decoders/hdf5_access.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/sparse_entries.h"

#include <algorithm>
#include <limits>

namespace nmf
{

namespace
{

/// Reads one file.
class Hdf5Reader
{
public:
    enum class Kind { Plain, Matlab };

    Hdf5Reader(const std::filesystem::path& path, Kind kind)
        : m_path(path), m_name(nameOf(path)), m_matlab(kind == Kind::Matlab),
          m_file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose)
    {
        if (!m_file)
            throw Error(m_name + " is no HDF5 file that can be read: it is damaged, cut short, or of another kind.");
    }

    Dataset read(const std::string& member);
    std::vector<Candidate> candidates() const;

private:
    bool exists(const std::string& place) const;
    bool isGroup(const std::string& place) const;
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
    bool m_matlab; ///< stored turned, as MATLAB 7.3 does
    Handle m_file;
};

bool Hdf5Reader::exists(const std::string& place) const
{
    for (std::size_t end = place.find('/'); end != place.npos; end = place.find('/', end + 1))
        if (H5Lexists(m_file.id(), place.substr(0, end).c_str(), H5P_DEFAULT) <= 0)
            return false;
    return H5Lexists(m_file.id(), place.c_str(), H5P_DEFAULT) > 0;
}

bool Hdf5Reader::isGroup(const std::string& place) const
{
    ObjectFacts facts;
    return H5Oget_info_by_name2(m_file.id(), place.c_str(), &facts, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
           facts.type == H5O_TYPE_GROUP;
}

/// "csr_matrix" or "csc_matrix", as AnnData and others mark a group of arrays.
bool isSparseGroup(hid_t group)
{
    const std::string encoding = textAttribute(group, "encoding-type"), older = textAttribute(group, "h5sparse_format");
    return encoding == "csr_matrix" || encoding == "csc_matrix" || older == "csr" || older == "csc";
}

/// A matrix that MATLAB keeps by columns: a group with the lists data, ir (rows) and jc (where columns begin).
std::vector<std::uint64_t> matlabSparseShape(hid_t group)
{
    const std::vector<std::uint64_t> rows = sizesAttribute(group, "MATLAB_sparse", 1);
    if (rows.empty() || H5Lexists(group, "jc", H5P_DEFAULT) <= 0)
        return {};
    const Handle starts(H5Dopen2(group, "jc", H5P_DEFAULT), H5Dclose);
    const std::vector<std::uint64_t> count = starts ? shapeOf(starts.id()) : std::vector<std::uint64_t>{};
    return count.size() == 1 && count[0] > 0 ? std::vector<std::uint64_t>{rows[0], count[0] - 1} : count;
}

/// Rows and columns of a sparse matrix; not two numbers if the group is none.
std::vector<std::uint64_t> sparseShape(hid_t group)
{
    return isSparseGroup(group) ? sizesAttribute(group, "shape", 2) : matlabSparseShape(group);
}

/// What MATLAB keeps for itself: texts as numbers, marks of empty matrices, the insides of cells and objects.
bool isMatlabs(hid_t dataset, std::string_view name)
{
    const std::string kind = textAttribute(dataset, "MATLAB_class");
    return name.starts_with('#') || kind == "char" || kind == "cell" || H5Aexists(dataset, "MATLAB_empty") > 0;
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
            if (const auto shape = group ? sparseShape(group.id()) : std::vector<std::uint64_t>(); shape.size() == 2)
                candidates.push_back({name, shape});
        }
        if (facts->type != H5O_TYPE_DATASET)
            return 0;
        const Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
        if (!dataset || !isNumeric(dataset.id()) || isMatlabs(dataset.id(), name))
            return 0;
        const std::vector<std::uint64_t> shape = shapeOf(dataset.id());
        if (shape.size() >= 2 && shape.size() <= 3 && std::ranges::find(shape, 0u) == shape.end())
            candidates.push_back({name, shape});
        return 0;
    };
    H5Ovisit2(m_file.id(), H5_INDEX_NAME, H5_ITER_NATIVE, visit, &found, H5O_INFO_BASIC);
    // MATLAB's are turned in the file; its lists are matrices of one column.
    for (Candidate& candidate : found)
        if (m_matlab && !isGroup(candidate.name))
            std::ranges::reverse(candidate.shape);
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
    if (cube)
        describeCube(dataset, static_cast<Index>(shape[m_matlab ? 2 : 1]), static_cast<Index>(shape[m_matlab ? 1 : 2]),
                     m_matlab);
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
    const std::vector<std::uint64_t> shape = sparseShape(group.id());
    const bool matlab = !isSparseGroup(group.id());
    const std::string encoding =
        textAttribute(group.id(), "encoding-type") + textAttribute(group.id(), "h5sparse_format");
    const bool byRows = encoding.starts_with("csr");
    const auto damaged = [&] { return Error(m_name + " is damaged: the indices of its sparse matrix lead nowhere."); };
    const std::vector<std::uint64_t> starts = wholeNumbers(place + (matlab ? "/jc" : "/indptr")),
                                     indices = wholeNumbers(place + (matlab ? "/ir" : "/indices"));
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
    entries.list.reserve(values.size());
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
    Dataset dataset =
        isGroup(chosen.name) ? readSparse(chosen.name, annotated) : readDense(chosen.name, annotated || m_matlab);
    dataset.notes.insert(dataset.notes.begin(), choiceNote(all, chosen));
    if (annotated)
        nameAxes(dataset);
    return dataset;
}

} // namespace

Dataset readMatlabHdf5(const std::filesystem::path& path, const std::string& member)
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return Hdf5Reader(path, Hdf5Reader::Kind::Matlab).read(member);
}

std::vector<Candidate> listMatlabHdf5(const std::filesystem::path& path)
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return Hdf5Reader(path, Hdf5Reader::Kind::Matlab).candidates();
}

Decoder hdf5Decoder()
{
    return {.id = "hdf5",
            .read =
                [](const std::filesystem::path& path, const std::string& member) {
                    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
                    return Hdf5Reader(path, Hdf5Reader::Kind::Plain).read(member);
                },
            .list =
                [](const std::filesystem::path& path) {
                    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
                    return Hdf5Reader(path, Hdf5Reader::Kind::Plain).candidates();
                }};
}

} // namespace nmf
