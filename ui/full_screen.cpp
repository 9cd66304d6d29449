#include "ui/full_screen.h"

#include <QApplication>
#include <QDockWidget>
#include <QEvent>
#include <QMenuBar>
#include <QTimer>

namespace nmf::ui
{

namespace
{

constexpr double enlargement = 1.5;

QFont enlarged(QFont font)
{
    if (font.pointSizeF() > 0)
        font.setPointSizeF(enlargement * font.pointSizeF());
    else
        font.setPixelSize(static_cast<int>(enlargement * font.pixelSize()));
    return font;
}

} // namespace

FullScreen::FullScreen(QMainWindow& window)
    : QObject(&window), action(new QAction(tr("&Full screen, large letters"), this)), m_window(window),
      m_escape(new QShortcut(Qt::Key_Escape, &window))
{
    action->setObjectName("full-screen");
    action->setCheckable(true);
    action->setShortcut(Qt::Key_F11);
    action->setStatusTip(tr("For an audience: all of the screen and large letters; Esc or F11 leads back"));
    m_escape->setEnabled(false);
    connect(action, &QAction::toggled, this, [this](bool on) { on ? enter() : leave(); });
    connect(m_escape, &QShortcut::activated, action, [this] { action->setChecked(false); });
    window.installEventFilter(this);
}

FullScreen::~FullScreen()
{
    if (m_before)
        QApplication::setFont(m_before->font);
}

void FullScreen::enter()
{
    m_before = Before{m_window.saveState(), m_window.geometry(), m_window.windowState(), QApplication::font()};
    m_escape->setEnabled(true);
    // Not hidden: a menu bar that is hidden takes the keys of its orders along.
    m_window.menuBar()->setFixedHeight(0);
    hideTitles();
    QApplication::setFont(enlarged(m_before->font));
    m_window.setWindowState(m_before->state | Qt::WindowFullScreen);
}

void FullScreen::leave()
{
    if (!m_before)
        return;
    m_escape->setEnabled(false);
    QApplication::setFont(m_before->font);
    showTitles();
    m_window.menuBar()->setMinimumHeight(0);
    m_window.menuBar()->setMaximumHeight(QWIDGETSIZE_MAX);
    m_window.setWindowState(m_before->state);
    // At once for what is remembered of a window that is closed; and when the window has heard of its new size.
    place(*m_before);
    QTimer::singleShot(0, this, [this, before = *m_before] { place(before); });
    m_before.reset();
}

void FullScreen::place(const Before& before)
{
    // Not every platform remembers it.
    if (!(before.state & Qt::WindowMaximized))
        m_window.setGeometry(before.geometry);
    // What is in the docks still asks for the room that large letters need.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    m_window.restoreState(before.layout);
}

void FullScreen::hideTitles()
{
    for (QDockWidget* dock : m_window.findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly))
        if (!dock->titleBarWidget())
            dock->setTitleBarWidget(new QWidget(dock));
}

void FullScreen::showTitles()
{
    for (QDockWidget* dock : m_window.findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        QWidget* none = dock->titleBarWidget();
        dock->setTitleBarWidget(nullptr);
        delete none;
    }
}

bool FullScreen::eventFilter(QObject* watched, QEvent* event)
{
    // What is remembered of the window is how it was before.
    if (event->type() == QEvent::Close)
        action->setChecked(false);
    return QObject::eventFilter(watched, event);
}

} // namespace nmf::ui
