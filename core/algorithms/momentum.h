#pragma once

#include "core/blocks.h"
#include "core/matrix.h"

#include <cmath>

namespace nmf
{

/// How far to go on in the direction of the last step (Nesterov's sequence). It begins with nothing, and grows bolder.
class Momentum
{
public:
    double next()
    {
        const double following = (1 + std::sqrt(1 + 4 * m_time * m_time)) / 2;
        const double boldness = (m_time - 1) / following;
        m_time = following;
        return boldness;
    }
    void lose() { m_time = 1; }

private:
    double m_time = 1;
};

/// Moves U on from where it was before: an entry that grew grows on by the same difference, one that shrank shrinks on
/// by the same difference of its inverse, so that all stay above zero. Keeps U's old numbers in `before`.
template <class Scalar>
void moveOn(Matrix<Scalar>& U, Matrix<Scalar>& before, double boldness, Blocks& blocks)
{
    const auto bold = static_cast<Scalar>(boldness);
    const Partition parts = partition(U.rows());
    blocks.run(parts.count(), [&](Index part, int) {
        for (Index a = 0; a < U.cols(); ++a) {
            Scalar* now = U.col(a).data() + parts.first(part);
            Scalar* old = before.col(a).data() + parts.first(part);
            for (Index i = 0; i < parts.size(part); ++i) {
                const Scalar here = now[i], growth = bold * (here - old[i]);
                // A zero has no inverse and stays.
                const Scalar divisor = here - growth > tiny<Scalar> ? here - growth : Scalar(1);
                now[i] = growth > 0 ? here + growth : here * (here / divisor);
                old[i] = here;
            }
        }
    });
}

} // namespace nmf
