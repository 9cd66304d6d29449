#include "ui/views/coefficients_view.h"

#include "ui/model/settings.h"
#include "ui/views/live.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

CoefficientsView::CoefficientsView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_heatmap(new Heatmap), m_scaling(new QComboBox), m_colors(new QComboBox)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(6, 2, 6, 0);
    header->addStretch();
    header->addWidget(m_scaling);
    header->addWidget(m_colors);
    layout->addLayout(header);
    layout->addWidget(m_heatmap, 1);
    m_scaling->setObjectName("coefficients-scaling");
    m_scaling->setAccessibleName(tr("Scale of the coefficients"));
    m_scaling->addItems({tr("Scaled to a basis of norm 1"), tr("As solved")});
    m_scaling->setToolTip(
        tr("Of a component's size only the product of its column of W and its row of H is determined"));
    m_colors->setObjectName("coefficients-colors");
    m_colors->setAccessibleName(tr("Colours of the coefficients"));
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            m_colors->addItem(map.name, map.id);
    m_colors->setCurrentIndex(std::max(0, m_colors->findData(Settings().text("coefficients/colors", "viridis"))));
    connect(m_scaling, &QComboBox::activated, this, &CoefficientsView::draw);
    connect(m_colors, &QComboBox::activated, this, [this] {
        m_heatmap->setColorMap(colorMap(m_colors->currentData().toString()));
        Settings().setText("coefficients/colors", m_colors->currentData().toString());
    });
    m_heatmap->setObjectName("coefficients");
    m_heatmap->setAxisNames(tr("component"), tr("sample"));
    m_heatmap->setScale(Heatmap::Scale::Steady);
    m_heatmap->setColorMap(colorMap(m_colors->currentData().toString()));
    connect(m_heatmap, &Heatmap::clicked, &selection, [&selection](int row, int column) {
        selection.selectComponent(row);
        selection.selectSample(column);
    });
    connect(&selection, &Selection::componentChanged, m_heatmap, &Heatmap::selectRow);
    connect(&selection, &Selection::sampleChanged, m_heatmap, &Heatmap::selectColumn);
    new Live(this, study, [this] { draw(); });
}

void CoefficientsView::nameAxes()
{
    m_named = m_study.dataset();
    if (!m_named || (m_named->samples.kind == Axis::Kind::Plain && m_named->samples.names.empty()))
        m_heatmap->setColumnNames({});
    else
        m_heatmap->setColumnNames(
            [dataset = m_named](Index sample) { return QString::fromStdString(dataset->samples.label(sample)); });
}

void CoefficientsView::draw()
{
    if (m_named != m_study.dataset())
        nameAxes();
    const auto& snapshot = m_study.snapshot();
    if (!snapshot) {
        m_heatmap->clear();
        return;
    }
    // While numbers change many times a second the scale's end holds still; what stays on the screen has it exact.
    m_heatmap->setScale(m_study.phase() == Study::Phase::Running && !snapshot->ended ? Heatmap::Scale::Steady
                                                                                     : Heatmap::Scale::Exact);
    m_heatmap->setMatrix(m_scaling->currentIndex() == 0 ? snapshot->scaledHt : snapshot->Ht,
                         Heatmap::Orientation::Transposed, snapshot->order);
}

} // namespace nmf::ui
