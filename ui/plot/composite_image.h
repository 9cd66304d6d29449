#pragma once

#include "core/matrix.h"
#include "ui/plot/figure.h"

#include <QColor>
#include <QImage>
#include <QWidget>

#include <memory>
#include <vector>

namespace nmf::ui
{

struct PlotStyle;

/// Several pictures in one: each in a colour of its own, from black at 0 to the full colour at its largest number, and
/// their lights added. With a legend.
class CompositeImage : public QWidget, public Figure
{
    Q_OBJECT

public:
    /// A column of a table, folded row by row: entry (y · width + x) · channels + channel.
    struct Part
    {
        QString name;
        QColor color;
        std::shared_ptr<const Matrix<double>> values;
        Index column = 0;
    };

    explicit CompositeImage(QWidget* parent = nullptr);

    /// Of several channels the mean is shown.
    void setParts(std::vector<Part> parts, int height, int width, int channels);
    /// The picture, a pixel for each of theirs.
    const QImage& picture() const;

    /// Eight colours that all kinds of colour vision tell apart on black: those of Okabe and Ito, with white for their
    /// black.
    static const std::vector<QColor>& colors();

    QSize sizeHint() const override { return {320, 320}; }
    QSize figureSize() const override { return size(); }
    void paintFigure(QPainter& painter, QSize size) override;
    FigureTable table() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    double valueAt(const Part& part, int x, int y) const;
    QString textAt(QPoint point) const;
    int legendHeight(int width) const;
    QRect placeOf(QSize size) const;
    void paint(QPainter& painter, QSize size, const PlotStyle& style) const;
    /// Draws the legend from this height on, or nothing but its end is wanted (null painter); returns where it ends.
    int paintLegend(QPainter* painter, int top, int width) const;

    std::vector<Part> m_parts;
    int m_height = 0, m_width = 0, m_channels = 1;
    mutable QImage m_picture; ///< made when it is first painted
};

} // namespace nmf::ui
