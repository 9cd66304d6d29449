#pragma once

#include "ui/model/study.h"

namespace nmf::ui
{

/// The run in a line of text.
struct RunStatus
{
    QString text;
    QString remaining;    ///< "at most 12 s left"; empty if not running
    double progress = -1; ///< 0…1 of the iterations allowed; −1 if there is nothing to show
};

RunStatus runStatus(const Study& study);

} // namespace nmf::ui
