#include "core/sample_order.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

namespace nmf
{

namespace
{

std::vector<Index> counted(Index count)
{
    std::vector<Index> result(static_cast<std::size_t>(count));
    std::iota(result.begin(), result.end(), Index{0});
    return result;
}

bool isDigit(char character)
{
    return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

/// The digits from a place on, without leading zeros, and where they end.
std::pair<std::string_view, std::size_t> numberAt(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && isDigit(text[end]))
        ++end;
    while (at + 1 < end && text[at] == '0')
        ++at;
    return {text.substr(at, end - at), end};
}

/// "s2" stands before "s10".
bool namedBefore(std::string_view one, std::string_view other)
{
    std::size_t i = 0, j = 0;
    while (i < one.size() && j < other.size()) {
        if (isDigit(one[i]) && isDigit(other[j])) {
            const auto [number, end] = numberAt(one, i);
            const auto [otherNumber, otherEnd] = numberAt(other, j);
            if (number != otherNumber)
                return std::pair(number.size(), number) < std::pair(otherNumber.size(), otherNumber);
            i = end;
            j = otherEnd;
        } else if (one[i] != other[j]) {
            return static_cast<unsigned char>(one[i]) < static_cast<unsigned char>(other[j]);
        } else {
            ++i;
            ++j;
        }
    }
    return one.size() - i < other.size() - j;
}

std::vector<Index> byComponent(const Matrix<double>& Ht, const std::vector<Index>& components)
{
    struct Strongest
    {
        std::size_t place; ///< of the component; past the last for none
        double share;
    };
    std::vector<Strongest> strongest;
    for (Index j = 0; j < Ht.rows(); ++j) {
        Strongest found{components.size(), 0};
        const double sum = Ht.row(j).sum();
        for (std::size_t place = 0; place < components.size(); ++place)
            if (const double share = sum > 0 ? Ht(j, components[place]) / sum : 0; share > found.share)
                found = {place, share};
        strongest.push_back(found);
    }
    std::vector<Index> order = counted(Ht.rows());
    std::ranges::stable_sort(order, [&](Index one, Index other) {
        const Strongest &a = strongest[static_cast<std::size_t>(one)], &b = strongest[static_cast<std::size_t>(other)];
        return std::tuple(a.place, -a.share) < std::tuple(b.place, -b.share);
    });
    return order;
}

std::string groupOf(const std::string& name)
{
    // A byte of a letter beyond ASCII is a letter.
    const auto end = std::ranges::find_if(name, [](char character) {
        return static_cast<unsigned char>(character) < 128 && std::isalpha(static_cast<unsigned char>(character)) == 0;
    });
    return {name.begin(), end};
}

} // namespace

OrderedSamples orderSamples(const Dataset& dataset, const Matrix<double>& Ht, const std::vector<Index>& components,
                            SampleOrder order)
{
    const std::vector<std::string>& names = dataset.samples.names;
    const bool named = static_cast<Index>(names.size()) == Ht.rows();
    if (order == SampleOrder::Clustered && Ht.rows() <= mostClustered && Ht.rows() > 1) {
        auto tree = std::make_shared<const Hierarchy>(averageLinkage(angularDistances(Ht)));
        return {tree->order, tree};
    }
    if (order == SampleOrder::ByComponent || order == SampleOrder::Clustered)
        return {byComponent(Ht, components)};
    std::vector<Index> result = counted(Ht.rows());
    if (order == SampleOrder::ByName && named) {
        std::ranges::stable_sort(result, [&](Index one, Index other) {
            return namedBefore(names[static_cast<std::size_t>(one)], names[static_cast<std::size_t>(other)]);
        });
        return {result};
    }
    const std::vector<int> groups = order == SampleOrder::ByGroup && named ? groupsOf(names) : std::vector<int>();
    if (groups.empty())
        return {};
    std::ranges::stable_sort(result, {}, [&](Index sample) { return groups[static_cast<std::size_t>(sample)]; });
    return {result};
}

std::vector<int> groupsOf(const std::vector<std::string>& names)
{
    constexpr std::size_t fewest = 2, most = 20;
    std::map<std::string, int> numbers;
    for (const std::string& name : names) {
        numbers.try_emplace(groupOf(name));
        if (numbers.size() > most)
            return {};
    }
    if (numbers.size() < fewest || numbers.size() == names.size())
        return {};
    int count = 0;
    for (auto& [group, number] : numbers)
        number = count++;
    std::vector<int> groups;
    for (const std::string& name : names)
        groups.push_back(numbers[groupOf(name)]);
    return groups;
}

Matrix<double> scaledFor(CoefficientScale scale, const Matrix<double>& Ht)
{
    Matrix<double> result = Ht;
    if (scale == CoefficientScale::ComponentMaximum) {
        for (Index a = 0; a < result.cols(); ++a)
            if (const double largest = result.rows() > 0 ? result.col(a).maxCoeff() : 0; largest > 0)
                result.col(a) /= largest;
    } else if (scale == CoefficientScale::SampleSum) {
        for (Index j = 0; j < result.rows(); ++j)
            if (const double sum = result.row(j).sum(); sum > 0)
                result.row(j) /= sum;
    }
    return result;
}

} // namespace nmf
