#pragma once

#include "ui/plot/tile_area.h"

#include <QFrame>
#include <QTimer>

#include <optional>

namespace nmf::ui
{

/// Lets tiles of a gallery be dragged to another place: a bar shows where a tile would go, Esc or another button leaves
/// it where it is.
class TileDrag : public QObject
{
    Q_OBJECT

public:
    /// The gallery owns it.
    explicit TileDrag(TileArea* gallery);

    bool active() const { return m_active; }
    /// The bar between tiles, hidden unless one is dragged to another place.
    const QWidget& indicator() const { return *m_indicator; }

signals:
    /// A component was dropped before another one, or behind all (−1): where it was not.
    void dropped(int component, int before);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// Before which tile (past the last: behind all), and where the bar is on the viewport.
    struct Place
    {
        int tile = 0;
        QRect bar;
    };

    bool filterMouse(QEvent* event);
    bool filterKey(QEvent* event);
    void press(const QMouseEvent& event);
    bool move(const QMouseEvent& event);
    void drop();
    void end();
    void showPlace();
    void scroll();
    /// None where it would stay where it is.
    std::optional<Place> placeAt(QPoint point) const;
    int tileOf(int component) const;

    TileArea& m_gallery;
    QFrame* m_indicator;
    QTimer m_scrolling; ///< while the pointer is held above or below what is seen
    QPoint m_pressed, m_at;
    int m_component = -1; ///< under the pointer when the button went down; −1: none
    bool m_active = false;
};

} // namespace nmf::ui
