#include "core/measures/agreement.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace nmf
{

ClassAgreement agreementOf(std::span<const int> labels, std::span<const std::string> classes)
{
    if (labels.size() != classes.size() || labels.empty())
        throw Error("There are " + std::to_string(classes.size()) + " known classes for " +
                    std::to_string(labels.size()) + " samples: each sample needs one.");
    std::map<std::string, int> total;
    std::map<int, std::map<std::string, int>> clusters;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        ++total[classes[sample]];
        ++clusters[labels[sample]][classes[sample]];
    }
    ClassAgreement agreement{.classes = static_cast<int>(total.size())};
    double entropy = 0;
    for (const auto& [label, counts] : clusters) {
        int size = 0, most = 0;
        for (const auto& [name, count] : counts) {
            size += count;
            most = std::max(most, count);
        }
        agreement.purity += most;
        for (const auto& [name, count] : counts)
            entropy -= count * std::log2(static_cast<double>(count) / size);
    }
    const auto samples = static_cast<double>(labels.size());
    agreement.purity /= samples;
    // Of one class alone nothing can be mixed.
    if (agreement.classes > 1)
        agreement.entropy = entropy / samples / std::log2(static_cast<double>(agreement.classes));
    return agreement;
}

} // namespace nmf
