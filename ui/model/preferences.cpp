#include "ui/model/preferences.h"

#include <QFileInfo>

namespace nmf::ui
{

namespace
{

const QString reopenKey = QStringLiteral("start/reopen"), autosaveKey = QStringLiteral("session/autosave-seconds"),
              historyKey = QStringLiteral("history/megabytes"), threadsKey = QStringLiteral("run/threads"),
              basisKey = QStringLiteral("basis/colors"), coefficientsKey = QStringLiteral("coefficients/colors");
const QString no = QStringLiteral("no"), yes = QStringLiteral("yes");

int numberIn(const Settings& settings, const QString& key, int least, int most, int otherwise)
{
    bool read = false;
    const int value = settings.text(key, {}).toInt(&read);
    return read && value >= least && value <= most ? value : otherwise;
}

} // namespace

Preferences preferencesOf(const Settings& settings)
{
    const Preferences usual;
    constexpr int mostThreads = 1024;
    return {.reopensLast = settings.text(reopenKey, yes) != no,
            .autosaveSeconds = numberIn(settings, autosaveKey, Preferences::leastAutosave, Preferences::mostAutosave,
                                        usual.autosaveSeconds),
            .historyMegabytes = numberIn(settings, historyKey, Preferences::leastHistory, Preferences::mostHistory,
                                         usual.historyMegabytes),
            .threads = numberIn(settings, threadsKey, 0, mostThreads, usual.threads),
            .basisColors = settings.text(basisKey, usual.basisColors),
            .coefficientsColors = settings.text(coefficientsKey, usual.coefficientsColors)};
}

void keep(Settings& settings, const Preferences& preferences)
{
    settings.setText(reopenKey, preferences.reopensLast ? yes : no);
    settings.setText(autosaveKey, QString::number(preferences.autosaveSeconds));
    settings.setText(historyKey, QString::number(preferences.historyMegabytes));
    settings.setText(threadsKey, QString::number(preferences.threads));
    settings.setText(basisKey, preferences.basisColors);
    settings.setText(coefficientsKey, preferences.coefficientsColors);
}

QString sourceAtStart(const Settings& settings)
{
    const QStringList recent = settings.recentSources();
    if (!preferencesOf(settings).reopensLast || recent.isEmpty())
        return {};
    const QString& last = recent.first();
    return last.startsWith("sample:") || QFileInfo::exists(last.section('\n', 0, 0)) ? last : QString();
}

} // namespace nmf::ui
