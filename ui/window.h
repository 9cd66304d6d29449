#pragma once

#include <QStringList>

namespace nmf::ui
{

/// Opens the window on what the arguments name ([--run] FILE|FOLDER|sample:ID) and returns the program's exit status
/// when it is closed. Needs a QApplication.
int runWindow(const QStringList& arguments);

} // namespace nmf::ui
