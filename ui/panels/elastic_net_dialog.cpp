#include "ui/panels/elastic_net_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>

#include <cmath>

namespace nmf::ui
{

namespace
{

/// The strength that L1 and L2 are of together.
double alphaOf(const Penalty& penalty, double otherLength)
{
    return (penalty.l1 + penalty.l2) / otherLength;
}

/// The share of L1, the same for both factors; scikit-learn's own if there is none.
double ratioOf(const Penalty& onW, const Penalty& onH)
{
    const double l1 = onW.l1 + onH.l1, all = l1 + onW.l2 + onH.l2;
    return all > 0 ? l1 / all : 0;
}

} // namespace

ElasticNetDialog::ElasticNetDialog(const Penalty& onW, const Penalty& onH, Index features, Index samples,
                                   QWidget* parent)
    : QDialog(parent), m_features(static_cast<double>(features)), m_samples(static_cast<double>(samples)),
      m_alphaW(new WeightBox(1e12)), m_alphaH(new WeightBox(1e12)), m_l1Ratio(new QDoubleSpinBox), m_weights(new QLabel)
{
    setWindowTitle(tr("L1 and L2 as in scikit-learn"));
    m_alphaW->setObjectName("alpha-w");
    m_alphaW->setToolTip(tr("The strength of the penalties on W; L1 and L2 are this times the number of samples"));
    m_alphaW->setValue(alphaOf(onW, m_samples));
    m_alphaH->setObjectName("alpha-h");
    m_alphaH->setToolTip(tr("The strength of the penalties on H; L1 and L2 are this times the number of features"));
    m_alphaH->setValue(alphaOf(onH, m_features));
    m_l1Ratio->setObjectName("l1-ratio");
    m_l1Ratio->setRange(0, 1);
    m_l1Ratio->setSingleStep(0.1);
    m_l1Ratio->setDecimals(3);
    m_l1Ratio->setValue(ratioOf(onW, onH));
    m_l1Ratio->setToolTip(tr("The share of L1: 1 for L1 alone, which makes small entries zero, 0 for L2 alone"));
    m_weights->setObjectName("weights");
    m_weights->setWordWrap(true);

    auto* note =
        new QLabel(tr("scikit-learn weighs its penalties by the shape of the data, samples in rows. There W is "
                      "what is H here, and its alpha_W is alpha_H here."));
    note->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    auto* form = new QFormLayout(this);
    form->addRow(tr("alpha on &W"), m_alphaW);
    form->addRow(tr("alpha on &H"), m_alphaH);
    form->addRow(tr("l1_&ratio"), m_l1Ratio);
    form->addRow(m_weights);
    form->addRow(note);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QDoubleSpinBox* box : std::initializer_list<QDoubleSpinBox*>{m_alphaW, m_alphaH, m_l1Ratio})
        connect(box, &QDoubleSpinBox::valueChanged, this, &ElasticNetDialog::showWeights);
    showWeights();
    m_alphaW->setFocus();
    m_alphaW->selectAll();
}

Penalty ElasticNetDialog::onW() const
{
    return elasticNet(m_alphaW->value(), m_l1Ratio->value(), m_samples);
}

Penalty ElasticNetDialog::onH() const
{
    return elasticNet(m_alphaH->value(), m_l1Ratio->value(), m_features);
}

void ElasticNetDialog::showWeights()
{
    const auto text = [](double weight) { return QString::number(weight, 'g', 4); };
    m_weights->setText(tr("L1 on W %1, on H %2; L2 on W %3, on H %4")
                           .arg(text(onW().l1), text(onH().l1), text(onW().l2), text(onH().l2)));
}

} // namespace nmf::ui
