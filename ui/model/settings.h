#pragma once

#include <QSettings>
#include <QStringList>

namespace nmf::ui
{

/// What is remembered between starts.
class Settings
{
public:
    QStringList recentSources() const;
    /// Puts it first; the list keeps ten.
    void addRecentSource(const QString& source);
    void clearRecentSources();

    QString lastFolder() const;
    void setLastFolder(const QString& folder);

    QByteArray windowGeometry() const;
    QByteArray windowState() const;
    void setWindow(const QByteArray& geometry, const QByteArray& state);

    QString text(const QString& key, const QString& otherwise) const;
    void setText(const QString& key, const QString& value);

private:
    QSettings m_settings;
};

} // namespace nmf::ui
