#pragma once

#include "ui/model/run_comparison.h"
#include "ui/model/study.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/image_grid.h"
#include "ui/plot/line_plot.h"

#include <QLabel>
#include <QWidget>

namespace nmf::ui
{

/// Two runs in a window of its own: each part of the one beside the part of the other that is most like it, their
/// difference, and both curves.
class CompareView : public QWidget
{
    Q_OBJECT

public:
    /// A run as it is to be compared.
    struct Side
    {
        RunHistory run;
        std::shared_ptr<const Snapshot> snapshot;
    };

    CompareView(Side left, Side right, QWidget* parent);

    /// Shows a window for two runs whose factors are known.
    static void open(const Study& study, std::uint64_t left, std::uint64_t right, QWidget* parent);

private:
    TileArea* addGallery(QLayout* layout, const QString& title, const QString& id);
    void linkGalleries();
    void drawCurves();
    void present(const RunComparison& comparison);
    void fill(TileArea* gallery, const std::shared_ptr<const Matrix<double>>& values,
              const std::vector<TileLabel>& labels);

    Side m_left, m_right;
    QLabel* m_summary;
    std::vector<TileArea*> m_galleries; ///< left, right, difference
    LinePlot* m_curves;
    double m_largest = 0; ///< entry of the parts
    Worker m_worker;      // last: joined before anything its job uses is gone
};

} // namespace nmf::ui
