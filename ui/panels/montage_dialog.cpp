#include "ui/panels/montage_dialog.h"

#include "ui/model/settings.h"
#include "ui/plot/color_maps.h"

#include <QDialogButtonBox>
#include <QFormLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

QSpinBox* spinBox(const QString& id, int minimum, int maximum, int value)
{
    auto* box = new QSpinBox;
    box->setObjectName(id);
    box->setRange(minimum, maximum);
    box->setValue(value);
    return box;
}

} // namespace

MontageDialog::MontageDialog(std::shared_ptr<const Snapshot> snapshot, QWidget* parent)
    : QDialog(parent), m_snapshot(std::move(snapshot)), m_pixel(spinBox("montage-pixel", 1, 64, 4)),
      m_gap(spinBox("montage-gap", 0, 64, 2)),
      m_columns(spinBox("montage-columns", 0, static_cast<int>(m_snapshot->W->cols()), 0)), m_colors(new QComboBox),
      m_shared(new QCheckBox(tr("One &contrast for all parts"))), m_size(new QLabel)
{
    setObjectName("montage-dialog");
    setWindowTitle(tr("Save montage"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_columns->setSpecialValueText(tr("about square"));
    m_columns->setToolTip(tr("How many parts stand side by side"));
    m_pixel->setSuffix(tr(" px"));
    m_pixel->setToolTip(tr("A pixel of a part is a square of so many pixels of the picture: none is invented or lost"));
    m_gap->setSuffix(tr(" px"));
    m_gap->setToolTip(tr("Between the parts, and around them"));
    m_shared->setObjectName("montage-shared");
    m_shared->setToolTip(tr("Otherwise the brightest colour stands for each part's own maximum"));
    m_size->setObjectName("montage-size");
    m_colors->setObjectName("montage-colors");
    m_colors->setAccessibleName(tr("Colours"));
    m_colors->setToolTip(tr("From zero to the largest number; pictures with red, green and blue have their own"));
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            m_colors->addItem(map.name, map.id);
    m_colors->setCurrentIndex(std::max(0, m_colors->findData(Settings().text("basis/colors", "gray"))));
    m_colors->setEnabled(m_snapshot->dataset->features.channels != 3);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    auto* form = new QFormLayout(this);
    form->addRow(tr("&Pixel of a part"), m_pixel);
    form->addRow(tr("&Gap"), m_gap);
    form->addRow(tr("C&olumns"), m_columns);
    form->addRow(tr("Co&lours"), m_colors);
    form->addRow(QString(), m_shared);
    form->addRow(tr("Picture"), m_size);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QSpinBox* box : {m_pixel, m_gap, m_columns})
        connect(box, &QSpinBox::valueChanged, this, &MontageDialog::showSize);
    showSize();
}

ExactMontage MontageDialog::wanted() const
{
    const ColorMap& map = colorMap(m_colors->currentData().toString());
    return {.pixel = m_pixel->value(),
            .gap = m_gap->value(),
            .columns = m_columns->value(),
            .shared = m_shared->isChecked(),
            .map = {map.colors.begin(), map.colors.end()}};
}

void MontageDialog::showSize()
{
    const QSize size = wanted().size(m_snapshot->W->cols(), m_snapshot->dataset->features);
    m_size->setText(tr("%1 × %2 pixels").arg(size.width()).arg(size.height()));
}

} // namespace nmf::ui
