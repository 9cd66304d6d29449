#pragma once

#include "ui/model/component_editor.h"

#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include <map>

namespace nmf::ui
{

/// A part's picture, large, on which strokes are painted: pixels that shall be dark or bright.
class BrushCanvas : public QWidget
{
    Q_OBJECT

public:
    enum class Ink { Dark, Bright };

    /// Column `component` of the matrix, folded as the axis says.
    BrushCanvas(std::shared_ptr<const Matrix<double>> W, Index component, const Axis& axis, QWidget* parent = nullptr);

    void setInk(Ink ink) { m_ink = ink; }
    /// The side of the square that a touch covers, in pixels of the part.
    void setSize(int size) { m_size = size; }
    void clear();
    bool isEmpty() const { return m_strokes.empty(); }
    /// What was painted: zero, or the largest number of the part, in each channel.
    std::vector<PaintedEntry> entries() const;
    /// Where a pixel of the part is drawn.
    QPoint positionOf(int x, int y) const;

    QSize sizeHint() const override { return {420, 420}; }

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override { touch(event); }
    void mouseMoveEvent(QMouseEvent* event) override { touch(event); }
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect room() const;
    void touch(const QMouseEvent* event);
    void touchPixel(QPoint pixel);

    std::shared_ptr<const Matrix<double>> m_W;
    Index m_component;
    int m_width, m_height, m_channels;
    Ink m_ink = Ink::Dark;
    int m_size = 3;
    std::map<std::pair<int, int>, Ink> m_strokes; ///< by y and x
    QPoint m_cursor;                              ///< where the keys paint
};

/// Paints zeros or ones on a part's picture; what is painted stays so in the run that goes on, until it is released.
class Brush : public QDialog
{
    Q_OBJECT

public:
    Brush(ComponentEditor& editor, std::shared_ptr<const Snapshot> snapshot, Index component, QWidget* parent);

private:
    QLayout* makeTools();
    void apply();

    ComponentEditor& m_editor;
    Index m_component;
    BrushCanvas* m_canvas;
    QPushButton* m_apply = nullptr;
};

} // namespace nmf::ui
