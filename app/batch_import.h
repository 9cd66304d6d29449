#pragma once

#include "core/import_plan.h"

namespace nmf::ui
{

class Arguments;

/// How INPUT becomes a table: the options that all commands share.
void addImportOptions(Arguments& arguments);
/// What they say. Throws Error.
ImportPlan importPlan(const Arguments& arguments);

} // namespace nmf::ui
