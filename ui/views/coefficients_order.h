#pragma once

#include "ui/model/arranged_coefficients.h"
#include "ui/plot/heatmap.h"

#include <QComboBox>
#include <QWidget>

namespace nmf::ui
{

/// The order of the samples in the heatmap of H, and the scale of its numbers: boxes to choose them by, and what brings
/// H into the heatmap so.
class CoefficientsOrder : public QWidget
{
    Q_OBJECT

public:
    explicit CoefficientsOrder(Heatmap& heatmap, QWidget* parent = nullptr);

    /// Shows H, at once as it comes, else as soon as it is arranged. Order and scale are those of the boxes.
    void present(ArrangedCoefficients::Request request);

signals:
    /// The user has chosen another order or scale.
    void changed();

private:
    void takeData(const std::shared_ptr<const Dataset>& dataset);
    void take(const ArrangedCoefficients::Arranged& result);
    void setColumns(const OrderedSamples& samples);

    Heatmap& m_heatmap;
    QComboBox *m_order, *m_scale;
    std::shared_ptr<const Dataset> m_dataset;
    std::vector<int> m_groups; ///< of its samples
    bool m_arranged = false;   ///< the columns stand otherwise than they come
    ArrangedCoefficients m_arranger;
};

} // namespace nmf::ui
