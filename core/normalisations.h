#pragma once

#include "core/choice.h"
#include "core/dataset.h"

#include <functional>
#include <string>
#include <vector>

namespace nmf
{

/// What brings samples or features to a common scale before anything is fitted. One function, one line in a table.
struct Normalisation
{
    Facts facts;
    /// The dataset as it is then, with a note of what was done; what is sparse stays sparse, what is missing stays
    /// missing, what is zero stays zero. Null: it stays as it is. Throws Error where that cannot be done with these
    /// data.
    std::function<Dataset(const Dataset&, const Values&)> make = {};
};

/// none (the standard), max, l1, l2 (of each sample, or with features = 1 of each feature), log1p, tf-idf.
const std::vector<Normalisation>& normalisations();

/// The dataset, normalised as it was chosen. Throws Error, also where an entry is infinite.
Dataset normalised(const Dataset& dataset, const Choice& choice);

/// "l1=features": as `partscope run --normalise` takes it; and back. Throws Error.
std::string normalisationText(const Choice& choice);
Choice normalisationOf(const std::string& text);

} // namespace nmf
