#pragma once

#include <QProxyStyle>

namespace nmf::ui
{

/// The application's style, whose boxes and buttons to tick stand out from a dark window too: Fusion draws their edge
/// darker than the window, which is then next to nothing.
class OutlinedStyle : public QProxyStyle
{
    Q_OBJECT

public:
    using QProxyStyle::QProxyStyle;

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
};

} // namespace nmf::ui
