#pragma once

#include "core/matrix.h"
#include "ui/plot/color_maps.h"
#include "ui/plot/figure.h"
#include "ui/plot/plot_placeholder.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/reduce.h"

#include <QSharedPointer>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

class QCPColorScale;
class QCPItemRect;
class QMouseEvent;

namespace nmf::ui
{

class ColumnCrown;
class HeatCells;
class IndexTicker;
struct ColumnLayout;

/// A table as colours, row 1 at the top, with a bar that says what the colours mean. What is too fine for the screen
/// keeps the maximum of each cell. The wheel zooms columns (with Ctrl: rows too), dragging moves, double click or Esc
/// shows all.
class Heatmap : public QWidget, public Figure
{
    Q_OBJECT

public:
    /// How a matrix lies.
    enum class Orientation {
        Transposed, ///< its columns are drawn as rows: Hᵀ as H
        Upright     ///< as it is
    };
    /// When the end of the colour scale moves.
    enum class Scale {
        Exact, ///< always the maximum of all entries
        Steady ///< near it, without flicker while numbers change many times a second
    };
    using Names = std::function<QString(Index)>;

    explicit Heatmap(QWidget* parent = nullptr);
    ~Heatmap() override;

    /// Replaces the table. order[i]: which row (of what is drawn) stands at place i; empty: as they come. Signals and
    /// names speak of rows and columns of the table, not of places. Cheap where shape and order stay.
    void setMatrix(std::shared_ptr<const Matrix<double>> matrix, Orientation orientation = Orientation::Transposed,
                   std::vector<Index> order = {});
    void clear();
    /// What is said as long as there is nothing to be drawn.
    void setPlaceholder(const QString& text);
    /// In which order the columns stand, and what stands above them.
    void setColumns(ColumnLayout columns);
    void setColorMap(const ColorMap& map);
    void setScale(Scale scale);
    /// The two axes' captions, in lower case as in a tooltip: "component", "sample".
    void setAxisNames(const QString& rows, const QString& columns);
    /// Names of rows and columns on the axes (where there is room) and in tooltips; null: numbers from 1.
    void setRowNames(Names names);
    void setColumnNames(Names names);
    /// What stands below a column where there is no room for names, instead of its number from 1: where a column stands
    /// for several.
    void setColumnNumbers(Names numbers);
    /// What a tooltip says, instead of "component 7, sample 12: 0.0123".
    void setDescription(std::function<QString(Index row, Index column, double value)> description);

    /// The framed row (of several: the one last given), or −1.
    int selectedRow() const { return m_selectedRows.empty() ? -1 : m_selectedRows.back(); }
    const std::vector<int>& selectedRows() const { return m_selectedRows; }
    int selectedColumn() const { return m_selectedColumn; }
    /// The numbers that the colour bar spans.
    ValueRange valueRange() const { return m_range; }
    /// The visible columns, from 0.
    std::pair<double, double> visibleColumns() const;
    /// Where the middle of an entry is drawn, in pixels of this widget.
    QPointF positionOf(Index row, Index column) const;

    QSize sizeHint() const override { return {480, 260}; }
    QSize minimumSizeHint() const override { return {120, 80}; }
    QSize figureSize() const override { return size(); }
    void paintFigure(QPainter& painter, QSize size) override;
    FigureTable table() const override;

public slots:
    /// Frames a row or a column of the table (−1: none); tells nobody.
    void selectRow(int row);
    void selectRows(const std::vector<int>& rows);
    void selectColumn(int column);
    /// Shows all of it.
    void resetView();

signals:
    void hovered(int row, int column, double value);
    /// The pointer is on nothing any more.
    void left();
    void clicked(int row, int column);
    /// The same with Ctrl.
    void toggled(int row, int column);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Parts;

    void makeColorBar();
    void listen();
    void applyTheme(const PlotStyle& style);
    void nameAxes();
    void fitTicks();
    void confine();
    bool updateScale();
    void replotData();
    void replotAll();
    void frameSelection();
    void frameRows();
    Index placeOfRow(Index row) const;
    Index rowAtPlace(Index place) const;
    Index placeOfColumn(Index column) const;
    Index columnAtPlace(Index place) const;
    MatrixView viewOf() const;
    QString describe(Index row, Index column, double value) const;
    void press(QMouseEvent* event);
    void move(QMouseEvent* event);
    void release(QMouseEvent* event);

    std::unique_ptr<Parts> m_parts;
    PlotPlaceholder* m_placeholder = nullptr;
    std::shared_ptr<const Matrix<double>> m_matrix;
    Orientation m_orientation = Orientation::Transposed;
    std::vector<Index> m_order;
    std::vector<Index> m_columnOrder;
    const ColorMap* m_map;
    Scale m_scale = Scale::Exact;
    ValueRange m_range{0, 1};
    QString m_rowName, m_columnName;
    Names m_rowNames, m_columnNames, m_columnNumbers;
    std::function<QString(Index, Index, double)> m_description;
    std::vector<int> m_selectedRows;
    int m_selectedColumn = -1;
    QPoint m_pressedAt;
    bool m_hovering = false;
};

} // namespace nmf::ui
