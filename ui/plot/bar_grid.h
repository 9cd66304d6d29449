#pragma once

#include "core/matrix.h"
#include "ui/plot/color_maps.h"
#include "ui/plot/tile_area.h"

#include <functional>
#include <memory>
#include <span>

namespace nmf::ui
{

/// A gallery for components that are no pictures: in each tile the largest entries with their names, or all entries in
/// their order as a curve or as bars.
class BarGrid : public TileArea
{
    Q_OBJECT

public:
    /// A column of a table.
    struct Tile
    {
        TileLabel label;
        std::shared_ptr<const Matrix<double>> values;
        Index column = 0;
        std::function<bool(Index row)> marked = {}; ///< bars that have another colour; null: those below zero
    };

    /// How a tile shows its numbers.
    enum class Look {
        Largest, ///< the largest entries (by magnitude), largest first, with their names
        Curve,   ///< all entries in order, joined and filled
        Bars     ///< all entries in order, side by side
    };

    /// How far a full bar reaches.
    enum class Contrast {
        PerTile, ///< each tile's own maximum
        Shared   ///< the maximum of all tiles
    };

    explicit BarGrid(QWidget* parent = nullptr);

    /// Replaces all tiles, in the order in which they are drawn.
    void setTiles(std::vector<Tile> tiles);
    void setLook(Look look);
    void setContrast(Contrast contrast);
    /// Contrast::Shared up to this number instead of the tiles' own maximum, for several galleries on one scale; 0:
    /// own.
    void setSharedMaximum(double maximum);
    /// The name of a row; without one, its number from 1.
    void setNames(std::function<QString(Index row)> names);
    /// What a tooltip says of an entry, instead of "component 7, gene: 0.0123".
    void setDescription(std::function<QString(int component, Index row, double value)> description);

    FigureTable table() const override;

signals:
    /// The pointer is on a row of a component.
    void hovered(int component, nmf::Index row, double value);
    /// The user pressed the mouse on a row of a component.
    void pressed(int component, nmf::Index row);

protected:
    void paintPictures(QPainter& painter, const Scene& scene) override;
    QString describe(int tile, QPoint inPicture) override;
    void pressAt(int tile, QPoint inPicture) override;
    void changeEvent(QEvent* event) override;

private:
    void labelTiles();
    QString nameOf(Index row) const;
    /// The row at a point of a tile's picture, or −1.
    Index rowAt(const Tile& tile, QPoint inPicture) const;
    int lineHeight() const;
    ValueRange rangeOf(const Tile& tile) const;
    std::vector<Index> largestRows(const Tile& tile, int height) const;
    void paintLargest(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const;
    void paintBars(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const;
    void paintCurve(QPainter& painter, const QRect& room, const Tile& tile, const PlotStyle& style) const;

    std::vector<Tile> m_tiles;
    Look m_look = Look::Largest;
    Contrast m_contrast = Contrast::PerTile;
    std::function<QString(Index)> m_names;
    std::function<QString(int, Index, double)> m_description;
    double m_sharedMaximum = 0;
    ValueRange m_sharedRange;
};

/// The places of the `count` entries farthest from zero, farthest first, zeros left out; the earlier of two equals
/// first.
std::vector<Index> farthestFromZero(std::span<const double> values, int count);

} // namespace nmf::ui
