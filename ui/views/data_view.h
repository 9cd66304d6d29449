#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/figure.h"

#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QWidget>

namespace nmf::ui
{

class DataTable;

/// What is open: name, shape, range, zeros, what was decided while reading, and the data at a glance, or the first of
/// its numbers; while something is being read, how far it is, and a way to cancel.
class DataView : public QWidget, public Figure
{
    Q_OBJECT

public:
    DataView(Study& study, Selection& selection, QWidget* parent = nullptr);

    /// The picture of the data.
    QSize figureSize() const override;
    void paintFigure(QPainter& painter, QSize size) override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeTable();
    void makeLoading();
    void showDataset();
    /// Where it is another meaning than that which is shown.
    void showGaps();
    void showLook();
    QStringList factLines() const;
    void showLoading();
    void fitPicture();
    /// What is at a point of the picture: nothing, or a sample and a feature.
    Pointed placeAt(QPoint point) const;
    void select(const Pointed& place);

    Study& m_study;
    Selection& m_selection;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_picture;
    QComboBox* m_look; ///< picture or table
    QTableView* m_table;
    DataTable* m_numbers; ///< what the table shows
    QLabel* m_limits;
    QLabel* m_notes;
    QWidget* m_loading;
    QProgressBar* m_progress;
    Gaps m_gaps = Gaps::Zero; ///< as they are shown
};

} // namespace nmf::ui
