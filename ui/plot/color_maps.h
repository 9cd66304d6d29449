#pragma once

#include <QRgb>
#include <QString>

#include <array>
#include <vector>

namespace nmf::ui
{

/// Colours for numbers, from the lowest to the highest.
struct ColorMap
{
    enum class Kind {
        Sequential, ///< from 0 (or the lowest) to the highest
        Diverging   ///< zero in the middle
    };
    QString id; ///< kebab-case; never changes once released
    QString name;
    std::array<QRgb, 256> colors;
    Kind kind = Kind::Sequential;
};

/// All colour maps, in the order of a menu.
const std::vector<ColorMap>& colorMaps();

/// The colour map with this id, else the first.
const ColorMap& colorMap(const QString& id);

/// The numbers that the first and the last colour stand for.
struct ValueRange
{
    double low = 0;
    double high = 0;

    bool operator==(const ValueRange&) const = default;
};

/// What a map must span for values between `lowest` and `highest`: from 0 (or below) to the highest for a sequential
/// map, as far below 0 as above for a diverging one. Never empty.
ValueRange spanOf(const ColorMap& map, double lowest, double highest);

} // namespace nmf::ui
