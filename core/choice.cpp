#include "core/choice.h"

#include <cassert>

namespace nmf
{

double valueOf(const Facts& facts, const Values& values, std::string_view parameter)
{
    if (const auto chosen = values.find(std::string(parameter)); chosen != values.end())
        return chosen->second;
    for (const Parameter& candidate : facts.parameters)
        if (candidate.id == parameter)
            return candidate.initial;
    assert(false && "a plug-in asked for a parameter that it does not declare");
    return 0;
}

} // namespace nmf
