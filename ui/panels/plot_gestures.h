#pragma once

#include <QString>

#include <vector>

namespace nmf::ui
{

/// What mouse and keys do in a view, for those who look it up.
struct PlotGesture
{
    QString where, keys, what;
};

std::vector<PlotGesture> plotGestures();

} // namespace nmf::ui
