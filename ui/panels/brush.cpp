#include "ui/panels/brush.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QVBoxLayout>

namespace nmf::ui
{

Brush::Brush(ComponentEditor& editor, std::shared_ptr<const Snapshot> snapshot, Index component, QWidget* parent)
    : QDialog(parent), m_editor(editor), m_component(component),
      m_canvas(new BrushCanvas(snapshot->W, component, snapshot->dataset->features))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName("brush");
    setWindowTitle(tr("Paint on part %1").arg(component + 1));
    auto* layout = new QVBoxLayout(this);
    auto* help = new QLabel(tr("What is painted stays as it is painted while the run goes on, until it is released."));
    help->setWordWrap(true);
    layout->addWidget(help);
    layout->addLayout(makeTools());
    layout->addWidget(m_canvas, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* again = buttons->addButton(tr("C&lear"), QDialogButtonBox::ResetRole);
    m_apply = buttons->addButton(tr("&Go on with it"), QDialogButtonBox::AcceptRole);
    m_apply->setObjectName("brush-apply");
    m_apply->setEnabled(false);
    again->setAutoDefault(false);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &Brush::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(again, &QPushButton::clicked, m_canvas, &BrushCanvas::clear);
    connect(m_canvas, &BrushCanvas::changed, this, [this] { m_apply->setEnabled(!m_canvas->isEmpty()); });
    m_canvas->setFocus();
}

QLayout* Brush::makeTools()
{
    auto* row = new QHBoxLayout;
    auto* dark = new QRadioButton(tr("&Zero"));
    auto* bright = new QRadioButton(tr("&One: as its brightest pixel"));
    dark->setObjectName("brush-zero");
    bright->setObjectName("brush-one");
    dark->setChecked(true);
    auto* size = new QSpinBox;
    size->setObjectName("brush-size");
    size->setAccessibleName(tr("Size of the brush"));
    size->setToolTip(tr("Side of the square that a touch covers, in pixels"));
    size->setRange(1, 32);
    size->setSuffix(tr(" px"));
    size->setValue(3);
    row->addWidget(dark);
    row->addWidget(bright);
    row->addStretch();
    row->addWidget(size);
    connect(bright, &QRadioButton::toggled, m_canvas,
            [this](bool on) { m_canvas->setInk(on ? BrushCanvas::Ink::Bright : BrushCanvas::Ink::Dark); });
    connect(size, &QSpinBox::valueChanged, m_canvas, &BrushCanvas::setSize);
    return row;
}

void Brush::apply()
{
    m_editor.paint(m_component, m_canvas->entries());
    accept();
}

} // namespace nmf::ui
