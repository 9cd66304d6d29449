#include "ui/widgets/message_bar.h"

#include "ui/widgets/icons.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace nmf::ui
{

namespace
{

constexpr int iconSize = 20;

/// What a kind looks like.
struct Appearance
{
    const char* icon;
    QString word; ///< for those who hear it
    QColor onLight, onDark;
};

Appearance appearanceOf(MessageBar::Kind kind)
{
    switch (kind) {
    case MessageBar::Kind::Error:
        return {"error", MessageBar::tr("Error"), "#b3261e", "#ff8a80"};
    case MessageBar::Kind::Warning:
        return {"warning", MessageBar::tr("Warning"), "#8a5a00", "#ffc145"};
    case MessageBar::Kind::Information:
        break;
    }
    return {"info", MessageBar::tr("Note"), "#0b5c9e", "#7cc0ff"};
}

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const auto part = [share](int a, int b) { return int(a + share * (b - a)); };
    return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_buttons(new QHBoxLayout),
      m_close(new QToolButton(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 5, 6, 5);
    layout->setSpacing(8);
    m_icon->setFixedSize(iconSize, iconSize);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setTextFormat(Qt::PlainText);
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(m_close->toolTip());
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_buttons);
    layout->addWidget(m_close);
    m_timer.setSingleShot(true);
    setInformationSeconds(8);
    setAutoFillBackground(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(&m_timer, &QTimer::timeout, this, &MessageBar::dismiss);
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text, std::vector<Action> actions)
{
    m_kind = kind;
    m_text->setText(text);
    setActions(std::move(actions));
    applyTheme();
    setAccessibleName(QStringLiteral("%1: %2").arg(appearanceOf(kind).word, text));
    QFrame::show();
    if (kind == Kind::Information)
        m_timer.start();
    else
        m_timer.stop();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::setInformationSeconds(double seconds)
{
    m_timer.setInterval(int(seconds * 1000));
}

void MessageBar::setActions(std::vector<Action> actions)
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be the one whose click is being handled
        delete item;
    }
    for (Action& action : actions) {
        auto* button = new QPushButton(action.text, this);
        m_buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, run = std::move(action.run)] {
            dismiss();
            if (run)
                run();
        });
    }
}

void MessageBar::dismiss()
{
    m_timer.stop();
    if (isHidden())
        return;
    hide();
    emit dismissed();
}

void MessageBar::applyTheme()
{
    const QPalette inherited = parentWidget() ? parentWidget()->palette() : QPalette();
    const QColor window = inherited.color(QPalette::Window);
    const bool dark = window.lightness() < 128;
    const Appearance appearance = appearanceOf(m_kind);
    const QColor color = dark ? appearance.onDark : appearance.onLight;
    QPalette own = inherited;
    own.setColor(QPalette::Window, mixed(window, color, dark ? 0.18 : 0.13));
    if (own != palette())
        setPalette(own);
    m_icon->setPixmap(
        icon(QLatin1String(appearance.icon), color).pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
    m_close->setIcon(icon(QStringLiteral("close"), inherited));
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isVisible())
        applyTheme();
}

void MessageBar::enterEvent(QEnterEvent* event)
{
    QFrame::enterEvent(event);
    m_timer.stop();
}

void MessageBar::leaveEvent(QEvent* event)
{
    QFrame::leaveEvent(event);
    if (m_kind == Kind::Information && isVisible())
        m_timer.start();
}

void MessageBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Escape)
        return QFrame::keyPressEvent(event);
    dismiss();
}

} // namespace nmf::ui
