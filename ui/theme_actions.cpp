#include "ui/theme_actions.h"

namespace nmf::ui
{

ThemeActions::ThemeActions(Settings& settings, QObject* parent) : QObject(parent), group(new QActionGroup(this))
{
    const QStringList names{tr("As the &system"), tr("&Light"), tr("&Dark")};
    const QStringList tips{tr("Light or dark as the desktop says"), tr("Dark text on light windows"),
                           tr("Light text on dark windows")};
    const QString remembered = settings.text("theme", "0");
    for (int index = 0; index < names.size(); ++index) {
        QAction* action = group->addAction(names[index]);
        action->setStatusTip(tips[index]);
        action->setCheckable(true);
        action->setChecked(remembered == QString::number(index));
        connect(action, &QAction::triggered, this, [this, index, &settings] {
            m_theme.choose(static_cast<Theme::Choice>(index));
            settings.setText("theme", QString::number(index));
        });
    }
    m_theme.choose(static_cast<Theme::Choice>(remembered.toInt()));
}

} // namespace nmf::ui
