#include "core/error.h"
#include "core/formats/numbers.h"
#include "core/formats/text_table.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace nmf
{

namespace
{

/// A cell of the sample: copied, since the reader's own text is gone with the next record.
struct SampleCell
{
    std::string text;
    bool quoted = false;
    std::optional<double> number = {};
    bool missing = false;

    bool isWord() const { return !number && !missing; }
};
using SampleRecord = std::vector<SampleCell>;

struct Sample
{
    char delimiter = ',';
    std::vector<SampleRecord> records = {};
    std::string comment = {};
    std::string fault = {};             ///< why the text cannot be cut so
    std::size_t numbers = 0, words = 0; ///< in all records but the first, or in the only one

    double share() const
    {
        return numbers == 0 ? 0 : static_cast<double>(numbers) / static_cast<double>(numbers + words);
    }
};

SampleCell toSampleCell(const Cell& cell, char delimiter)
{
    SampleCell copy{std::string(cell.text), cell.quoted};
    const std::string_view text = trimmed(cell.text);
    copy.missing = isMissing(text);
    if (!copy.missing)
        copy.number = parseNumber(text, '.');
    if (!copy.missing && !copy.number && delimiter != ',')
        copy.number = parseNumber(text, ',');
    return copy;
}

void takeRecords(std::string_view text, Sample& sample)
{
    constexpr std::size_t enoughRecords = 100, enoughBytes = 1 << 20, fewestRecords = 3;
    const char delimiter = sample.delimiter;
    RecordReader reader(text, delimiter);
    std::vector<Cell> cells;
    while (sample.records.size() < enoughRecords &&
           (reader.position() < enoughBytes || sample.records.size() < fewestRecords) && reader.next(cells)) {
        SampleRecord& record = sample.records.emplace_back();
        for (const Cell& cell : cells)
            record.push_back(toSampleCell(cell, delimiter));
        if (sample.records.size() == 2)
            reader.keepHashes();
    }
    sample.comment = reader.lastComment();
}

Sample takeSample(std::string_view text, char delimiter)
{
    Sample sample{.delimiter = delimiter};
    try {
        takeRecords(text, sample);
    } catch (const Error& error) {
        return {.delimiter = delimiter, .fault = error.what()};
    }
    for (std::size_t i = sample.records.size() > 1 ? 1 : 0; i < sample.records.size(); ++i)
        for (const SampleCell& cell : sample.records[i])
            (cell.number ? sample.numbers : sample.words) += cell.missing ? 0 : 1;
    return sample;
}

/// The delimiter that makes the largest share of cells numbers; of equals the one that finds more of them.
Sample bestSample(std::string_view text, const std::string& name)
{
    Sample best;
    for (const char delimiter : {'\t', ';', ',', ' '}) {
        Sample sample = takeSample(text, delimiter);
        if (sample.share() > best.share() || (sample.share() == best.share() && sample.numbers > best.numbers))
            best = std::move(sample);
        else if (best.records.empty()) {
            best.records = std::move(sample.records);
            best.fault = sample.fault;
        }
    }
    if (best.records.empty() && !best.fault.empty())
        throw Error(name + ": " + best.fault + ".");
    if (best.records.empty())
        throw Error(name + " holds only blank lines and comments, no numbers.");
    if (best.numbers == 0 && best.records.size() == 1)
        throw Error(name + " has column names but no rows of numbers below them.");
    if (best.numbers == 0)
        throw Error(name + " holds no numbers, so it is no table that could be factorized.");
    return best;
}

std::span<const SampleRecord> rowsOf(const Sample& sample)
{
    return std::span(sample.records).subspan(sample.records.size() > 1 ? 1 : 0);
}

bool everyLastIsEmpty(std::span<const SampleRecord> rows)
{
    return std::ranges::all_of(
        rows, [](const SampleRecord& row) { return row.size() > 1 && row.back().text.empty() && !row.back().quoted; });
}

/// Whether most lines begin with a word, or with a quoted cell while what follows is not quoted.
bool mostBeginWithName(std::span<const SampleRecord> rows)
{
    const auto named = std::ranges::count_if(rows, [](const SampleRecord& row) {
        return row.size() > 1 && (row[0].isWord() || (row[0].quoted && !row[1].quoted));
    });
    return 2 * static_cast<std::size_t>(named) > rows.size();
}

bool looksLikeHeader(const SampleRecord& first, const SampleRecord& second, bool rowNames)
{
    const std::size_t skipped = rowNames ? 1 : 0;
    if (first.size() <= skipped)
        return false;
    const std::span<const SampleCell> cells = std::span(first).subspan(skipped);
    const auto quoted = [](const SampleCell& cell) { return cell.quoted; };
    return std::ranges::any_of(cells, &SampleCell::isWord) ||
           (std::ranges::all_of(cells, quoted) && !std::ranges::all_of(second, quoted));
}

bool isEvenlySpaced(const SampleRecord& record, std::size_t first)
{
    if (record.size() < first + 3)
        return false;
    const auto value = [&](std::size_t i) { return record[i].number.value_or(std::nan("")); };
    const double step = value(first + 1) - value(first);
    for (std::size_t i = first; i + 1 < record.size(); ++i)
        if (value(i + 1) - value(i) != step || value(i) != std::floor(value(i)))
            return false;
    return step > 0;
}

bool commentNamesColumns(const Sample& sample, const TableLayout& layout)
{
    if (sample.comment.empty() || layout.delimiter == ' ' || layout.columns() < 2)
        return false;
    RecordReader reader(sample.comment, layout.delimiter);
    std::vector<Cell> cells;
    return reader.next(cells) && cells.size() == layout.width &&
           std::ranges::all_of(cells, [&](const Cell& cell) { return toSampleCell(cell, layout.delimiter).isWord(); });
}

} // namespace

TableLayout detectLayout(std::string_view text, const std::string& name)
{
    const Sample sample = bestSample(text, name);
    const SampleRecord& first = sample.records.front();
    const std::span<const SampleRecord> rows = rowsOf(sample);
    const bool several = sample.records.size() > 1;

    TableLayout layout{.delimiter = sample.delimiter, .width = rows.front().size()};
    const bool firstIsShorter = several && first.size() + 1 == layout.width;
    layout.emptyLast = everyLastIsEmpty(rows) && (firstIsShorter || everyLastIsEmpty({&first, 1}) || !several);
    layout.headerLacksCorner = firstIsShorter && !layout.emptyLast;
    const bool emptyCorner =
        several && first.size() > 1 && first[0].text.empty() && looksLikeHeader(first, rows[0], true);
    layout.rowNames = layout.headerLacksCorner || emptyCorner || mostBeginWithName(rows);
    const bool namelessCorner = layout.rowNames && first[0].text.empty();
    layout.header =
        several && (layout.headerLacksCorner || namelessCorner || looksLikeHeader(first, rows[0], layout.rowNames));
    if (layout.columns() == 0)
        throw Error(name + " holds names but no column of numbers.");
    layout.headerInComment = !layout.header && commentNamesColumns(sample, layout);
    layout.countingFirstLine = several && !layout.header && isEvenlySpaced(first, layout.rowNames ? 1 : 0);
    return layout;
}

} // namespace nmf
