#include "app/batch_import.h"

#include "app/arguments.h"
#include "core/error.h"
#include "core/normalisations.h"

#include <array>
#include <charconv>
#include <limits>

namespace nmf::ui
{

namespace
{

void addEntryOptions(Arguments& arguments)
{
    arguments.add("missing", "nan: missing entries (NaN) are unknown. Standard: refuse, they are refused.", "NAME");
    arguments.add("infinite", "unknown: infinite entries are unknown. Standard: refuse, they are refused.", "NAME");
    arguments.add(
        "zeros",
        "unknown: zeros are unknown, in a sparse INPUT the entries that it does not list; floor=X: entries "
        "below X are raised to it. Standard: known, they are zero; but what nobody rated in a list of ratings (user, "
        "item, rating) is unknown.",
        "NAME");
    arguments.add("negative",
                  "What becomes of negative entries: zero; shift, the smallest entry is subtracted from all; absolute, "
                  "they lose their sign; split, every row becomes a positive and a negative one. Standard: refuse, "
                  "they are refused.",
                  "NAME");
    arguments.add(
        "normalise",
        "What brings the table to one scale, after these: " + QString::fromStdString(listOfIds(normalisations())) +
            "; max, l1 and l2 are of each sample, with =features of each feature. Standard: none.",
        "NAME[=OF]");
    arguments.add("weights",
                  "A table of the shape of INPUT: how much each entry counts, from 0 up; 0 for an unknown one.",
                  "FILE");
}

void addPictureOptions(Arguments& arguments)
{
    arguments.add("image-shape",
                  "The rows are the pixels of pictures so high and wide, with so many channels; with --as-pixels the "
                  "columns are. Standard: as the file says.",
                  "HxW[xC]");
    arguments.add("pixel-order", "column: pixels run down the columns of a picture, as in MATLAB. Standard: row.",
                  "NAME");
    arguments.add("patches",
                  "Pieces of pictures are the samples: so many pixels wide and high, STRIDE apart (standard: half of "
                  "that), COUNT of them at random (0: all) by SEED.",
                  "SIZE[,STRIDE[,COUNT[,SEED]]]");
    arguments.add("as-pixels", "The pixels are the samples, and channels, pages or bands the features.");
    arguments.add("bands", "last: of an array of three dimensions the last counts the bands. Standard: first.", "NAME");
    arguments.add("other-sizes",
                  "What becomes of pictures of another size than the first: crop or resize. Standard: refuse.", "NAME");
    arguments.add("longest-side", "Pictures are made smaller while they are read, to at most so many pixels.", "N");
}

/// A word out of a few, of which the first is the standard; the message names it last.
template <class Value, std::size_t count>
void readWord(const Arguments& arguments, const QString& name, const std::array<const char*, count>& words,
              Value& value)
{
    if (!arguments.isSet(name))
        return;
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
        if (arguments.text(name) == words[i]) {
            value = static_cast<Value>(i);
            return;
        }
        if (i > 0)
            list += (i == 1 ? "" : ", ") + std::string(words[i]);
    }
    throw Error("--" + name.toStdString() + " is \"" + arguments.text(name) + "\": it must be " + list + " or " +
                words[0] + ".");
}

/// The whole numbers from `least` up in a text; empty if it is anything else.
std::vector<Index> numbersIn(const std::string& text, char between, Index least)
{
    std::vector<Index> numbers;
    const char *at = text.data(), *const end = at + text.size();
    while (true) {
        int number = 0;
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc() || number < least)
            return {};
        numbers.push_back(number);
        if (stop == end)
            return numbers;
        if (*stop != between)
            return {};
        at = stop + 1;
    }
}

void readShape(const Arguments& arguments, ImportPlan& plan)
{
    if (!arguments.isSet("image-shape"))
        return;
    const std::vector<Index> sizes = numbersIn(arguments.text("image-shape"), 'x', 1);
    if (sizes.size() != 2 && sizes.size() != 3)
        throw Error(
            "--image-shape is \"" + arguments.text("image-shape") +
            "\": it must be a height, a width and perhaps a number of channels, for example 112x92 or 32x32x3.");
    plan.height = sizes[0];
    plan.width = sizes[1];
    plan.channels = sizes.size() == 3 ? sizes[2] : 1;
}

