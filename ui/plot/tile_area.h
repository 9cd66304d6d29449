#pragma once

#include "ui/plot/figure.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/tile_layout.h"

#include <QAbstractScrollArea>
#include <QStaticText>

#include <vector>

namespace nmf::ui
{

/// What stands below a tile.
struct TileLabel
{
    int component = 0;    ///< what the tile stands for; told by the signals
    QString caption = {}; ///< "7 · 12.3 %"
    QString brief = {};   ///< "7": where the caption is too wide; empty: the part before " · "
    QColor mark = {};     ///< a dot before the caption, if valid
    bool locked = false;  ///< a padlock before the caption
    QString name = {};    ///< in tables; empty: "component 7"
};

/// A gallery of tiles that reflows with its width: layout, scrolling, zoom, captions, selection, keys and hovering.
/// What a tile shows is up to those who derive from it.
class TileArea : public QAbstractScrollArea, public Figure
{
    Q_OBJECT

public:
    explicit TileArea(QWidget* parent = nullptr);

    /// The component of the tile with the frame (of several frames: the one last given), or −1.
    int selectedComponent() const { return m_framed.empty() ? -1 : m_framed.back(); }
    /// The components of all tiles with frames.
    const std::vector<int>& framedComponents() const { return m_framed; }
    /// The component of the tile at a point of the viewport, or −1.
    int componentAt(QPoint point) const;
    /// The tile of a component on the viewport; empty if there is none.
    QRect rectOf(int component) const;
    double zoom() const { return m_zoom; }
    const TileLayout& tileLayout() const { return m_layout; }
    const std::vector<TileLabel>& tileLabels() const { return m_labels; }

    /// False where tiles are shown, but not chosen among: there are no frames, and keys belong to the window.
    void setSelectable(bool selectable);
    /// Pixels between tiles.
    void setGap(int gap);
    /// Tiles side by side; 0: as many as suit.
    void setColumns(int columns);
    /// What an empty gallery says.
    void setPlaceholder(const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QSize figureSize() const override;
    void paintFigure(QPainter& painter, QSize size) override;

public slots:
    /// Puts the frame around a component's tile (−1: none) and scrolls to it; tells nobody.
    void select(int component);
    /// The same with several; the last of them is the current one.
    void frame(const std::vector<int>& components);
    /// 1: as large as fits.
    void setZoom(double zoom);

signals:
    /// The user clicked a tile or moved to it with the keys.
    void selected(int component);
    /// The user clicked a tile with Ctrl.
    void toggled(int component);
    /// The user double-clicked a tile or pressed Return.
    void activated(int component);
    /// The pointer is on nothing any more.
    void left();
    void zoomChanged(double zoom);

protected:
    /// What the painter of the pictures needs to know.
    struct Scene
    {
        const TileLayout& layout;
        const PlotStyle& style;
        QPoint offset;     ///< from the contents to the painter
        QSize size;        ///< what is seen of the contents
        double pixelRatio; ///< pixels of the device for each of ours
        int begin;         ///< the first tile seen
        int end;           ///< past the last tile seen
    };

    /// Draws the pictures of the tiles begin … end − 1; captions and frames come later.
    virtual void paintPictures(QPainter& painter, const Scene& scene) = 0;
    /// Says what is at a point of a picture (from its top left corner) and tells who listens; empty: nothing.
    virtual QString describe(int tile, QPoint inPicture) = 0;
    /// The user pressed the mouse there, which has selected the tile.
    virtual void pressAt(int tile, QPoint inPicture) = 0;

    /// To be called by whoever derives when there are new tiles. natural: see TileRequest.
    void setLabels(std::vector<TileLabel> labels, QSize natural, QSize minimum);
    /// How far the contents are scrolled.
    QPoint scrolled() const;

    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    TileRequest request(QSize viewport, double zoom) const;
    QFont captionFont() const;
    /// Text is costly to shape and captions rarely change: it is done when they do, not when they are painted.
    void shapeCaptions();
    int widthOfCaption(std::size_t tile) const;
    int widestCaption() const;
    int tileOf(int component) const;
    void relayOut();
    void showTile(int tile);
    void choose(int tile);
    void hover(QPoint point, QPoint globalPoint);
    Scene sceneOf(const TileLayout& layout, const PlotStyle& style, QPoint offset, QSize size, double pixelRatio) const;
    void paintCaptions(QPainter& painter, const Scene& scene) const;
    void paintCaption(QPainter& painter, const Scene& scene, int tile, bool brief) const;
    void paintFrames(QPainter& painter, const Scene& scene) const;
    void paintFrame(QPainter& painter, const Scene& scene, int component, int width) const;

    std::vector<TileLabel> m_labels;
    std::vector<QStaticText> m_captions; ///< shaped in m_shapedFont
    QFont m_shapedFont;
    QSize m_natural;
    QSize m_minimum;
    int m_captionWidth = 0;
    int m_gap = 8;
    int m_columns = 0;
    TileLayout m_layout;
    PlotStyle m_style;
    QString m_placeholder;
    double m_zoom = 1;
    bool m_selectable = true;
    std::vector<int> m_framed;
    int m_hovered = -1; ///< tile under the pointer
};

} // namespace nmf::ui
