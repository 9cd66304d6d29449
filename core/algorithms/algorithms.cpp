#include "core/algorithms/algorithms.h"

namespace nmf
{

const std::vector<Algorithm>& algorithms()
{
    static const std::vector<Algorithm> table{hals(), multiplicativeUpdates()};
    return table;
}

} // namespace nmf
