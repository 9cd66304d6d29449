#pragma once

#include <QRgb>

#include <array>

namespace nmf::ui
{

/// The tables behind colorMaps(), lowest value first.
extern const std::array<QRgb, 256> viridisTable, magmaTable, infernoTable, plasmaTable, cividisTable, blueWhiteRedTable;

} // namespace nmf::ui
