#pragma once

namespace nmf::ui
{

class Arguments;
struct RunRequest;

/// The options for penalties and constraints; the weights of L1 and L2 in one of two ways of giving them.
void addTermOptions(Arguments& arguments);
/// Throws Error.
void readTerms(const Arguments& arguments, RunRequest& request);

} // namespace nmf::ui
