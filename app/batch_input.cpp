#include "app/batch_input.h"

#include "app/batch_options.h"
#include "core/error.h"
#include "core/samples/samples.h"
#include "ui/model/image_format.h"
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

Dataset read(const QString& input, bool transpose, const LoadControl& control)
{
    Dataset dataset = input.startsWith("sample:") ? sampleNamed(input.mid(7).toStdString()).make(1)
                      : isSessionPath(input)      ? *readSession(pathOf(input), control).dataset
                                                  : open(pathOf(input), control);
    return transpose ? dataset.transposed() : dataset;
}

std::shared_ptr<const Dataset> readAll(const QString& input, bool transpose, const std::filesystem::path& weights,
                                       const Repairs& repairs, const LoadControl& control)
{
    Dataset dataset = read(input, transpose, control);
    if (!weights.empty()) {
        const Dataset table = open(weights, control);
        dataset.weights = transpose ? table.V.transposed() : table.V;
    }
    return std::make_shared<const Dataset>(repaired(dataset, repairs));
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
