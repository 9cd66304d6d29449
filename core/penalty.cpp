#include "core/penalty.h"

#include <charconv>
#include <cmath>

namespace nmf
{

namespace
{

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4).ptr};
}

} // namespace

std::string penaltyFault(const Penalty& onW, const Penalty& onH)
{
    for (const double weight : {onW.l1, onW.l2, onH.l1, onH.l2})
        if (!(weight >= 0) || !std::isfinite(weight))
            return "A penalty's weight is " + shortNumber(weight) + ": it must be a finite number from 0 up.";
    if (onW.none() == onH.none())
        return {};
    const std::string with = onW.none() ? "H" : "W", without = onW.none() ? "W" : "H";
    return "A penalty on " + with + " alone has no best solution: " + with + " can shrink without end while " +
           without + " grows and WH stays the same. Give " + without +
           " a penalty too, if only a small one, or take that on " + with + " away.";
}

std::string penaltyFormula(const Penalty& penalty, const std::string& factor)
{
    std::string text;
    if (penalty.l1 != 0)
        text += " + " + shortNumber(penalty.l1) + "‖" + factor + "‖₁";
    if (penalty.l2 != 0)
        text += " + ½·" + shortNumber(penalty.l2) + "‖" + factor + "‖²F";
    return text;
}

} // namespace nmf
