#pragma once

#include "ui/model/reconstruction.h"
#include "ui/views/part_tile.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace nmf::ui
{

class Live;

/// The selected sample as a weighted sum of parts, V_j ≈ Σ weight · part = WH_j, the largest first, and what is left.
/// The parts can be added one at a time, switched off, and weighed by hand.
class PartsView : public QWidget, public Figure
{
    Q_OBJECT

public:
    PartsView(Study& study, Selection& selection, QWidget* parent = nullptr);

    Figure* figure() { return this; }
    QSize figureSize() const override;
    void paintFigure(QPainter& painter, QSize size) override;
    FigureTable table() const override;

    /// What is shown; null if nothing is.
    const std::shared_ptr<const Reconstruction>& reconstruction() const { return m_shown; }

private:
    QWidget* makeHeader();
    QWidget* makeSum();
    void draw();
    void ask();
    /// Forgets what the user has changed.
    void begin();
    void showMade(const std::shared_ptr<const Reconstruction>& made);
    void showParts();
    void showNumbers();
    void solve();
    PartTile* addTile();
    /// The pictures of the equation from left to right, and what stands before each.
    std::vector<std::pair<QString, SamplePicture*>> equation() const;

    Study& m_study;
    Selection& m_selection;
    Reconstructor m_reconstructor;
    PartEdits m_edits;
    std::uint64_t m_run = 0; ///< of the edits
    std::shared_ptr<const Reconstruction> m_shown;
    QStackedWidget* m_pages;
    QLabel *m_hint, *m_name, *m_count, *m_error;
    QSlider* m_first;
    QPushButton *m_solve, *m_found;
    SamplePicture *m_sample, *m_sum, *m_residual;
    QScrollArea* m_strip;
    QHBoxLayout* m_parts;
    std::vector<PartTile*> m_tiles;
};

} // namespace nmf::ui
