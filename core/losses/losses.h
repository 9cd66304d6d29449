#pragma once

#include "core/choice.h"
#include "core/losses/divergence.h"

#include <functional>
#include <vector>

namespace nmf
{

/// How far WH is from V. One file or line of facts, one line in the table.
struct Loss
{
    Facts facts;
    std::string formula; ///< of the data term, as a person reads it
    std::function<Divergence(const Values&)> make;
};

const std::vector<Loss>& losses();

} // namespace nmf
