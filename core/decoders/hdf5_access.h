#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nmf
{

// The same since its version 1.12, which gave the first name to another.
#if H5_VERSION_GE(1, 12, 0)
using ObjectFacts = H5O_info1_t;
#else
using ObjectFacts = H5O_info_t;
#endif

/// Something of the library's that is open, and how it is closed.
class Handle
{
public:
    using Close = herr_t (*)(hid_t);

    Handle(hid_t id, Close close) : m_id(id), m_close(close) {}
    ~Handle()
    {
        if (m_id >= 0)
            m_close(m_id);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    hid_t id() const { return m_id; }
    explicit operator bool() const { return m_id >= 0; }

private:
    hid_t m_id;
    Close m_close;
};

/// The sizes of a data set; empty for a single number, or where there are none.
std::vector<std::uint64_t> shapeOf(hid_t dataset);
/// Whole numbers, floating-point ones, or booleans.
bool isNumeric(hid_t dataset);
bool isSingle(hid_t dataset);
/// The text of an attribute; empty if there is none.
std::string textAttribute(hid_t object, const char* name);
/// The `count` whole numbers of an attribute; empty if it has not so many.
std::vector<std::uint64_t> sizesAttribute(hid_t object, const char* name, hssize_t count);

} // namespace nmf
