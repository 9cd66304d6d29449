#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QStyle>

namespace nmf::ui
{

namespace
{

// The desktop portal's word for light and dark, which Qt 6.4 does not listen to by itself.
const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");
const QString colorScheme = QStringLiteral("color-scheme");
constexpr uint preferDark = 1;

QPalette darkPalette()
{
    const QColor window(42, 44, 48), base(30, 31, 34), text(230, 231, 233), faint(140, 143, 148);
    const QColor accent(72, 145, 220);
    QPalette palette(text, window.lighter(120), window.lighter(160), base.darker(130), window.lighter(130), text,
                     Qt::white, base, window);
    palette.setColor(QPalette::AlternateBase, window);
    palette.setColor(QPalette::ToolTipBase, window.lighter(130));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, accent.lighter(120));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, window.lighter(150));
    return palette;
}

} // namespace

Theme::Theme(QObject* parent) : QObject(parent), m_original(QApplication::palette())
{
    askSystem();
}

void Theme::choose(Choice choice)
{
    m_choice = choice;
    apply();
}

void Theme::askSystem()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(systemSettingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    question << appearance << colorScheme;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QVariant> reply = *watcher;
        if (!reply.isError())
            hear(reply.value());
        watcher->deleteLater();
    });
}

void Theme::systemSettingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group == appearance && key == colorScheme)
        hear(value.variant());
}

void Theme::hear(const QVariant& scheme)
{
    // Read wraps its answer twice.
    QVariant inner = scheme;
    while (inner.canConvert<QDBusVariant>())
        inner = inner.value<QDBusVariant>().variant();
    m_systemDark = inner.toUInt() == preferDark;
    apply();
}

void Theme::apply()
{
    const bool wasDark = m_original.window().color().lightness() < m_original.windowText().color().lightness();
    switch (m_choice) {
    case Choice::System:
        QApplication::setPalette(m_systemDark && !wasDark ? darkPalette() : m_original);
        break;
    case Choice::Light:
        QApplication::setPalette(wasDark ? QApplication::style()->standardPalette() : m_original);
        break;
    case Choice::Dark:
        QApplication::setPalette(wasDark ? m_original : darkPalette());
        break;
    }
}

} // namespace nmf::ui
