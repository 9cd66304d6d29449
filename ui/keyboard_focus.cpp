#include "ui/keyboard_focus.h"

#include "ui/plot/figure.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QPainter>

namespace nmf::ui
{

namespace
{

/// Around a view that has the focus; nothing but a frame, also for the mouse.
class FocusFrame : public QWidget
{
public:
    explicit FocusFrame(QWidget* view) : QWidget(view)
    {
        setObjectName("focus-frame");
        setAttribute(Qt::WA_TransparentForMouseEvents);
        view->installEventFilter(this);
        surround();
        show();
        raise();
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Resize)
            surround();
        return QWidget::eventFilter(watched, event);
    }

    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().color(QPalette::Highlight));
    }

private:
    void surround()
    {
        constexpr int thickness = 2;
        setGeometry(parentWidget()->rect());
        // What is within is not covered, so that it is painted as quickly as before.
        setMask(QRegion(rect()) - rect().adjusted(thickness, thickness, -thickness, -thickness));
    }
};

} // namespace

KeyboardFocus::KeyboardFocus(QMainWindow& window) : QObject(&window), m_window(window)
{
    qApp->installEventFilter(this);
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget*, QWidget* now) { follow(now); });
}

void KeyboardFocus::follow(QWidget* now)
{
    delete m_frame;
    if (now && m_window.isAncestorOf(now) && dynamic_cast<Figure*>(now))
        m_frame = new FocusFrame(now);
}

bool KeyboardFocus::takesSpace(const QWidget* widget) const
{
    // In a list that is ticked it is the list's, however it was reached.
    if (const auto* list = qobject_cast<const QAbstractItemView*>(widget))
        return list->currentIndex().flags() & Qt::ItemIsUserCheckable;
    return m_reached == widget &&
           (qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget));
}

bool KeyboardFocus::eventFilter(QObject* watched, QEvent* event)
{
    const QEvent::Type type = event->type();
    if (type == QEvent::MouseButtonPress)
        m_tabbed = false;
    if (type != QEvent::FocusIn && type != QEvent::ShortcutOverride)
        return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || !m_window.isAncestorOf(widget))
        return false;
    if (type == QEvent::FocusIn) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        // Qt says so too of where the focus falls when what had it is hidden.
        const bool byTab = (m_tabbed && (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason)) ||
                           reason == Qt::ShortcutFocusReason;
        // Coming back from another window or a list that was open changes nothing.
        if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason)
            m_reached = byTab ? widget : nullptr;
        return false;
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    m_tabbed = key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab;
    if (key->key() != Qt::Key_Space || key->modifiers() || !takesSpace(widget))
        return false;
    event->accept();
    return true;
}

} // namespace nmf::ui
