#pragma once

#include "core/matrix.h"
#include "ui/plot/color_maps.h"
#include "ui/plot/tile_area.h"

#include <QImage>

#include <functional>
#include <memory>
#include <optional>

namespace nmf::ui
{

/// A gallery of pictures whose pixels are numbers.
class ImageGrid : public TileArea
{
    Q_OBJECT

public:
    /// A column of a table, folded row by row: entry (y · width + x) · channels + channel.
    struct Tile
    {
        TileLabel label;
        std::shared_ptr<const Matrix<double>> values;
        Index column = 0;
        int height = 0;
        int width = 0;
        int channels = 1; ///< 1: through the colour map; 3: red, green and blue
    };

    /// What the brightest colour stands for.
    enum class Contrast {
        PerTile, ///< each tile's own maximum
        Shared   ///< the maximum of all tiles
    };

    explicit ImageGrid(QWidget* parent = nullptr);

    /// Replaces all tiles, in the order in which they are drawn. Cheap: nothing is read before it is painted.
    void setTiles(std::vector<Tile> tiles);
    void setColorMap(const ColorMap& map);
    void setContrast(Contrast contrast);
    Contrast contrast() const { return m_contrast; }
    /// Contrast::Shared up to this number instead of the tiles' own maximum, for several galleries on one scale; 0:
    /// own.
    void setSharedMaximum(double maximum);

    /// Shows only these pixels of each picture; an empty rectangle: all. The same in all tiles, so that they can be
    /// compared.
    void setRegion(const QRect& region);
    const QRect& region() const { return m_region; }

    /// What a tooltip says of a pixel, instead of "component 7, pixel x 3, y 12: 0.0123".
    void setDescription(std::function<QString(int component, int x, int y, double value)> description);

    /// What the colours stand for: "each tile from 0 to its own maximum".
    QString scaleText() const;

    FigureTable table() const override;

signals:
    /// The pointer is on a pixel (of a colour picture: the mean of its channels).
    void hovered(int component, int x, int y, double value);
    /// The user pressed the mouse on a pixel.
    void pressed(int component, int x, int y);

protected:
    void paintPictures(QPainter& painter, const Scene& scene) override;
    QString describe(int tile, QPoint inPicture) override;
    void pressAt(int tile, QPoint inPicture) override;
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// The pixels of a picture that are shown.
    QRect shownOf(const Tile& tile) const;
    /// The pixel at a point of a picture; none beside it.
    std::optional<QPoint> pixelAt(const Tile& tile, QPoint inPicture) const;
    void labelTiles();
    void paintTile(const Tile& tile, const QRect& place, QRgb missing);
    ValueRange rangeOf(const Tile& tile) const;
    void findSharedRange() const;

    std::vector<Tile> m_tiles;
    std::function<QString(int, int, int, double)> m_description;
    const ColorMap* m_map;
    Contrast m_contrast = Contrast::PerTile;
    double m_sharedMaximum = 0;
    mutable ValueRange m_sharedRange; ///< found when first needed
    mutable bool m_sharedRangeKnown = false;
    QRect m_region;             ///< of every picture; empty: all of it
    std::vector<double> m_part; ///< of a picture, row by row
    QImage m_frame;             ///< kept, so that no frame allocates
};

} // namespace nmf::ui
