#pragma once

#include "core/error.h"

#include <QString>

/// What a refusal says; empty if there is none.
template <class Action>
QString refusal(const Action& action)
{
    try {
        action();
    } catch (const nmf::Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}
