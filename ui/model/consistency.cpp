#include "ui/model/consistency.h"

#include "core/error.h"
#include "ui/model/study.h"

namespace nmf::ui
{

namespace
{

QString faultOf(const Options& options, const Dataset& dataset)
{
    try {
        requireConsistent(options, dataset);
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

} // namespace

QString newFault(const Options& options, const Study& study)
{
    if (!study.dataset() || !faultOf(study.options(), *study.dataset()).isEmpty())
        return {};
    return faultOf(options, *study.dataset());
}

} // namespace nmf::ui
