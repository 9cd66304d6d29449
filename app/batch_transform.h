#pragma once

#include <QStringList>

namespace nmf::ui
{

/// `partscope transform` with the arguments after it; what to return to the shell. Throws Error.
int transformInput(const QStringList& arguments);

} // namespace nmf::ui
