#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nmf
{

/// A number that a plug-in lets the user set.
struct Parameter
{
    std::string id;   ///< kebab-case; never changes once released
    std::string name; ///< as a form shows it
    std::string help; ///< one sentence
    double initial = 0;
    double minimum = 0;
    double maximum = 1;
    bool whole = false; ///< only whole numbers
};

/// What a menu shows of a plug-in.
struct Facts
{
    std::string id;   ///< kebab-case; never changes once released
    std::string name; ///< as a menu shows it
    std::string summary = {};
    std::string source = {}; ///< author, year
    std::vector<Parameter> parameters = {};
};

using Values = std::map<std::string, double>;

/// What was chosen from a table: an entry and the values of its parameters (those not named have their initial value).
struct Choice
{
    std::string id;
    Values values = {};

    bool operator==(const Choice&) const = default;
};

/// The value of a parameter: as chosen, else initial.
double valueOf(const Facts& facts, const Values& values, std::string_view parameter);

/// The entry of a table with this id, or null.
template <class Table>
auto find(const Table& table, std::string_view id) -> decltype(table.data())
{
    for (const auto& entry : table)
        if (entry.facts.id == id)
            return &entry;
    return nullptr;
}

/// "a, b, c": the ids of a table, for messages.
template <class Table>
std::string listOfIds(const Table& table)
{
    std::string list;
    for (const auto& entry : table)
        list += (list.empty() ? "" : ", ") + entry.facts.id;
    return list;
}

} // namespace nmf
