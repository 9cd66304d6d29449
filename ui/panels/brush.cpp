#include "ui/panels/brush.h"

#include "ui/plot/tile_image.h"
#include "ui/plot/tile_layout.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QImage>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cstdlib>

namespace nmf::ui
{

namespace
{

const QColor darkInk("#0072b2"), brightInk("#d55e00");

} // namespace

BrushCanvas::BrushCanvas(std::shared_ptr<const Matrix<double>> W, Index component, const Axis& axis, QWidget* parent)
    : QWidget(parent), m_W(std::move(W)), m_component(component), m_width(static_cast<int>(axis.width)),
      m_height(static_cast<int>(axis.height)), m_channels(static_cast<int>(axis.channels)),
      m_cursor(m_width / 2, m_height / 2)
{
    setObjectName("brush-canvas");
    setAccessibleName(tr("Picture of the part"));
    setToolTip(tr("Drag to paint; with the keyboard, the arrows move and Return paints"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setMinimumSize(160, 160);
}

QRect BrushCanvas::room() const
{
    return fitted({m_width, m_height}, rect());
}

QPoint BrushCanvas::positionOf(int x, int y) const
{
    const QRect place = room();
    return place.topLeft() +
           QPoint((2 * x + 1) * place.width() / (2 * m_width), (2 * y + 1) * place.height() / (2 * m_height));
}

void BrushCanvas::clear()
{
    m_strokes.clear();
    update();
    emit changed();
}

std::vector<PaintedEntry> BrushCanvas::entries() const
{
    const double most = m_W->col(m_component).maxCoeff();
    std::vector<PaintedEntry> painted;
    for (const auto& [place, ink] : m_strokes) {
        const auto pixel = static_cast<Index>(place.first * m_width + place.second);
        for (int channel = 0; channel < m_channels; ++channel)
            painted.push_back({pixel * m_channels + channel, ink == Ink::Bright ? most : 0});
    }
    return painted;
}

void BrushCanvas::touchPixel(QPoint pixel)
{
    const int left = pixel.x() - (m_size - 1) / 2, top = pixel.y() - (m_size - 1) / 2;
    for (int y = std::max(0, top); y < std::min(m_height, top + m_size); ++y)
        for (int x = std::max(0, left); x < std::min(m_width, left + m_size); ++x)
            m_strokes[{y, x}] = m_ink;
    m_cursor = pixel;
    update();
    emit changed();
}

void BrushCanvas::touch(const QMouseEvent* event)
{
    const QRect place = room();
    if (!(event->buttons() & Qt::LeftButton) || !place.contains(event->pos()))
        return;
    const QPoint inside = event->pos() - place.topLeft();
    const QPoint pixel(inside.x() * m_width / place.width(), inside.y() * m_height / place.height());
    // A quick hand is told of at a few places only: a stroke has no gaps.
    const QPoint from = event->type() == QEvent::MouseMove ? m_cursor : pixel, way = pixel - from;
    const int steps = std::max({1, std::abs(way.x()), std::abs(way.y())});
    for (int step = 1; step <= steps; ++step)
        touchPixel(from + way * step / steps);
}

void BrushCanvas::keyPressEvent(QKeyEvent* event)
{
    const auto go = [this](int x, int y) {
        m_cursor = {std::clamp(m_cursor.x() + x, 0, m_width - 1), std::clamp(m_cursor.y() + y, 0, m_height - 1)};
        update();
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return go(-1, 0);
    case Qt::Key_Right:
        return go(1, 0);
    case Qt::Key_Up:
        return go(0, -1);
    case Qt::Key_Down:
        return go(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return touchPixel(m_cursor);
    default:
        QWidget::keyPressEvent(event);
    }
}

void BrushCanvas::paintEvent(QPaintEvent*)
{
    const QRect place = room();
    QImage picture(size(), QImage::Format_RGB32);
    picture.fill(palette().color(QPalette::Window));
    const double* column = m_W->col(m_component).data();
    const ColorMap& map = colorMap("gray");
    drawNumbers(picture, place, {column, m_width, m_height, m_channels}, map,
                spanOf(map, m_W->col(m_component).minCoeff(), m_W->col(m_component).maxCoeff()),
                palette().color(QPalette::Mid).rgb());
    QPainter painter(this);
    painter.drawImage(0, 0, picture);
    const auto rectOf = [&](int x, int y) {
        const QPoint corner(place.left() + x * place.width() / m_width, place.top() + y * place.height() / m_height);
        const QPoint next(place.left() + (x + 1) * place.width() / m_width,
                          place.top() + (y + 1) * place.height() / m_height);
        return QRect(corner, next - QPoint(1, 1));
    };
    for (const auto& [at, ink] : m_strokes) {
        const QRect pixel = rectOf(at.second, at.first);
        painter.fillRect(pixel, ink == Ink::Bright ? Qt::white : Qt::black);
        // Which is which is seen without colours, too.
        painter.setPen(ink == Ink::Bright ? brightInk : darkInk);
        painter.drawRect(pixel.adjusted(0, 0, -1, -1));
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(rectOf(m_cursor.x(), m_cursor.y()));
    }
}

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
