#pragma once

#include <QObject>
#include <QPalette>
#include <QVariant>

class QDBusVariant;

namespace nmf::ui
{

/// Light or dark: as the system says, or as the user wants it.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Choice { System, Light, Dark };

    explicit Theme(QObject* parent = nullptr);

    Choice choice() const { return m_choice; }
    void choose(Choice choice);

private slots:
    void systemSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askSystem();
    void hear(const QVariant& scheme);
    void apply();

    Choice m_choice = Choice::System;
    QPalette m_original;       ///< what Qt found at the start
    bool m_systemDark = false; ///< what the desktop says, where Qt did not hear it
};

} // namespace nmf::ui
