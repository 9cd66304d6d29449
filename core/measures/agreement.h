#pragma once

#include <span>
#include <string>
#include <vector>

namespace nmf
{

/// How the samples' strongest components agree with classes that are known of them (Kim & Park 2007).
struct ClassAgreement
{
    double purity = 0;  ///< the share of samples in their cluster's most frequent class
    double entropy = 0; ///< of the classes within the clusters, weighted by their sizes: 0 if each has one class only,
                        ///< 1 if all have all classes alike
    int classes = 0;
};

/// `labels`: of the samples, by labelsOf(); `classes`: what is known of them. Throws Error if there are not as many, or
/// none.
ClassAgreement agreementOf(std::span<const int> labels, std::span<const std::string> classes);

} // namespace nmf
