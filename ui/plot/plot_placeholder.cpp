#include "ui/plot/plot_placeholder.h"

#include "ui/plot/plot_style.h"

#include <QEvent>
#include <QPainter>

namespace nmf::ui
{

PlotPlaceholder::PlotPlaceholder(QWidget* plot) : QWidget(plot)
{
    setObjectName("plot-placeholder");
    plot->installEventFilter(this);
    cover();
}

void PlotPlaceholder::setText(const QString& text)
{
    m_text = text;
    setAccessibleName(text);
    update();
    cover();
}

void PlotPlaceholder::setEmpty(bool empty)
{
    if (empty == m_empty)
        return;
    m_empty = empty;
    cover();
}

void PlotPlaceholder::cover()
{
    setGeometry(parentWidget()->rect());
    setVisible(m_empty && !m_text.isEmpty());
    raise();
}

bool PlotPlaceholder::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void PlotPlaceholder::paintEvent(QPaintEvent*)
{
    constexpr int margin = 16;
    const PlotStyle style = PlotStyle::from(palette());
    QPainter painter(this);
    painter.fillRect(rect(), style.background);
    painter.setPen(style.faintText);
    painter.drawText(rect().adjusted(margin, margin, -margin, -margin), Qt::AlignCenter | Qt::TextWordWrap, m_text);
}

} // namespace nmf::ui
