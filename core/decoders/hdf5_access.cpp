#include "core/decoders/hdf5_access.h"

#include <algorithm>

namespace nmf
{

std::vector<std::uint64_t> shapeOf(hid_t dataset)
{
    const Handle space(H5Dget_space(dataset), H5Sclose);
    const int dimensions = space ? H5Sget_simple_extent_ndims(space.id()) : 0;
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(dimensions, 0)));
    if (!sizes.empty())
        H5Sget_simple_extent_dims(space.id(), sizes.data(), nullptr);
    return {sizes.begin(), sizes.end()};
}

bool isNumeric(hid_t dataset)
{
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const H5T_class_t kind = type ? H5Tget_class(type.id()) : H5T_NO_CLASS;
    return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

bool isSingle(hid_t dataset)
{
    const Handle type(H5Dget_type(dataset), H5Tclose);
    return type && H5Tget_class(type.id()) == H5T_FLOAT && H5Tget_size(type.id()) == sizeof(float);
}

std::string textAttribute(hid_t object, const char* name)
{
    if (H5Aexists(object, name) <= 0)
        return {};
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Handle type(attribute ? H5Aget_type(attribute.id()) : -1, H5Tclose);
    if (!type || H5Tget_class(type.id()) != H5T_STRING)
        return {};
    if (H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        if (H5Aread(attribute.id(), type.id(), &text) < 0 || !text)
            return {};
        const std::string copy = text;
        H5free_memory(text);
        return copy;
    }
    constexpr std::size_t longest = 4096;
    std::string text(std::min(H5Tget_size(type.id()), longest) + 1, '\0');
    if (H5Tget_size(type.id()) > longest || H5Aread(attribute.id(), type.id(), text.data()) < 0)
        return {};
    return text.c_str();
}

std::vector<std::uint64_t> sizesAttribute(hid_t object, const char* name, hssize_t count)
{
    if (H5Aexists(object, name) <= 0)
        return {};
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Handle space(attribute ? H5Aget_space(attribute.id()) : -1, H5Sclose);
    if (!space || H5Sget_simple_extent_npoints(space.id()) != count)
        return {};
    std::vector<std::uint64_t> sizes(static_cast<std::size_t>(count));
    if (H5Aread(attribute.id(), H5T_NATIVE_UINT64, sizes.data()) < 0)
        return {};
    return sizes;
}

} // namespace nmf
