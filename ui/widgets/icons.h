#pragma once

#include <QIcon>

class QPalette;

namespace nmf::ui
{

/// A line icon of resources/icons in the palette's text colour, sharp at every size and scale, paler where disabled.
/// Names: open, samples, run, pause, step, half-step, restart, stop, continue, save, copy, reset-view, error, warning,
/// info, close.
QIcon icon(const QString& name, const QPalette& palette);

/// The same in one colour.
QIcon icon(const QString& name, const QColor& color);

/// The program's own icon, in full colour.
QIcon applicationIcon();

} // namespace nmf::ui
