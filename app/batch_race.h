#pragma once

#include <QStringList>

namespace nmf::ui
{

/// `partscope race` with the arguments after it; what to return to the shell. Throws Error.
int raceInput(const QStringList& arguments);

} // namespace nmf::ui
