#pragma once

#include "ui/model/settings.h"
#include "ui/widgets/theme.h"

#include <QActionGroup>

namespace nmf::ui
{

/// As the system, light, dark: three actions of which one holds, for menus and forms; remembered.
class ThemeActions : public QObject
{
    Q_OBJECT

public:
    ThemeActions(Settings& settings, QObject* parent);

    QActionGroup* group;

private:
    Theme m_theme;
};

} // namespace nmf::ui
