#pragma once

#include "core/choice.h"
#include "core/dataset.h"

#include <functional>
#include <vector>

namespace nmf
{

/// What can be done with entries that a factorization, or a loss, cannot take. One function, one line in a table.
struct Repair
{
    Facts facts;
    /// The dataset as it is then, with a note of what was done. Null: it stays as it is. Throws Error where that cannot
    /// be done with these data. Told of entries that are there: `facts` counts at least one.
    std::function<Dataset(const Dataset&, const DataFacts& facts, const Values&)> make = {};
};

/// Of negative entries: refuse (the standard), zero, shift, absolute, split.
const std::vector<Repair>& negativeRepairs();

/// Of zeros: known (the standard), unknown, floor. The entries that a sparse table does not keep are not in question:
/// Options::unstoredUnknown says what they are.
const std::vector<Repair>& zeroRepairs();

struct Repairs
{
    Choice negative{"refuse"}, zeros{"known"};

    bool operator==(const Repairs&) const = default;
};

/// The dataset with its negative entries and then its zeros repaired; what is not there is not repaired. Throws Error.
Dataset repaired(const Dataset& dataset, const Repairs& repairs);

/// "zero, shift, absolute, split": the repairs that do something, for refusals.
std::string listOfRepairs(const std::vector<Repair>& table);

} // namespace nmf
