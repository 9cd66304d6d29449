#include "app/lock_options.h"

#include "app/arguments.h"
#include "app/batch_options.h"
#include "core/error.h"

#include <algorithm>
#include <charconv>

namespace nmf::ui
{

namespace
{

/// Component numbers from 0 of "1,3".
std::vector<Index> parts(const Arguments& arguments, const QString& name)
{
    std::vector<Index> numbers;
    std::string rest = arguments.text(name);
    while (arguments.isSet(name)) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        Index number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + comma, number);
        if (error != std::errc() || end != rest.data() + comma || number < 1)
            throw Error("--" + name.toStdString() + " is \"" + arguments.text(name) +
                        "\": it must be numbers of parts from 1 up with commas between them, for example 1,3.");
        numbers.push_back(number - 1);
        if (comma == rest.size())
            break;
        rest.erase(0, comma + 1);
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

/// Components from 0 with their shares of "2:5,4:10".
std::vector<SoftLock> softParts(const Arguments& arguments, const QString& name)
{
    std::vector<SoftLock> locks;
    const std::string given = arguments.text(name);
    const auto refuse = [&] {
        throw Error("--" + name.toStdString() + " is \"" + given +
                    "\": it must be numbers of parts from 1 up, each with a colon and a percentage, and commas between "
                    "them, for example 2:5,4:10.");
    };
    const char *at = given.data(), *const end = at + given.size();
    while (arguments.isSet(name)) {
        Index part = 0;
        double percent = 0;
        const auto number = std::from_chars(at, end, part);
        if (number.ec != std::errc() || part < 1 || number.ptr == end || *number.ptr != ':')
            refuse();
        const auto share = std::from_chars(number.ptr + 1, end, percent);
        if (share.ec != std::errc() || (share.ptr != end && *share.ptr != ','))
            refuse();
        locks.push_back({part - 1, percent / 100});
        if (share.ptr == end)
            break;
        at = share.ptr + 1;
    }
    std::ranges::sort(locks, {}, &SoftLock::component);
    if (std::ranges::adjacent_find(locks, {}, &SoftLock::component) != locks.end())
        refuse();
    return locks;
}

} // namespace

void addLockOptions(Arguments& arguments)
{
    arguments.add("lock-w", "Numbers of the parts, from 1, whose column of W stays as --init gives it: 1,3.", "PARTS");
    arguments.add("soft-lock-w",
                  "Parts whose entries in W may move by at most so many percent of what --init gives: 2:5,4:10.",
                  "PART:PERCENT");
    arguments.add("lock-h", "The same for rows of H.", "PARTS");
    arguments.add("soft-lock-h", "The same for their rows of H.", "PART:PERCENT");
    arguments.add("lock-entries-w",
                  "A table of W's shape (features × rank): where it is not 0, W stays as --init gives it.", "FILE");
    arguments.add("lock-entries-h", "The same of H's shape (rank × samples).", "FILE");
}

void readLockOptions(const Arguments& arguments, RunRequest& request)
{
    if (arguments.isSet("lock-w"))
        request.options.lockW.components = parts(arguments, "lock-w");
    if (arguments.isSet("lock-h"))
        request.options.lockH.components = parts(arguments, "lock-h");
    request.options.lockW.soft = softParts(arguments, "soft-lock-w");
    request.options.lockH.soft = softParts(arguments, "soft-lock-h");
    request.lockedW = arguments.path("lock-entries-w");
    request.lockedH = arguments.path("lock-entries-h");
}

} // namespace nmf::ui
