#include "core/formats/rating_list.h"

#include "core/error.h"
#include "core/formats/file.h"
#include "core/formats/numbers.h"
#include "core/formats/sparse_entries.h"
#include "core/formats/text_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace nmf
{

namespace
{

/// "movieId", "movie_id" and "Movie" are the same.
std::string plainName(std::string_view text)
{
    std::string name;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (name.ends_with("id") && name.size() > 2)
        name.resize(name.size() - 2);
    return name;
}

template <std::size_t count>
std::optional<Index> columnOf(const Axis& columns, const std::array<std::string_view, count>& names)
{
    for (std::size_t i = 0; i < columns.names.size(); ++i)
        if (std::ranges::find(names, plainName(columns.names[i])) != names.end())
            return static_cast<Index>(i);
    return {};
}

constexpr std::array<std::string_view, 3> users{"user", "reader", "customer"};
constexpr std::array<std::string_view, 9> items{"movie",  "item", "film", "book", "product",
                                                "artist", "song", "joke", "anime"};
constexpr std::array<std::string_view, 4> values{"rating", "stars", "score", "ratingvalue"};

struct Columns
{
    Index user = 0, item = 0, value = 0;
};

std::optional<Columns> columnsOf(const Axis& header)
{
    const auto user = columnOf(header, users), item = columnOf(header, items), value = columnOf(header, values);
    if (!user || !item || !value)
        return {};
    return Columns{*user, *item, *value};
}

/// The places of the different numbers of a column, in order.
std::map<std::int64_t, Index> placesOf(const Vector<double>& numbers, const std::string& column,
                                       const std::string& file)
{
    std::map<std::int64_t, Index> places;
    constexpr double most = 9e15;
    for (Index i = 0; i < numbers.size(); ++i) {
        if (!(numbers[i] >= 0 && numbers[i] <= most) || numbers[i] != std::floor(numbers[i]))
            throw Error(file + ": rating " + std::to_string(i + 1) + " has no whole number as its " + inQuotes(column) +
                        "; number users and items from 0 or 1 on.");
        places.emplace(static_cast<std::int64_t>(numbers[i]), 0);
    }
    Index next = 0;
    for (auto& [number, place] : places)
        place = next++;
    return places;
}

Axis axisOf(const std::map<std::int64_t, Index>& places, const std::string& column)
{
    std::vector<std::string> names;
    for (const auto& [number, place] : places)
        names.push_back(std::to_string(number));
    Axis axis = Axis::named(std::move(names));
    axis.noun = plainName(column);
    return axis;
}

/// The titles in the second column by the numbers in the first; empty if the first is not called `column`.
std::map<std::string, std::string> titlesIn(const std::string& text, std::string_view column)
{
    std::map<std::string, std::string> titles;
    RecordReader reader(text, ',');
    std::vector<Cell> cells;
    if (!reader.next(cells) || cells.size() < 2 || plainName(cells[0].text) != column)
        return titles;
    reader.keepHashes();
    while (reader.next(cells))
        if (cells.size() >= 2 && isUtf8(cells[1].text))
            titles.emplace(cells[0].text, cells[1].text);
    return titles;
}

} // namespace

bool isRatingList(const Dataset& table)
{
    return columnsOf(table.samples).has_value();
}

Dataset ratingsOf(const Dataset& table, const std::filesystem::path& path)
{
    const Columns columns = columnsOf(table.samples).value();
    const auto nameOfColumn = [&](Index column) { return table.samples.names[static_cast<std::size_t>(column)]; };
    const Vector<double> user = table.V.column(columns.user), item = table.V.column(columns.item),
                         value = table.V.column(columns.value);
    const auto userPlaces = placesOf(user, nameOfColumn(columns.user), nameOf(path));
    const auto itemPlaces = placesOf(item, nameOfColumn(columns.item), nameOf(path));
    requireSparseMemory(path, itemPlaces.size(), userPlaces.size(), static_cast<std::uint64_t>(value.size()));
    std::map<std::pair<Index, Index>, double> last;
    for (Index i = 0; i < value.size(); ++i)
        last[{userPlaces.at(static_cast<std::int64_t>(user[i])), itemPlaces.at(static_cast<std::int64_t>(item[i]))}] =
            value[i];
    SparseEntries<double> entries{static_cast<Index>(itemPlaces.size()), static_cast<Index>(userPlaces.size())};
    for (const auto& [place, rating] : last)
        entries.add(place.second, place.first, rating);
    Dataset ratings;
    ratings.notes = {"The list of ratings became a table: an item in each row, a user in each column."};
    if (const auto twice = static_cast<std::size_t>(value.size()) - last.size(); twice > 0)
        ratings.notes.push_back(std::to_string(twice) + " ratings came again later; the last ones count.");
    entries.moveInto(ratings);
    ratings.features = axisOf(itemPlaces, nameOfColumn(columns.item));
    ratings.samples = axisOf(userPlaces, nameOfColumn(columns.user));
    return ratings;
}

bool areRatings(const Dataset& dataset)
{
    const auto haveNouns = [](const Axis& ofItems, const Axis& ofUsers) {
        return std::ranges::find(users, ofUsers.noun) != users.end() &&
               std::ranges::find(items, ofItems.noun) != items.end();
    };
    return dataset.V.isSparse() &&
           (haveNouns(dataset.features, dataset.samples) || haveNouns(dataset.samples, dataset.features));
}

std::string unratedNote(bool unknown)
{
    return unknown ? "What nobody rated is unknown and takes no part in the fit (--zeros known takes it for zero)."
                   : "What nobody rated is taken for zero (--zeros unknown leaves it out of the fit).";
}

void nameItemsFromBeside(Dataset& ratings, const std::filesystem::path& path)
{
    const std::filesystem::path list = path.parent_path() / (ratings.features.noun + "s.csv");
    std::error_code unreachable;
    if (!std::filesystem::is_regular_file(list, unreachable))
        return;
    try {
        const std::map<std::string, std::string> titles = titlesIn(readWhole(list, {}), ratings.features.noun);
        std::size_t named = 0;
        for (std::string& name : ratings.features.names)
            if (const auto title = titles.find(name); title != titles.end()) {
                name = title->second;
                ++named;
            }
        if (named > 0)
            ratings.notes.push_back("The rows are named by " + nameOf(list) + " beside the file.");
    } catch (const Error& error) {
        ratings.notes.push_back(std::string("The names of the rows were left alone: ") + error.what());
    }
}

} // namespace nmf
