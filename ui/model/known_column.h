#pragma once

#include "core/dataset.h"
#include "core/options.h"

namespace nmf::ui
{

/// One sample, and how much each of its entries counts; what is unknown is 0 and counts for nothing.
struct KnownColumn
{
    Vector<double> values, weights;
};

/// Only this column is made dense.
KnownColumn knownColumn(const Dataset& dataset, const Options& options, Index sample);

/// Whether an entry is known: a number of some weight, which of a sparse table with unknown gaps is listed.
bool isKnown(const Dataset& dataset, const Options& options, Index feature, Index sample);

/// √(Σω(v−x)² / Σωv²) over the known entries of one sample; 0 where all are zero and predicted so.
double relativeError(const KnownColumn& column, const Vector<double>& model);

} // namespace nmf::ui
