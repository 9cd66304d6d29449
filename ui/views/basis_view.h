#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/image_grid.h"

#include <QComboBox>
#include <QLabel>
#include <QStackedWidget>

namespace nmf::ui
{

/// The columns of W as a gallery: images where the rows of V are pixels, else bars. Largest share of the energy first.
class BasisView : public QWidget
{
    Q_OBJECT

public:
    BasisView(Study& study, Selection& selection, QWidget* parent = nullptr);

    /// The gallery that is shown.
    Figure* figure();

private:
    void draw();
    void drawImages(const Snapshot& snapshot);
    void drawBars(const Snapshot& snapshot);
    void showScale();

    Study& m_study;
    QStackedWidget* m_stack;
    ImageGrid* m_images;
    BarGrid* m_bars;
    QComboBox* m_colors;
    QComboBox* m_contrast;
    QLabel* m_scale;
};

} // namespace nmf::ui
