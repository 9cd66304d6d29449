#pragma once

#include "core/dataset.h"
#include "core/options.h"

namespace nmf
{

/// Bytes that a run of these options takes at its peak, besides the data as they are now: copies of V in another
/// precision, by rows or of its known entries alone, and the factors with all that the algorithm remembers. An estimate
/// from above that is seldom half as much again.
double runMemory(const Dataset& dataset, const Options& options);

/// Throws Error if that, for so many runs beside each other, is beyond memoryLimit(); names both figures.
void requireRunMemory(const Dataset& dataset, const Options& options, int runs = 1);

} // namespace nmf
