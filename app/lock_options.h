#pragma once

namespace nmf::ui
{

class Arguments;
struct RunRequest;

/// The options that say what of the given factors stays as it is, or near it.
void addLockOptions(Arguments& arguments);
/// Throws Error.
void readLockOptions(const Arguments& arguments, RunRequest& request);

} // namespace nmf::ui
