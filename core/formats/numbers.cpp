#include "core/formats/numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace nmf
{

namespace
{

bool sameLetters(std::string_view text, std::string_view lower)
{
    return std::ranges::equal(text, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
}

std::optional<double> parsePointed(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size())
        return {};
    if (error == std::errc::result_out_of_range && text.find_first_of("eE") != std::string_view::npos &&
        text[text.find_first_of("eE") + 1] == '-')
        return 0.0;
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<double> parseNumber(std::string_view text, char decimal)
{
    if (!text.empty() && text.front() == '+' && (text.size() < 2 || text[1] != '-'))
        text.remove_prefix(1);
    if (text.empty())
        return {};
    if (decimal == '.')
        return parsePointed(text);
    const std::size_t comma = text.find(',');
    if (text.find('.') != std::string_view::npos)
        return {};
    if (comma == std::string_view::npos)
        return parsePointed(text);
    std::string pointed(text);
    pointed[comma] = '.';
    return parsePointed(pointed);
}

bool isMissing(std::string_view text)
{
    constexpr std::array words{"na", "nan", "n/a", "#n/a", "null", "none", "?", "-", "-nan"};
    return text.empty() ||
           (text.size() <= 4 && std::ranges::any_of(words, [&](auto word) { return sameLetters(text, word); }));
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace nmf
