#pragma once

#include "ui/model/settings.h"

namespace nmf::ui
{

/// What the user prefers once and for all.
struct Preferences
{
    bool reopensLast = true;    ///< at the start what was open last
    int autosaveSeconds = 60;   ///< between two times that unsaved work is kept
    int historyMegabytes = 256; ///< for the course of a run, to go back in
    int threads = 0;            ///< of new studies; 0: as many as the machine has cores
    QString basisColors = QStringLiteral("gray");
    QString coefficientsColors = QStringLiteral("viridis");

    static constexpr int leastAutosave = 10, mostAutosave = 3600;
    static constexpr int leastHistory = 16, mostHistory = 65536;

    bool operator==(const Preferences&) const = default;
};

/// As they were kept; what is not there, or is no number in its range, is as above.
Preferences preferencesOf(const Settings& settings);
void keep(Settings& settings, const Preferences& preferences);

/// What to open at the start if nothing is asked for; empty for the start page.
QString sourceAtStart(const Settings& settings);

} // namespace nmf::ui
