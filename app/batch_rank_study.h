#pragma once

#include <QStringList>

namespace nmf::ui
{

/// `partscope rank` with the arguments after it; what to return to the shell. Throws Error.
int studyInput(const QStringList& arguments);

} // namespace nmf::ui
