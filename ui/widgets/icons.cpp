#include "ui/widgets/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

#include <memory>

// The resources lie in a static library, which the linker would drop unless something asks for them by name.
static void loadResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace nmf::ui
{

namespace
{

QByteArray drawingOf(const QString& name)
{
    loadResources();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "icon", qPrintable(name));
    return opened ? file.readAll() : QByteArray();
}

std::shared_ptr<QSvgRenderer> rendered(QByteArray drawing, const QColor& color)
{
    return std::make_shared<QSvgRenderer>(drawing.replace("currentColor", color.name().toLatin1()));
}

/// Draws the vectors anew at each size that is asked for.
class VectorIcon : public QIconEngine
{
public:
    VectorIcon(std::shared_ptr<QSvgRenderer> normal, std::shared_ptr<QSvgRenderer> disabled)
        : m_normal(std::move(normal)), m_disabled(std::move(disabled))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        (mode == QIcon::Disabled ? m_disabled : m_normal)->render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return picture;
    }

    QIconEngine* clone() const override { return new VectorIcon(*this); } // owned by the icon that asks

private:
    std::shared_ptr<QSvgRenderer> m_normal;
    std::shared_ptr<QSvgRenderer> m_disabled;
};

QIcon makeIcon(const QByteArray& drawing, const QColor& normal, const QColor& disabled)
{
    return QIcon(new VectorIcon(rendered(drawing, normal), rendered(drawing, disabled)));
}

} // namespace

QIcon icon(const QString& name, const QPalette& palette)
{
    const QColor text = palette.color(QPalette::Active, QPalette::WindowText);
    const QColor behind = palette.color(QPalette::Active, QPalette::Window);
    const auto paler = [](int a, int b) { return (2 * a + 3 * b) / 5; };
    const QColor disabled(paler(text.red(), behind.red()), paler(text.green(), behind.green()),
                          paler(text.blue(), behind.blue()));
    return makeIcon(drawingOf(name), text, disabled);
}

QIcon icon(const QString& name, const QColor& color)
{
    return makeIcon(drawingOf(name), color, color);
}

QIcon applicationIcon()
{
    return makeIcon(drawingOf(QStringLiteral("partscope")), Qt::black, Qt::black);
}

} // namespace nmf::ui
