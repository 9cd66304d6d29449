#pragma once

#include "core/dataset.h"
#include "ui/model/component_edits.h"

#include <QWidget>

#include <map>
#include <optional>

namespace nmf::ui
{

/// A picture, large, on which strokes and rectangles are painted: pixels that shall be dark or bright, or are meant.
class BrushCanvas : public QWidget
{
    Q_OBJECT

public:
    /// Marked: the picture is seen through it.
    enum class Ink { Dark, Bright, Marked };
    enum class Tool { Brush, Rectangle };

    /// A column of the matrix, folded as the axis says.
    BrushCanvas(std::shared_ptr<const Matrix<double>> values, Index column, const Axis& axis,
                QWidget* parent = nullptr);

    /// Another picture of the same size beneath what is painted.
    void setPicture(std::shared_ptr<const Matrix<double>> values, Index column);
    void setInk(Ink ink) { m_ink = ink; }
    void setTool(Tool tool);
    /// The side of the square that a touch covers, in pixels of the picture.
    void setSize(int size) { m_size = size; }
    void clear();
    bool isEmpty() const { return m_strokes.empty(); }
    /// What was painted: zero, or the largest number of the picture, in each channel.
    std::vector<PaintedEntry> entries() const;
    /// Where that is.
    std::vector<Index> rows() const;
    /// Where a pixel of the picture is drawn.
    QPoint positionOf(int x, int y) const;

    QSize sizeHint() const override { return {420, 420}; }

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect room() const;
    /// Where some pixels of the picture are drawn.
    QRect rectOf(const QRect& pixels) const;
    QPoint pixelAt(QPoint position) const;
    QRect rubberBand() const;
    void beginAt(QPoint pixel);
    void touchPixel(QPoint pixel);
    void cover(const QRect& pixels);
    void actAtCursor();
    void paintStrokes(QPainter& painter) const;

    std::shared_ptr<const Matrix<double>> m_values;
    Index m_column;
    int m_width, m_height, m_channels;
    Ink m_ink = Ink::Dark;
    Tool m_tool = Tool::Brush;
    int m_size = 3;
    std::map<std::pair<int, int>, Ink> m_strokes; ///< by y and x
    QPoint m_cursor;                              ///< where the hand is, and where the keys paint
    std::optional<QPoint> m_corner;               ///< of the rectangle that is being drawn, opposite the cursor
};

} // namespace nmf::ui
