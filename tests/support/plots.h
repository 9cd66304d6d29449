#pragma once

#include "tests/support/pointer.h"
#include "ui/plot/image_grid.h"

#include <QWheelEvent>

/// The drawing widgets, shown and pointed at.
namespace plots
{

using namespace nmf;
using namespace nmf::ui;

using Table = std::shared_ptr<const Matrix<double>>;

inline Table counting(Index rows, Index columns)
{
    Matrix<double> table(rows, columns);
    for (Index i = 0; i < table.size(); ++i)
        table.data()[i] = double(i);
    return std::make_shared<const Matrix<double>>(std::move(table));
}

inline std::vector<ImageGrid::Tile> pictures(const Table& table, int height, int width)
{
    std::vector<ImageGrid::Tile> tiles;
    for (int i = 0; i < table->cols(); ++i)
        tiles.push_back({.label = {.component = i, .caption = QStringLiteral("%1 · 1.0 %").arg(i + 1)},
                         .values = table,
                         .column = i,
                         .height = height,
                         .width = width});
    return tiles;
}

inline void present(QWidget& widget, QSize size = {600, 400})
{
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    QCoreApplication::processEvents();
}

/// A pointer without buttons, at a point of a widget.
inline void point(QWidget& widget, QPointF at)
{
    pointer::hover(widget, at.toPoint());
}

inline void turnWheel(QWidget& widget, QPointF at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWidget& target = pointer::innermost(widget, at.toPoint());
    QWheelEvent event(target.mapFromGlobal(widget.mapToGlobal(at)), widget.mapToGlobal(at), {}, {0, delta},
                      Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&target, &event);
    QCoreApplication::processEvents();
}

} // namespace plots
