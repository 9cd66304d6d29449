#pragma once

#include <QCoreApplication>
#include <QMouseEvent>
#include <QTest>
#include <QWidget>

/// The pointer, as it gets to the innermost widget at a point.
namespace pointer
{

inline QWidget& innermost(QWidget& widget, QPoint at)
{
    QWidget* child = widget.childAt(at);
    return child ? *child : widget;
}

inline void hover(QWidget& widget, QPoint at)
{
    QWidget& target = innermost(widget, at);
    QMouseEvent event(QEvent::MouseMove, target.mapFromGlobal(QPointF(widget.mapToGlobal(at))),
                      widget.mapToGlobal(QPointF(at)), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &event);
}

/// Moves on while the left button is held down on a widget, which then has the pointer wherever it goes.
inline void drag(QWidget& widget, QPoint to)
{
    QMouseEvent event(QEvent::MouseMove, QPointF(to), widget.mapToGlobal(QPointF(to)), Qt::NoButton, Qt::LeftButton,
                      Qt::NoModifier);
    QCoreApplication::sendEvent(&widget, &event);
}

inline void click(QWidget& widget, QPoint at, Qt::KeyboardModifiers modifiers = {})
{
    QWidget& target = innermost(widget, at);
    QTest::mouseClick(&target, Qt::LeftButton, modifiers, target.mapFromGlobal(widget.mapToGlobal(at)));
}

} // namespace pointer
