#pragma once

#include <QAction>
#include <QFont>
#include <QMainWindow>
#include <QShortcut>

#include <optional>

namespace nmf::ui
{

/// The window for an audience: the whole screen, large letters, neither menus nor the docks' titles. All is as it was
/// when it is left, by the same key, by Esc, or by closing the window.
class FullScreen : public QObject
{
    Q_OBJECT

public:
    explicit FullScreen(QMainWindow& window);
    ~FullScreen() override;

    /// Checked while it lasts.
    QAction* action;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Before
    {
        QByteArray layout;
        QRect geometry;
        Qt::WindowStates state;
        QFont font;
    };

    void enter();
    void leave();
    void place(const Before& before);
    void hideTitles();
    void showTitles();

    QMainWindow& m_window;
    QShortcut* m_escape;
    std::optional<Before> m_before;
};

} // namespace nmf::ui
