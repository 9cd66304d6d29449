#include "ui/widgets/outlined_style.h"

#include <QPainter>
#include <QStyleOption>

namespace nmf::ui
{

void OutlinedStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool box = element == PE_IndicatorCheckBox, round = element == PE_IndicatorRadioButton;
    const QPalette& palette = option->palette;
    if ((!box && !round) || palette.window().color().lightness() > palette.windowText().color().lightness())
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, round);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(palette.color(QPalette::PlaceholderText));
    const QRectF edge = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    round ? painter->drawEllipse(edge.adjusted(0.5, 0.5, -0.5, -0.5))
          : painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    painter->restore();
}

} // namespace nmf::ui
