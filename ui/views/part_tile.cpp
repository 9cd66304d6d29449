#include "ui/views/part_tile.h"

#include "ui/plot/numbers.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace nmf::ui
{

namespace
{

constexpr int sliderEnd = 1000;

}

PartTile::PartTile(const Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_picture(new SamplePicture(study, selection, Tiles::Components)), m_on(new QCheckBox),
      m_weight(new QSlider(Qt::Horizontal))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_picture, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 6, 0);
    row->setSpacing(2);
    row->addWidget(m_on);
    row->addWidget(m_weight, 1);
    layout->addLayout(row);
    m_weight->setRange(0, sliderEnd);
    m_weight->setPageStep(sliderEnd / 20);
    m_on->setToolTip(tr("Whether this part is added"));
    m_weight->setToolTip(tr("The weight of this part in the sample, for a part of norm 1"));
    connect(m_on, &QCheckBox::toggled, this, [this](bool on) { emit switched(m_component, on); });
    connect(m_weight, &QSlider::valueChanged, this,
            [this](int value) { emit weightChanged(m_component, m_scale * value / sliderEnd); });
}

void PartTile::showPart(const Snapshot& snapshot, const SamplePart& part, double scale, bool within, bool off)
{
    const QSignalBlocker quietly(this);
    m_component = static_cast<int>(part.component);
    m_scale = scale > 0 ? scale : 1;
    setFixedWidth(widthOfPicture(*snapshot.dataset));
    m_picture->showColumn(
        *snapshot.dataset, snapshot.W, part.component,
        {.component = m_component,
         .caption =
             QStringLiteral("%1 · %2").arg(m_component + 1).arg(part.on ? shortNumber(part.weight) : tr("off"))});
    m_on->setAccessibleName(tr("Part %1 is added").arg(m_component + 1));
    m_weight->setAccessibleName(tr("Weight of part %1").arg(m_component + 1));
    m_on->setObjectName(QStringLiteral("part-on-%1").arg(m_component));
    m_weight->setObjectName(QStringLiteral("part-weight-%1").arg(m_component));
    m_on->setChecked(!off);
    m_on->setEnabled(within);
    m_weight->setValue(static_cast<int>(std::lround(std::min(1.0, part.weight / m_scale) * sliderEnd)));
    m_weight->setEnabled(part.on);
}

} // namespace nmf::ui
