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

} // namespace nmf
