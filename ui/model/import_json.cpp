#include "core/error.h"
#include "ui/model/import.h"
#include "ui/model/options_json.h"

namespace nmf::ui
{

QJsonObject importReport(const ImportPlan& plan)
{
    return toJson(plan);
}

ImportPlan importPlanOf(const QJsonObject& json)
{
    try {
        return importPlanFrom({json, {}});
    } catch (const Error&) {
        return {};
    }
}

} // namespace nmf::ui
