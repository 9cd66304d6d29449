#include "app/output_options.h"

#include "core/error.h"
#include "core/formats/writers.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

/// Some of writers(), each once.
std::vector<std::string> formatsOf(std::string text)
{
    std::vector<std::string> formats;
    for (bool more = true; more;) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string id = text.substr(0, comma);
        if (!find(writers(), id))
            throw Error("--formats has \"" + id + "\": it must be one or more of " + listOfIds(writers()) +
                        ", with commas between them.");
        if (std::find(formats.begin(), formats.end(), id) == formats.end())
            formats.push_back(id);
        more = comma < text.size();
        text.erase(0, comma + 1);
    }
    return formats;
}

} // namespace

void addOutputOptions(Arguments& arguments)
{
    arguments.add("output", "The folder for W.npy, H.npy, loss.csv, report.json and, where rows are pixels, basis.png.",
                  "DIR");
    arguments.add("formats",
                  "As what OUTPUT has the matrices too, besides W.npy and H.npy: " +
                      QString::fromStdString(listOfIds(writers())) +
                      "; csv has the names of rows and columns, mat and npz are one file, factors.mat and factors.npz.",
                  "NAME,NAME,…");
    arguments.add("write-fit",
                  "OUTPUT also has WH and the residual V − WH, which is NaN where V is unknown: in --formats, else as "
                  "WH.npy and residual.npy.");
    arguments.add("basis-pixel",
                  "In basis.png a pixel of a part is a square of so many, exactly. Standard: what makes a comfortable "
                  "size.",
                  "N");
}

void readOutput(const Arguments& arguments, RunRequest& request)
{
    request.output = arguments.path("output");
    request.writeFit = arguments.isSet("write-fit");
    if (arguments.isSet("formats"))
        request.formats = formatsOf(arguments.text("formats"));
    arguments.number("basis-pixel", request.basisPixel, 1, 64);
    for (const char* option : {"formats", "write-fit", "basis-pixel"})
        if (arguments.isSet(option) && request.output.empty())
            throw Error("--" + std::string(option) + " says what is written: name a folder for it with --output.");
}

} // namespace nmf::ui
