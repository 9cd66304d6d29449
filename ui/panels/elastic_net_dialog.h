#pragma once

#include "core/matrix.h"
#include "core/penalty.h"
#include "ui/widgets/weight_box.h"

#include <QDialog>
#include <QLabel>

namespace nmf::ui
{

/// L1 and L2 of both factors as scikit-learn takes them: alpha_W, alpha_H and l1_ratio.
class ElasticNetDialog : public QDialog
{
    Q_OBJECT

public:
    /// `onW`, `onH`: what is in force; V is features × samples.
    ElasticNetDialog(const Penalty& onW, const Penalty& onH, Index features, Index samples, QWidget* parent = nullptr);

    /// L1 and L2, scaled by the shape of V.
    Penalty onW() const;
    Penalty onH() const;

private:
    void showWeights();

    double m_features, m_samples;
    WeightBox *m_alphaW, *m_alphaH;
    QDoubleSpinBox* m_l1Ratio;
    QLabel* m_weights;
};

} // namespace nmf::ui
