#pragma once

#include "ui/plot/figure.h"

#include <QString>

class QWidget;

namespace nmf::ui
{

/// A view that can be copied and saved, as the window knows it.
struct View
{
    QString name;
    QWidget* widget = nullptr;
    Figure* figure = nullptr;
};

} // namespace nmf::ui
