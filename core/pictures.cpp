#include "core/pictures.h"

#include "core/error.h"
#include "core/formats/formats.h"
#include "core/random_numbers.h"

#include <algorithm>
#include <numeric>

namespace nmf
{

namespace
{

using Permutation = Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int>;

/// Where each pixel that lies column by column comes to lie row by row.
Permutation rowByRow(Index height, Index width, Index channels)
{
    Permutation places(height * width * channels);
    for (Index channel = 0, from = 0; channel < channels; ++channel)
        for (Index x = 0; x < width; ++x)
            for (Index y = 0; y < height; ++y, ++from)
                places.indices()(from) = static_cast<int>((y * width + x) * channels + channel);
    return places;
}

template <class Scalar>
DataMatrix permutedAs(const DataMatrix& V, const Permutation& places, bool rows)
{
    const auto apply = [&](const auto& values) {
        using Values = std::remove_cvref_t<decltype(values)>;
        return rows ? DataMatrix(Values(places * values)) : DataMatrix(Values(values * places.transpose()));
    };
    return V.isSparse() ? apply(*V.sparse<Scalar>()) : apply(*V.dense<Scalar>());
}

DataMatrix permuted(const DataMatrix& V, const Permutation& places, bool rows)
{
    return V.isSingle() ? permutedAs<float>(V, places, rows) : permutedAs<double>(V, places, rows);
}

Dataset reordered(const Dataset& dataset, const Permutation& places, bool rows)
{
    Dataset result = dataset;
    result.V = permuted(dataset.V, places, rows);
    if (dataset.weights)
        result.weights = permuted(*dataset.weights, places, rows);
    result.truth = nullptr;
    result.notes.push_back("The pixels ran down the columns of pictures, as MATLAB stores them, and were brought into "
                           "rows.");
    return result;
}

void requirePixels(const Dataset& dataset, const char* what)
{
    if (dataset.features.kind != Axis::Kind::Pixels)
        throw Error(dataset.title + " is no picture, of which there would be " + what +
                    ": say how high and wide its pictures are (--image-shape).");
}

/// A table of other numbers, in the precision of V.
DataMatrix alike(const DataMatrix& V, Matrix<double> values)
{
    return V.isSingle() ? DataMatrix(Matrix<float>(values.cast<float>())) : DataMatrix(std::move(values));
}

void requireRoom(const Dataset& dataset, Index rows, Index columns)
{
    requireMemory(dataset.source.empty() ? dataset.title : dataset.source, static_cast<std::uint64_t>(rows),
                  static_cast<std::uint64_t>(columns), sizeof(double));
}

/// Where a patch is taken from.
struct Place
{
    Index picture, y, x;
};

std::vector<Index> drawn(Index all, Index count, std::uint64_t seed)
{
    std::vector<Index> numbers(static_cast<std::size_t>(all));
    std::iota(numbers.begin(), numbers.end(), Index{0});
    if (count <= 0 || count >= all)
        return numbers;
    const RandomNumbers random(seed);
    for (Index i = 0; i < count; ++i) {
        const auto at = static_cast<std::uint64_t>(i);
        const auto other = i + static_cast<Index>(random.below(static_cast<std::uint64_t>(all - i), at));
        std::swap(numbers[static_cast<std::size_t>(i)], numbers[static_cast<std::size_t>(other)]);
    }
    numbers.resize(static_cast<std::size_t>(count));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

/// The patches that lie at `places` of a table of pictures.
Matrix<double> cut(const DataMatrix& V, const Axis& axis, const std::vector<Place>& places, Index size)
{
    const Index line = size * axis.channels;
    Matrix<double> values(size * line, static_cast<Index>(places.size()));
    Index present = -1;
    Vector<double> picture;
    for (Index j = 0; j < values.cols(); ++j) {
        const Place& place = places[static_cast<std::size_t>(j)];
        if (place.picture != present)
            picture = V.column(present = place.picture);
        for (Index y = 0; y < size; ++y)
            values.col(j).segment(y * line, line) =
                picture.segment(((place.y + y) * axis.width + place.x) * axis.channels, line);
    }
    return values;
}

std::vector<std::string> namesOf(const Dataset& pictures, const std::vector<Place>& places)
{
    std::vector<std::string> names;
    for (const Place& place : places)
        names.push_back((pictures.V.cols() == 1 ? std::string() : pictures.samples.label(place.picture) + ", ") + "x " +
                        std::to_string(place.x + 1) + ", y " + std::to_string(place.y + 1));
    return names;
}

/// What a channel is called: red, green and blue where there are three.
std::string channelName(Index channel, Index channels)
{
    static const char* const colours[] = {"red", "green", "blue"};
    return channels == 3 ? colours[channel] : "channel " + std::to_string(channel + 1);
}

/// A number of the new table for each of the old one, at target(row, column).
template <class Target>
DataMatrix moved(const DataMatrix& V, Index rows, Index columns, const Target& target)
{
    Matrix<double> values(rows, columns);
    for (Index j = 0; j < V.cols(); ++j) {
        const Vector<double> column = V.column(j);
        for (Index i = 0; i < column.size(); ++i) {
            const auto [row, place] = target(i, j);
            values(row, place) = column(i);
        }
    }
    return alike(V, std::move(values));
}

template <class Target>
Dataset rearranged(const Dataset& pictures, Index rows, Index columns, const Target& target)
{
    requireRoom(pictures, rows, columns);
    Dataset result = pictures;
    result.V = moved(pictures.V, rows, columns, target);
    if (pictures.weights)
        result.weights = moved(*pictures.weights, rows, columns, target);
    result.truth = nullptr;
    return result;
}

} // namespace

Dataset rowsByRow(const Dataset& dataset, Index height, Index width, Index channels)
{
    Dataset result = reordered(dataset, rowByRow(height, width, channels), true);
    result.features = Axis::pixels(height, width, channels);
    return result;
}

Dataset columnsByRow(const Dataset& dataset, Index height, Index width)
{
    Dataset result = reordered(dataset, rowByRow(height, width, 1), false);
    result.samples = Axis::pixels(height, width);
    return result;
}

Dataset patchesOf(const Dataset& pictures, Index size, Index stride, Index count, std::uint64_t seed)
{
    requirePixels(pictures, "patches");
    const Axis& axis = pictures.features;
    if (size < 1 || size > std::min(axis.height, axis.width))
        throw Error("Patches of " + std::to_string(size) + " × " + std::to_string(size) +
                    " pixels do not fit into the " + std::to_string(axis.height) + " × " + std::to_string(axis.width) +
                    " pixels of " + pictures.title + ": choose a smaller size.");
    if (stride < 1)
        throw Error("Patches must be at least one pixel apart.");
    const Index across = (axis.width - size) / stride + 1, down = (axis.height - size) / stride + 1;
    const Index all = across * down * pictures.V.cols();
    const std::vector<Index> numbers = drawn(all, count, seed);
    const bool whole = static_cast<Index>(numbers.size()) == all;
    requireRoom(pictures, size * size * axis.channels, static_cast<Index>(numbers.size()));
    std::vector<Place> places;
    for (const Index number : numbers)
        places.push_back({number / (across * down), number / across % down * stride, number % across * stride});
    Dataset result = pictures;
    result.V = alike(pictures.V, cut(pictures.V, axis, places, size));
    if (pictures.weights)
        result.weights = cut(*pictures.weights, axis, places, size);
    result.features = Axis::pixels(size, size, axis.channels);
    result.samples =
        whole && pictures.V.cols() == 1 ? Axis::pixels(down, across) : Axis::named(namesOf(pictures, places));
    result.samples.noun = "patch";
    result.truth = nullptr;
    result.notes.push_back(std::to_string(numbers.size()) + (whole ? "" : " of " + std::to_string(all)) +
                           " patches of " + std::to_string(size) + " × " + std::to_string(size) + " pixels, " +
                           std::to_string(stride) + (stride == 1 ? " pixel" : " pixels") + " apart" +
                           (whole ? "" : ", drawn at random with the seed " + std::to_string(seed)) + ".");
    return result;
}

Dataset pixelsOf(const Dataset& pictures)
{
    requirePixels(pictures, "pixels");
    const Axis axis = pictures.features;
    const Index bands = pictures.V.cols() * axis.channels;
    if (bands == 1)
        throw Error(pictures.title +
                    " is one gray picture: its pixels would have a single number each. Take patches of "
                    "it instead (--patches).");
    Dataset result = rearranged(pictures, bands, axis.height * axis.width, [&](Index row, Index column) {
        return std::pair(column * axis.channels + row % axis.channels, row / axis.channels);
    });
    std::vector<std::string> names;
    const bool named = !pictures.samples.names.empty() || axis.channels > 1;
    for (Index band = 0; named && band < bands; ++band) {
        const std::string of = pictures.V.cols() > 1 ? pictures.samples.label(band / axis.channels) : "";
        names.push_back(of + (axis.channels == 1
                                  ? ""
                                  : (of.empty() ? "" : ", ") + channelName(band % axis.channels, axis.channels)));
    }
    result.features = named ? Axis::named(std::move(names)) : Axis();
    result.features.noun = axis.channels > 1 && pictures.V.cols() == 1 ? "channel" : "band";
    result.samples = Axis::pixels(axis.height, axis.width);
    result.notes.push_back("Each of the " + std::to_string(axis.height) + " × " + std::to_string(axis.width) +
                           " pixels is a sample of " + std::to_string(bands) + " " + result.features.noun + "s.");
    return result;
}

Dataset bandsLastOf(const Dataset& pictures)
{
    requirePixels(pictures, "pixels");
    if (!pictures.samples.names.empty() || pictures.features.channels != 1)
        throw Error(pictures.title + " is no array of three dimensions: only of such a one the last counts the bands.");
    const Index height = pictures.V.cols(), width = pictures.features.height, bands = pictures.features.width;
    Dataset result = rearranged(pictures, bands, height * width, [&](Index row, Index column) {
        return std::pair(row % bands, column * width + row / bands);
    });
    result.features = {};
    result.features.noun = "band";
    result.samples = Axis::pixels(height, width);
    result.notes.push_back("The array was taken for a cube of " + std::to_string(height) + " × " +
                           std::to_string(width) + " pixels × " + std::to_string(bands) +
                           " bands: each pixel is a sample.");
    return result;
}

namespace
{

/// How much of each old pixel lies in each new one, along one direction.
SparseMatrix<double> shares(Index from, Index to)
{
    SparseMatrix<double> matrix(to, from);
    const double ratio = static_cast<double>(from) / static_cast<double>(to);
    std::vector<Eigen::Triplet<double, int>> entries;
    for (Index i = 0; i < to; ++i) {
        const double begin = static_cast<double>(i) * ratio, end = begin + ratio;
        for (auto j = static_cast<Index>(begin); j < from && static_cast<double>(j) < end; ++j) {
            const double part = std::min(end, static_cast<double>(j + 1)) - std::max(begin, static_cast<double>(j));
            if (part > 0)
                entries.emplace_back(static_cast<int>(i), static_cast<int>(j), part / ratio);
        }
    }
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

} // namespace

Vector<double> resized(const Vector<double>& gray, const Axis& from, Index height, Index width)
{
    const SparseMatrix<double> down = shares(from.height, height), across = shares(from.width, width);
    Vector<double> result(height * width * from.channels);
    for (Index channel = 0; channel < from.channels; ++channel) {
        const auto plane = [&](auto* numbers, Index w, Index h) {
            using Number = std::remove_pointer_t<decltype(numbers)>;
            using Plane = std::conditional_t<std::is_const_v<Number>, const Matrix<double>, Matrix<double>>;
            using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
            return Eigen::Map<Plane, 0, Stride>(numbers + channel, w, h, Stride(w * from.channels, from.channels));
        };
        const Matrix<double> narrow = across * Matrix<double>(plane(gray.data(), from.width, from.height));
        plane(result.data(), width, height) = narrow * down.transpose();
    }
    return result;
}

Vector<double> cropped(const Vector<double>& gray, const Axis& from, Index height, Index width)
{
    Vector<double> result = Vector<double>::Zero(height * width * from.channels);
    const Index high = std::min(height, from.height), wide = std::min(width, from.width);
    const Index top = (from.height - high) / 2, left = (from.width - wide) / 2;
    const Index toTop = (height - high) / 2, toLeft = (width - wide) / 2;
    for (Index y = 0; y < high; ++y)
        result.segment(((toTop + y) * width + toLeft) * from.channels, wide * from.channels) =
            gray.segment(((top + y) * from.width + left) * from.channels, wide * from.channels);
    return result;
}

} // namespace nmf
