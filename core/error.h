#pragma once

#include <stdexcept>
#include <string>

namespace nmf
{

/// Something the user can mend. what() is one full sentence for the user: what is wrong, where, and what would mend it.
class Error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Thrown out of a long job (loading, a decomposition) after its stop token was asked to stop.
class Cancelled : public std::exception
{
public:
    const char* what() const noexcept override { return "Cancelled."; }
};

} // namespace nmf
