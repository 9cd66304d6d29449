#include "core/initializers/initializers.h"

namespace nmf
{

const std::vector<Initializer>& initializers()
{
    static const std::vector<Initializer> table{nndsvda(),       nndsvdar(),  nndsvd(),        lowRankCorrection(),
                                                separable(),     kMeans(),    randomColumns(), randomStart(),
                                                bestOfSeveral(), compressed()};
    return table;
}

std::string automaticStartReason()
{
    return "It was never far from the lowest objective of all starts, for every loss, and costs little.";
}

} // namespace nmf
