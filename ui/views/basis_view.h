#pragma once

#include "ui/model/part_measures.h"
#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/image_grid.h"
#include "ui/views/composite_view.h"
#include "ui/views/montage_controls.h"
#include "ui/views/solo_tile.h"
#include "ui/widgets/elided_label.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QStackedWidget>

namespace nmf::ui
{

/// The columns of W as a gallery: images where the rows of V are pixels, else bars; or several images in one.
class BasisView : public QWidget
{
    Q_OBJECT

public:
    BasisView(Study& study, Selection& selection, QWidget* parent = nullptr);

    /// The gallery that is shown.
    Figure* figure();
    /// Paints pictures through the colour map with this id.
    void setColors(const QString& id);

signals:
    /// The user has dragged a component to another place: all in the order that is wanted now.
    void rearranged(Index component, const std::vector<Index>& order);

private:
    void makeHeader(QBoxLayout* layout);
    void makeGalleries(Selection& selection);
    void listen();
    void draw();
    void drawImages(const Snapshot& snapshot);
    void drawBars(const Snapshot& snapshot);
    void arrange();
    /// Puts a part before another one, or behind all (−1), in the order that is made by hand.
    void place(int component, int before);
    void showScale();
    bool areImages() const;
    /// The parts to show, in the order that is wanted.
    std::vector<Index> partsOf(const Snapshot& snapshot);
    TileLabel labelOf(const Snapshot& snapshot, Index component) const;

    Study& m_study;
    QStackedWidget* m_stack;
    ImageGrid* m_images;
    BarGrid* m_bars;
    CompositeView* m_composite;
    QComboBox* m_colors;
    QComboBox* m_contrast;
    ElidedLabel* m_scale;
    MontageControls* m_controls;
    QToolButton* m_together;
    SoloTile m_solo;
    std::vector<Index> m_order; ///< as it was last, of the kind that is wanted
    PartMeter m_meter;
};

} // namespace nmf::ui