void readPatches(const Arguments& arguments, ImportPlan& plan)
{
    if (!arguments.isSet("patches"))
        return;
    if (arguments.isSet("as-pixels"))
        throw Error("--patches and --as-pixels say two things of what a sample is: use one of them.");
    const std::vector<Index> numbers = numbersIn(arguments.text("patches"), ',', 0);
    if (numbers.empty() || numbers.size() > 4 || numbers[0] < 1 || (numbers.size() > 1 && numbers[1] < 1))
        throw Error("--patches is \"" + arguments.text("patches") +
                    "\": it must be a size, and perhaps how far they are apart, how many at random and a seed, for "
                    "example 8 or 8,4,1000,1.");
    plan.pictures = ImportPlan::Pictures::Patches;
    plan.patchSize = numbers[0];
    plan.patchStride = numbers.size() > 1 ? numbers[1] : std::max<Index>(1, plan.patchSize / 2);
    plan.patchCount = numbers.size() > 2 ? numbers[2] : 0;
    plan.patchSeed = numbers.size() > 3 ? static_cast<std::uint64_t>(numbers[3]) : 1;
}

void addAxisOptions(Arguments& arguments)
{
    const QString help = " have an order, in this unit (may be empty). Where their names are no numbers, they count "
                         "from FIRST by STEP. Standard: as the file says.";
    arguments.add("ordered-features", "The features" + help, "UNIT[,FIRST,STEP]");
    arguments.add("ordered-samples", "The samples" + help, "UNIT[,FIRST,STEP]");
}

void readAxis(const Arguments& arguments, const QString& name, ImportPlan::Meaning& meaning)
{
    if (!arguments.isSet(name))
        return;
    meaning.ordered = true;
    const std::string given = arguments.text(name);
    const std::size_t comma = std::min(given.find(','), given.size());
    meaning.unit = given.substr(0, comma);
    if (comma == given.size())
        return;
    const char *at = given.data() + comma + 1, *const end = given.data() + given.size();
    const auto first = std::from_chars(at, end, meaning.first);
    const bool more = first.ec == std::errc() && first.ptr != end && *first.ptr == ',';
    const auto step = more ? std::from_chars(first.ptr + 1, end, meaning.step) : first;
    if (!more || step.ec != std::errc() || step.ptr != end || !std::isfinite(meaning.first) ||
        !std::isfinite(meaning.step) || meaning.step == 0)
        throw Error("--" + name.toStdString() + " is \"" + given +
                    "\": it must be a unit, and perhaps the first position and the step to the next, for example nm or "
                    "nm,400,2.5.");
}

} // namespace

void addImportOptions(Arguments& arguments)
{
    arguments.add("member", "Which of several matrices in the file (partscope info lists them).", "NAME");
    arguments.add("transpose", "The rows of the file are samples, not features.");
    addPictureOptions(arguments);
    addAxisOptions(arguments);
    addEntryOptions(arguments);
}

ImportPlan importPlan(const Arguments& arguments)
{
    ImportPlan plan;
    plan.member = arguments.text("member");
    plan.transpose = arguments.isSet("transpose");
    readShape(arguments, plan);
    readWord(arguments, "pixel-order", std::array{"row", "column"}, plan.columnMajor);
    readPatches(arguments, plan);
    if (arguments.isSet("as-pixels"))
        plan.pictures = ImportPlan::Pictures::Pixels;
    readWord(arguments, "bands", std::array{"first", "last"}, plan.bandsLast);
    if (arguments.isSet("bands") && !arguments.isSet("as-pixels"))
        throw Error("--bands is for pixels as samples: use it with --as-pixels.");
    readWord(arguments, "other-sizes", std::array{"refuse", "crop", "resize"}, plan.otherSizes);
    arguments.number<Index>("longest-side", plan.longestSide, 1, std::numeric_limits<int>::max());
    readAxis(arguments, "ordered-features", plan.features);
    readAxis(arguments, "ordered-samples", plan.samples);
    readWord(arguments, "missing", std::array{"refuse", "nan"}, plan.missingUnknown);
    readWord(arguments, "infinite", std::array{"refuse", "unknown"}, plan.infiniteUnknown);
    arguments.choice("zeros", plan.repairs.zeros, zeroRepairs());
    arguments.choice("negative", plan.repairs.negative, negativeRepairs());
    if (arguments.isSet("normalise"))
        plan.normalisation = normalisationOf(arguments.text("normalise"));
    plan.weights = arguments.path("weights");
    return plan;
}

} // namespace nmf::ui
