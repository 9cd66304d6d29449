#pragma once

#include "ui/plot/curve_points.h"
#include "ui/plot/figure.h"
#include "ui/plot/plot_placeholder.h"
#include "ui/plot/plot_style.h"

#include <QWidget>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

class QCPGraph;
class QMouseEvent;

namespace nmf::ui
{

/// Curves over each other, with a legend; one or more may grow while they are looked at. The wheel zooms, dragging
/// moves, double click or Esc shows all and follows the curves again.
class LinePlot : public QWidget, public Figure
{
    Q_OBJECT

public:
    /// How points of a curve are shown.
    enum class Look { Line, LineAndPoints, Points };

    /// What stands beside a curve's numbers.
    struct Curve
    {
        QString name = {};
        QColor color = {};              ///< invalid: one of the style's series
        std::optional<int> series = {}; ///< which of them; none: the next
        Look look = Look::Line;
        Qt::PenStyle pen = Qt::SolidLine;
    };

    explicit LinePlot(QWidget* parent = nullptr);
    ~LinePlot() override;

    /// Adds a curve without points, or renames and recolours the one with this id.
    void setCurve(int id, const Curve& curve);
    /// All points of a curve (which is added if it is new); x must rise. Points that are not numbers are left out, and
    /// on a logarithmic axis those that are not positive.
    void setPoints(int id, std::vector<double> x, std::vector<double> y);
    /// Points in the place of those that the curve has from the first of them on; cheap at its right end.
    void append(int id, std::span<const double> x, std::span<const double> y);
    void removeCurve(int id);
    void clear();
    /// What is said as long as there is nothing to be drawn.
    void setPlaceholder(const QString& text);

    /// The axes' captions, and how a value is called in the cursor's readout ("iteration").
    void setAxisNames(const QString& x, const QString& y);
    void setSpacing(Spacing x, Spacing y);
    /// Marks whole numbers alone on the x axis.
    void setWholeTicks();
    /// Fits the axes exactly when still; while growing they are left with room, so that they rarely move.
    enum class Growth { Still, Growing };
    void setGrowth(Growth growth);
    /// The y axis spans at least this: differences that mean nothing are not made large.
    void setAlwaysShown(Extremes y);
    /// A line at a place of the x axis: where a timeline stands.
    void setMarker(std::optional<double> x);
    /// What the cursor's tooltip says, instead of "iteration 137: 12.345".
    void setDescription(std::function<QString(int id, double x, double y)> description);

    /// The visible stretch of an axis.
    std::pair<double, double> xRange() const;
    std::pair<double, double> yRange() const;
    /// Where a point is drawn, in pixels of this widget.
    QPointF positionOf(double x, double y) const;
    /// How many points of a curve are handed to the painter; 0 if there is no such curve.
    int drawnPoints(int id) const;

    QSize sizeHint() const override { return {420, 280}; }
    QSize minimumSizeHint() const override { return {120, 90}; }
    QSize figureSize() const override { return size(); }
    void paintFigure(QPainter& painter, QSize size) override;
    FigureTable table() const override;

public slots:
    /// Shows all curves, now and as they grow.
    void resetView();

signals:
    /// The pointer is near this point.
    void hovered(int id, double x, double y);
    void left();
    /// The user clicked at this place of the x axis.
    void clicked(double x);
    /// The user clicked a point of a curve; clicked() comes too.
    void pointClicked(int id, double x, double y);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Parts;
    struct Line
    {
        Curve curve;
        int number = 0; ///< of the colour, in order of arrival
        CurvePoints points;
        QCPGraph* graph = nullptr; ///< owned by the plot
        std::size_t drawn = 0;     ///< points that the graph knows of, thinned or not
    };
    struct Nearest
    {
        int id = 0;
        double x = 0;
        double y = 0;
    };

    void listen();
    Line& lineOf(int id);
    void applyTheme(const PlotStyle& style);
    void styleLine(Line& line, const PlotStyle& style);
    void redraw();
    void thin(Line& line);
    void thinAll();
    bool follow();
    void scheduleReplot(bool axesMoved);
    void chooseTickers();
    std::optional<Nearest> nearest(QPointF pixel) const;
    void press(QMouseEvent* event);
    void move(QMouseEvent* event);
    void release(QMouseEvent* event);

    std::unique_ptr<Parts> m_parts;
    PlotPlaceholder* m_placeholder = nullptr;
    std::map<int, Line> m_lines;
    int m_arrivals = 0;
    QString m_xName, m_yName;
    Spacing m_xSpacing = Spacing::Linear;
    Spacing m_ySpacing = Spacing::Linear;
    Growth m_growth = Growth::Still;
    std::optional<Extremes> m_alwaysShown;
    bool m_following = true; ///< the user has not zoomed or moved
    std::function<QString(int, double, double)> m_description;
    QPoint m_pressedAt;
    bool m_hovering = false;
};

} // namespace nmf::ui
