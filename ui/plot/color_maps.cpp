#include "ui/plot/color_maps.h"

#include "ui/plot/color_tables.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

std::array<QRgb, 256> grayTable()
{
    std::array<QRgb, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = qRgb(int(i), int(i), int(i));
    return table;
}

std::array<QRgb, 256> reversed(std::array<QRgb, 256> table)
{
    std::reverse(table.begin(), table.end());
    return table;
}

QString text(const char* words)
{
    return QCoreApplication::translate("ColorMap", words);
}

} // namespace

const std::vector<ColorMap>& colorMaps()
{
    static const std::vector<ColorMap> maps = {
        {"viridis", text("Viridis"), viridisTable},
        {"magma", text("Magma"), magmaTable},
        {"inferno", text("Inferno"), infernoTable},
        {"plasma", text("Plasma"), plasmaTable},
        {"cividis", text("Cividis"), cividisTable},
        {"gray", text("Gray"), grayTable()},
        {"gray-inverted", text("Gray, inverted"), reversed(grayTable())},
        {"blue-white-red", text("Blue, white, red"), blueWhiteRedTable, ColorMap::Kind::Diverging},
    };
    return maps;
}

const ColorMap& colorMap(const QString& id)
{
    const std::vector<ColorMap>& maps = colorMaps();
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const ColorMap& map) { return map.id == id; });
    return found == maps.end() ? maps.front() : *found;
}

ValueRange spanOf(const ColorMap& map, double lowest, double highest)
{
    ValueRange range{std::isfinite(lowest) ? std::min(lowest, 0.0) : 0.0,
                     std::isfinite(highest) ? std::max(highest, 0.0) : 0.0};
    if (map.kind == ColorMap::Kind::Diverging) {
        const double reach = std::max(-range.low, range.high);
        // Zero is in the middle even where there is nothing else.
        range = reach > 0 ? ValueRange{-reach, reach} : ValueRange{-1, 1};
    }
    if (range.high - range.low <= 0)
        range.high = range.low + 1;
    return range;
}

} // namespace nmf::ui
