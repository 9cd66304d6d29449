#include "ui/panels/region_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

namespace nmf::ui
{

RegionDialog::RegionDialog(ComponentEditor& editor, const std::shared_ptr<const Snapshot>& snapshot, Index component,
                           QWidget* parent)
    : QDialog(parent), m_editor(editor), m_component(component), m_picture(new QComboBox), m_state(new QLabel)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName("region-dialog");
    setWindowTitle(tr("Begin part %1 anew from a region").arg(component + 1));
    makeCanvas(snapshot->dataset->features);
    auto* help = new QLabel(tr("Mark where the part shall be: it begins as what the other parts leave there, and zero "
                               "elsewhere."));
    help->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(help);
    layout->addLayout(makePictures());
    layout->addLayout(makeTools());
    layout->addWidget(m_canvas, 1);
    layout->addWidget(makeButtons());
    connect(&m_worker, &Worker::failed, m_state, &QLabel::setText);
    computePictures(snapshot);
    m_canvas->setFocus();
}

void RegionDialog::makeCanvas(const Axis& axis)
{
    // Dark, until there is something to see.
    const Matrix<double> dark = Matrix<double>::Zero(axis.width * axis.height * axis.channels, 1);
    m_canvas = new BrushCanvas(std::make_shared<const Matrix<double>>(dark), 0, axis);
    m_canvas->setAccessibleName(tr("Picture to mark a region on"));
    m_canvas->setToolTip(tr("Drag to mark; with the keyboard, the arrows move and Return begins a rectangle, and ends "
                            "it"));
    m_canvas->setInk(BrushCanvas::Ink::Marked);
    m_canvas->setTool(BrushCanvas::Tool::Rectangle);
    connect(m_canvas, &BrushCanvas::changed, this, [this] { m_apply->setEnabled(!m_canvas->isEmpty()); });
}

QLayout* RegionDialog::makePictures()
{
    m_picture->setObjectName("region-picture");
    m_picture->setAccessibleName(tr("Picture to mark a region on"));
    m_picture->setToolTip(tr("Means over all samples: of what the other parts leave, or of the data themselves"));
    m_picture->addItems({tr("What the other parts leave"), tr("The data")});
    m_picture->setEnabled(false);
    m_state->setObjectName("region-state");
    m_state->setText(tr("The pictures are being computed…"));
    m_state->setWordWrap(true);
    connect(m_picture, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_canvas->setPicture(m_pictures, index); });
    auto* row = new QHBoxLayout;
    row->addWidget(m_picture);
    row->addWidget(m_state, 1);
    return row;
}

QLayout* RegionDialog::makeTools()
{
    auto* rectangle = new QRadioButton(tr("&Rectangle"));
    auto* brush = new QRadioButton(tr("&Brush"));
    auto* size = new QSpinBox;
    rectangle->setObjectName("region-rectangle");
    rectangle->setToolTip(tr("Drag from corner to corner; further rectangles are added"));
    rectangle->setChecked(true);
    brush->setObjectName("region-brush");
    brush->setToolTip(tr("Drag over what shall belong to the region"));
    size->setObjectName("region-brush-size");
    size->setAccessibleName(tr("Size of the brush"));
    size->setToolTip(tr("Side of the square that a touch covers, in pixels"));
    size->setRange(1, 32);
    size->setSuffix(tr(" px"));
    size->setValue(3);
    size->setEnabled(false);
    connect(brush, &QRadioButton::toggled, m_canvas,
            [this](bool on) { m_canvas->setTool(on ? BrushCanvas::Tool::Brush : BrushCanvas::Tool::Rectangle); });
    connect(brush, &QRadioButton::toggled, size, &QSpinBox::setEnabled);
    connect(size, &QSpinBox::valueChanged, m_canvas, &BrushCanvas::setSize);
    auto* row = new QHBoxLayout;
    row->addWidget(rectangle);
    row->addWidget(brush);
    row->addWidget(size);
    row->addStretch();
    return row;
}

QWidget* RegionDialog::makeButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* again = buttons->addButton(tr("C&lear"), QDialogButtonBox::ResetRole);
    again->setObjectName("region-clear");
    again->setToolTip(tr("Marks nothing any more"));
    again->setAutoDefault(false);
    m_apply = buttons->addButton(tr("Begin &anew"), QDialogButtonBox::AcceptRole);
    m_apply->setObjectName("region-apply");
    m_apply->setToolTip(tr("The part begins anew within what is marked, and the run goes on from there"));
    m_apply->setEnabled(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &RegionDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(again, &QPushButton::clicked, m_canvas, &BrushCanvas::clear);
    return buttons;
}

void RegionDialog::computePictures(const std::shared_ptr<const Snapshot>& snapshot)
{
    m_worker.start([this, snapshot, component = m_component](const std::stop_token& stop, const Worker::Tell& tell) {
        const auto pictures = std::make_shared<const Matrix<double>>(
            regionPictures(*snapshot->dataset, snapshot->options, {*snapshot->W, *snapshot->Ht}, component, stop));
        tell([this, pictures] { showPictures(pictures); });
    });
}

void RegionDialog::showPictures(std::shared_ptr<const Matrix<double>> pictures)
{
    m_pictures = std::move(pictures);
    m_state->clear();
    m_picture->setEnabled(true);
    m_canvas->setPicture(m_pictures, m_picture->currentIndex());
}

void RegionDialog::apply()
{
    m_editor.beginFromRegion(m_component, m_canvas->rows());
    accept();
}

} // namespace nmf::ui
