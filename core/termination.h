#pragma once

namespace nmf
{

/// Over how many iterations the relative change of the objective is looked at.
constexpr int changeWindow = 10;
/// After how many iterations held-out entries are looked at.
constexpr int heldOutInterval = 5;

} // namespace nmf
