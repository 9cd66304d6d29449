#include "app/batch_input.h"

#include "app/batch_options.h"
#include "core/error.h"
#include "ui/model/image_format.h"
#include "ui/model/import.h"
#include "ui/model/session.h"

#include <cstdio>

namespace nmf::ui
{

void print(const std::string& text)
{
    std::fputs(text.c_str(), stdout);
}

LoadControl loadControl(const Interruption& interruption, ProgressLine& line)
{
    return {interruption.token(), [&line](double fraction) {
                if (line.due())
                    line.show("Reading " + std::to_string(static_cast<int>(100 * fraction)) + " %");
            }};
}

std::shared_ptr<const Dataset> readAll(const QString& input, ImportPlan& plan, bool zerosGiven,
                                       const LoadControl& control)
{
    const bool sample = input.startsWith("sample:");
    const auto raw = isSessionPath(input) ? readSession(pathOf(input), control).dataset
                                          : std::make_shared<const Dataset>(readRaw(
                                                sample ? input.toStdString() : pathOf(input).string(), plan, control));
    if (!zerosGiven)
        plan = withUnratedUnknown(plan, *raw);
    return std::make_shared<const Dataset>(madeOf(*raw, plan, control));
}

std::shared_ptr<const Mask> readLocks(const std::filesystem::path& table, bool transposed, const LoadControl& control)
{
    if (table.empty())
        return nullptr;
    const Dataset locks = open(table, control);
    const DataMatrix numbers = transposed ? locks.V.transposed() : locks.V;
    Mask mask(numbers.rows(), numbers.cols());
    for (Index j = 0; j < numbers.cols(); ++j) {
        const Vector<double> column = numbers.column(j);
        if (!column.allFinite())
            throw Error(table.string() + " has missing or infinite entries: a table of locks has 0 where an entry is "
                                         "free, and another number where it stays.");
        mask.col(j) = column.array() != 0;
    }
    return std::make_shared<const Mask>(std::move(mask));
}

} // namespace nmf::ui
