#pragma once

#include <QTest>

/// Milliseconds in which what was asked to end has ended: far less than what it was doing would have taken, and far
/// more than a slow machine under a sanitizer needs. How fast it is is measured elsewhere (tests/bench,
/// tst_liveliness).
inline constexpr int promptly = 20000;

/// Milliseconds for what takes a second or so by itself, and many times that under a sanitizer on a busy machine. Qt
/// waits twice as long again to tell how long it would have taken, and ends a test function after 300 s.
inline constexpr int patiently = 90000;

// Qt's own five seconds are too few for that machine: every wait for what must come is as patient.
#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, patiently)
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, patiently)
