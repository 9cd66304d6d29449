#include "ui/views/coefficients_order.h"

#include "ui/plot/column_layout.h"

#include <QHBoxLayout>
#include <QStandardItemModel>

#include <utility>

namespace nmf::ui
{

namespace
{

void setPossible(QComboBox& box, SampleOrder order, bool possible)
{
    if (auto* items = qobject_cast<QStandardItemModel*>(box.model()))
        items->item(static_cast<int>(order))->setEnabled(possible);
    if (!possible && box.currentIndex() == static_cast<int>(order))
        box.setCurrentIndex(0);
}

} // namespace

CoefficientsOrder::CoefficientsOrder(Heatmap& heatmap, QWidget* parent)
    : QWidget(parent), m_heatmap(heatmap), m_order(new QComboBox), m_scale(new QComboBox)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_order);
    layout->addWidget(m_scale);
    m_order->setObjectName("coefficients-order");
    m_order->setAccessibleName(tr("Order of the samples"));
    // In the order of SampleOrder.
    m_order->addItems(
        {tr("As they come"), tr("By strongest component"), tr("Clustered"), tr("By name"), tr("By group")});
    m_order->setToolTip(tr("Clustered: average linkage of the angles between samples, of at most %1. A group is all "
                           "samples whose names begin with the same letters.")
                            .arg(mostClustered));
    m_scale->setObjectName("coefficients-normalisation");
    m_scale->setAccessibleName(tr("Normalisation of the coefficients"));
    // In the order of CoefficientScale.
    m_scale->addItems({tr("Not normalised"), tr("Component maximum 1"), tr("Sample sum 1")});
    m_scale->setToolTip(tr("For this picture alone: no factor is changed"));
    for (QComboBox* box : {m_order, m_scale}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
        connect(box, &QComboBox::activated, this, &CoefficientsOrder::changed);
    }
    connect(&m_arranger, &ArrangedCoefficients::arranged, this, &CoefficientsOrder::take);
}

void CoefficientsOrder::takeData(const std::shared_ptr<const Dataset>& dataset)
{
    m_dataset = dataset;
    m_groups = groupsOf(dataset->samples.names);
    setPossible(*m_order, SampleOrder::Clustered, dataset->V.cols() <= mostClustered);
    setPossible(*m_order, SampleOrder::ByName, !dataset->samples.names.empty());
    setPossible(*m_order, SampleOrder::ByGroup, !m_groups.empty());
    setColumns({});
}

void CoefficientsOrder::present(ArrangedCoefficients::Request request)
{
    if (request.dataset != m_dataset)
        takeData(request.dataset);
    request.order = static_cast<SampleOrder>(m_order->currentIndex());
    request.scale = static_cast<CoefficientScale>(m_scale->currentIndex());
    if (!ArrangedCoefficients::isPlain(request))
        return m_arranger.arrange(std::move(request));
    m_arranger.forget();
    m_heatmap.setMatrix(request.Ht, Heatmap::Orientation::Transposed, request.components);
    if (std::exchange(m_arranged, false))
        setColumns({});
}

void CoefficientsOrder::take(const ArrangedCoefficients::Arranged& result)
{
    m_heatmap.setMatrix(result.Ht, Heatmap::Orientation::Transposed, result.request.components);
    m_arranged = true;
    setColumns(result.samples);
}

void CoefficientsOrder::setColumns(const OrderedSamples& samples)
{
    m_heatmap.setColumns({samples.order, samples.tree, m_groups});
}

} // namespace nmf::ui
