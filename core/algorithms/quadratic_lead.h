#pragma once

#include "core/algorithms/steps.h"

namespace nmf
{

/// The first iterations of a slow loss: extrapolated HALS on the squared error, several looks at V for one iteration of
/// the other. From a start that is far from the data that comes near for a fraction of the time. Whether it is nearer
/// by the other loss too is for the caller to find out.
template <class Scalar>
class QuadraticLead
{
public:
    /// From the factors of `work`, which it leaves alone.
    explicit QuadraticLead(const Work<Scalar>& work);
    QuadraticLead(const QuadraticLead&) = delete;
    QuadraticLead& operator=(const QuadraticLead&) = delete;

    /// The two halves of an iteration.
    void moveCoefficients();
    void moveBasis();

    /// The factors now, kept off zero, where other losses are infinite.
    void copyTo(Factors<Scalar>& factors) const;

private:
    Factors<Scalar> m_factors;
    Steps<Scalar> m_steps;
};

} // namespace nmf
