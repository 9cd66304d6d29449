#include "core/simplex.h"

#include <limits>

namespace nmf
{

void projectOnSimplex(Eigen::Ref<Vector<double>> x, double sum)
{
    if (x.size() == 0)
        return;
    // Seen from the largest entry the threshold is never above all of them, however large they are beside the sum.
    x.array() -= x.maxCoeff();
    double threshold = -std::numeric_limits<double>::infinity();
    for (Index before = -1, count = 0; count != before;) {
        before = count;
        count = 0;
        double total = 0;
        for (const double value : x)
            if (value > threshold) {
                ++count;
                total += value;
            }
        threshold = (total - sum) / static_cast<double>(count);
    }
    x = (x.array() - threshold).max(0.0);
    x *= sum / x.sum();
}

} // namespace nmf
