#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"

namespace nmf::ui
{

/// What is known of a place: names, V, WH and the residual V − WH of the entry, W and H of the component. The status
/// line and the tooltips of all views say this. `snapshot` may be null.
QString readout(const Pointed& pointed, const Dataset& dataset, const Options& options, const Snapshot* snapshot);
/// The same of what the study shows.
QString readout(const Pointed& pointed, const Study& study);

/// "gene 7" for what has no name but a number.
QString nameOfFeature(const Dataset& dataset, Index feature);
QString nameOfSample(const Dataset& dataset, Index sample);

} // namespace nmf::ui
