#include "core/decoders/decoders.h"

namespace nmf
{

const std::vector<Decoder>& decoders()
{
    static const std::vector<Decoder> table{matDecoder(), hdf5Decoder(), tiffDecoder()};
    return table;
}

} // namespace nmf
