#include "ui/widgets/wheel_guard.h"

#include <QEvent>

namespace nmf::ui
{

void WheelGuard::watch(QWidget* field)
{
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(this);
}

bool WheelGuard::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus())
        return false;
    // Not accepted: what is around the field scrolls.
    event->ignore();
    return true;
}

} // namespace nmf::ui
