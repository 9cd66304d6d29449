#pragma once

#include <QMainWindow>
#include <QPointer>
#include <QWidget>

namespace nmf::ui
{

/// For those who have no mouse: Space presses and ticks what was reached by Tab, though elsewhere it runs and pauses,
/// and a view that has the focus has a frame.
class KeyboardFocus : public QObject
{
    Q_OBJECT

public:
    explicit KeyboardFocus(QMainWindow& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow(QWidget* now);
    bool takesSpace(const QWidget* widget) const;

    QMainWindow& m_window;
    QPointer<QWidget> m_frame;
    QPointer<const QWidget> m_reached; ///< by Tab, last
    bool m_tabbed = false;             ///< Tab was the last key
};

} // namespace nmf::ui
