#pragma once

#include <type_traits>

namespace nmf
{

/// The same function for both precisions: ForBoth<Maker>{make<float>, make<double>}.
template <template <class> class Function>
struct ForBoth
{
    Function<float> single;
    Function<double> twice;

    template <class Scalar>
    const Function<Scalar>& of() const
    {
        if constexpr (std::is_same_v<Scalar, float>)
            return single;
        else
            return twice;
    }
};

} // namespace nmf
