#include "ui/views/coefficients_view.h"

#include "ui/model/settings.h"
#include "ui/views/live.h"

#include <QVBoxLayout>

namespace nmf::ui
{

CoefficientsView::CoefficientsView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_heatmap(new Heatmap)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_heatmap);
    m_heatmap->setObjectName("coefficients");
    m_heatmap->setAxisNames(tr("component"), tr("sample"));
    m_heatmap->setScale(Heatmap::Scale::Steady);
    m_heatmap->setColorMap(colorMap(Settings().text("coefficients/colors", "viridis")));
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
    m_heatmap->setMatrix(snapshot->Ht, Heatmap::Orientation::Transposed, snapshot->order);
}

} // namespace nmf::ui
