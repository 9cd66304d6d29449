#pragma once

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

/// Keeps a test away from the user's settings, and from work that was not saved: it has its own in this folder.
inline void useOwnSettings(const QTemporaryDir& folder)
{
    QStandardPaths::setTestModeEnabled(true);
    for (const QSettings::Format format : {QSettings::NativeFormat, QSettings::IniFormat})
        QSettings::setPath(format, QSettings::UserScope, folder.filePath("settings"));
    qputenv("XDG_STATE_HOME", folder.filePath("state").toLocal8Bit());
    QCoreApplication::setOrganizationName("Partscope");
    QCoreApplication::setApplicationName("Partscope test");
}
