#pragma once

#include "ui/plot/figure.h"

#include <QString>

#include <functional>

class QWidget;

namespace nmf::ui
{

/// A view that can be copied and saved, as the window knows it.
struct View
{
    QString name;
    QWidget* widget = nullptr;
    std::function<Figure*()> figure = {}; ///< as it is shown now
};

} // namespace nmf::ui
