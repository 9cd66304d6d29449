#include "core/formats/zip_members.h"

#include <zip.h>

#include <stdexcept>
#include <vector>

namespace nmf
{

void addMember(zip* archive, const std::string& name, std::span<const std::string_view> pieces, Packing packing)
{
    std::vector<zip_buffer_fragment_t> fragments;
    for (const std::string_view piece : pieces)
        if (!piece.empty())
            fragments.push_back({reinterpret_cast<zip_uint8_t*>(const_cast<char*>(piece.data())), piece.size()});
    zip_source_t* source = zip_source_buffer_fragment(archive, fragments.data(), fragments.size(), 0);
    const zip_int64_t index = source ? zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    // The day on which the format's calendar begins.
    constexpr zip_uint16_t midnight = 0, firstDay = 1 << 5 | 1;
    const auto at = static_cast<zip_uint64_t>(index);
    const bool packed = packing == Packing::Quick;
    if (index >= 0 &&
        zip_set_file_compression(archive, at, packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, packed ? 1 : 0) == 0 &&
        zip_file_set_dostime(archive, at, midnight, firstDay, 0) == 0)
        return;
    const std::string why = zip_strerror(archive);
    if (index < 0 && source)
        zip_source_free(source);
    throw std::runtime_error(why);
}

} // namespace nmf
