#include "core/initializers/initializers.h"

namespace nmf
{

const std::vector<Initializer>& initializers()
{
    static const std::vector<Initializer> table{nndsvda(), nndsvd(), randomStart()};
    return table;
}

} // namespace nmf
