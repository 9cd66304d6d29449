#pragma once

#include "core/dataset.h"

#include <filesystem>
#include <string>

namespace nmf
{

/// Whether a table's columns are called as those of a list of ratings: a user, an item, a value, and what else there
/// is.
bool isRatingList(const Dataset& table);

/// The items × users of such a list, kept sparse, in the order of their numbers and named by them; a rating that comes
/// twice counts as it comes last. Takes the table as it was read from `path`. Throws Error where a number of a user or
/// item is no whole number from 0 up, and if the matrix is too large.
Dataset ratingsOf(const Dataset& table, const std::filesystem::path& path);

/// Whether a table was made of such a list, whichever way it lies by now.
bool areRatings(const Dataset& dataset);

/// What is said of the entries of such a table that no rating was given for.
std::string unratedNote(bool unknown);

/// Names the items by a file beside the list, as movies.csv stands beside ratings.csv: its first column has the name of
/// the list's column of items, its second the title.
void nameItemsFromBeside(Dataset& ratings, const std::filesystem::path& path);

} // namespace nmf
