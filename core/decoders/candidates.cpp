#include "core/decoders/decoders.h"

#include "core/error.h"
#include "core/formats/file.h"

#include <algorithm>

namespace nmf
{

namespace
{

/// Of a struct's fields only the last part counts: "data.V".
std::string_view lastPart(std::string_view name)
{
    const std::size_t end = name.find_last_of("./");
    return end == name.npos ? name : name.substr(end + 1);
}

double entriesOf(const Candidate& candidate)
{
    double entries = 1;
    for (const std::uint64_t size : candidate.shape)
        entries *= static_cast<double>(size);
    return entries;
}

std::string listOf(const std::vector<Candidate>& candidates)
{
    constexpr std::size_t most = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(most, candidates.size()); ++i)
        list += (list.empty() ? "" : ", ") + inQuotes(candidates[i].name) + " (" + shapeText(candidates[i].shape) + ")";
    return list + (candidates.size() > most ? ", …" : "");
}

const Candidate* largestWith(const std::vector<Candidate>& candidates, std::size_t dimensions)
{
    const Candidate* largest = nullptr;
    for (const Candidate& candidate : candidates)
        if (candidate.shape.size() == dimensions && (!largest || entriesOf(candidate) > entriesOf(*largest)))
            largest = &candidate;
    return largest;
}

} // namespace

std::string shapeText(const std::vector<std::uint64_t>& shape)
{
    std::string text;
    for (const std::uint64_t size : shape)
        text += (text.empty() ? "" : " × ") + std::to_string(size);
    return text;
}

const Candidate& chosenOf(const std::vector<Candidate>& candidates, const std::string& member, const std::string& file)
{
    if (!member.empty()) {
        const auto named = std::ranges::find(candidates, member, &Candidate::name);
        if (named == candidates.end())
            throw Error(file + " holds no matrix named " + inQuotes(member) +
                        (candidates.empty() ? std::string(".") : "; it holds " + listOf(candidates) + "."));
        return *named;
    }
    for (const std::string_view usual : {"V", "X", "Y", "data"})
        for (const Candidate& candidate : candidates)
            if (lastPart(candidate.name) == usual && candidate.shape.size() >= 2)
                return candidate;
    for (const std::size_t dimensions : {2u, 3u})
        if (const Candidate* largest = largestWith(candidates, dimensions))
            return *largest;
    throw Error(file + " holds no matrix of numbers.");
}

Dataset listAsDataset(const std::vector<Candidate>& candidates)
{
    std::size_t dimensions = 1;
    for (const Candidate& candidate : candidates)
        dimensions = std::max(dimensions, candidate.shape.size());
    Matrix<double> sizes = Matrix<double>::Zero(static_cast<Index>(candidates.size()), static_cast<Index>(dimensions));
    Dataset list;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        list.features.names.push_back(candidates[i].name);
        for (std::size_t j = 0; j < candidates[i].shape.size(); ++j)
            sizes(static_cast<Index>(i), static_cast<Index>(j)) = static_cast<double>(candidates[i].shape[j]);
    }
    list.V = std::move(sizes);
    return list;
}

void describeCube(Dataset& dataset, Index height, Index width, bool byColumns)
{
    const auto turned = [&]<class Scalar>(const Matrix<Scalar>& from) {
        Matrix<Scalar> to(from.rows(), from.cols());
        for (Index image = 0; image < from.cols(); ++image)
            for (Index y = 0; y < height; ++y)
                for (Index x = 0; x < width; ++x)
                    to(y * width + x, image) = from(x * height + y, image);
        return to;
    };
    if (byColumns && dataset.V.isSingle())
        dataset.V = turned(*dataset.V.dense<float>());
    else if (byColumns)
        dataset.V = turned(*dataset.V.dense<double>());
    const Index images = dataset.V.cols();
    dataset.features = Axis::pixels(height, width);
    dataset.samples.noun = "image";
    const std::string shape = std::to_string(height) + " × " + std::to_string(width);
    dataset.notes.push_back("The array of three dimensions was read as " + std::to_string(images) +
                            (images == 1 ? " image of " : " images of ") + shape + " pixels, one in a column.");
}

std::string choiceNote(const std::vector<Candidate>& candidates, const Candidate& chosen)
{
    if (candidates.size() == 1)
        return "The file's matrix " + inQuotes(chosen.name) + " was read.";
    return "Of the file's matrices " + listOf(candidates) + ", " + inQuotes(chosen.name) + " was read.";
}

} // namespace nmf
