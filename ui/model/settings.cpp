#include "ui/model/settings.h"

#include <QDir>

namespace nmf::ui
{

namespace
{

constexpr qsizetype mostRecent = 10;
/// Changes when the docks do, so that an older layout is not forced onto them.
const QString layoutKey = QStringLiteral("window/state-1");

} // namespace

QStringList Settings::recentSources() const
{
    return m_settings.value("recent").toStringList();
}

void Settings::addRecentSource(const QString& source)
{
    QStringList recent = recentSources();
    recent.removeAll(source);
    recent.prepend(source);
    m_settings.setValue("recent", recent.mid(0, mostRecent));
}

void Settings::clearRecentSources()
{
    m_settings.remove("recent");
}

QString Settings::lastFolder() const
{
    return m_settings.value("folder", QDir::homePath()).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    m_settings.setValue("folder", folder);
}

QByteArray Settings::windowGeometry() const
{
    return m_settings.value("window/geometry").toByteArray();
}

QByteArray Settings::windowState() const
{
    return m_settings.value(layoutKey).toByteArray();
}

void Settings::setWindow(const QByteArray& geometry, const QByteArray& state)
{
    m_settings.setValue("window/geometry", geometry);
    m_settings.setValue(layoutKey, state);
}

QString Settings::text(const QString& key, const QString& otherwise) const
{
    return m_settings.value(key, otherwise).toString();
}

void Settings::setText(const QString& key, const QString& value)
{
    m_settings.setValue(key, value);
}

} // namespace nmf::ui
