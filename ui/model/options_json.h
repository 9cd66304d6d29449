#pragma once

#include "core/import_plan.h"
#include "core/options.h"
#include "ui/model/json_fields.h"

namespace nmf::ui
{

/// All of the options but what is an array: the given start and the locked entries.
QJsonObject toJson(const Options& options);
/// What toJson() wrote. Ids are looked up in the tables; whether the options fit together, and the data, is not asked.
/// Throws Error.
Options optionsFrom(const Fields& fields);

QJsonObject toJson(const ImportPlan& plan);
ImportPlan importPlanFrom(const Fields& fields);

/// An axis without its positions, which are an array.
QJsonObject toJson(const Axis& axis);
/// For a side of V of this length. Throws Error.
Axis axisFrom(const Fields& fields, Index length);

} // namespace nmf::ui
