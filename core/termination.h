#pragma once

namespace nmf
{

/// Over how many iterations the relative change of the objective is looked at.
constexpr int changeWindow = 10;
/// After how many iterations held-out entries are looked at.
constexpr int heldOutInterval = 5;
/// After how many iterations the projected gradient, and the strongest components of the samples, are looked at.
constexpr int lookInterval = 10;

} // namespace nmf
