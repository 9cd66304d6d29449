#pragma once

/// Milliseconds in which what was asked to end has ended: far less than what it was doing would have taken, and far
/// more than a slow machine under a sanitizer needs. How fast it is is measured elsewhere (tests/bench,
/// tst_liveliness).
inline constexpr int promptly = 20000;

/// Milliseconds for what takes a second or so by itself, and a hundred times that under a sanitizer on a busy machine.
inline constexpr int patiently = 120000;
