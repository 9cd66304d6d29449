#pragma once

/// Milliseconds in which what was asked to end has ended: far less than what it was doing would have taken, and far
/// more than a slow machine under a sanitizer needs. How fast it is is measured elsewhere (tests/bench,
/// tst_liveliness).
inline constexpr int promptly = 20000;
