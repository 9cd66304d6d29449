#pragma once

namespace nmf
{

/// The gray of a colour by Rec. 601: 0.299 R + 0.587 G + 0.114 B. A gray colour stays exactly what it is.
inline double luminance(double red, double green, double blue)
{
    return red == green && green == blue ? red : 0.299 * red + 0.587 * green + 0.114 * blue;
}

} // namespace nmf
