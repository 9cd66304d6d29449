#include "core/algorithms/algorithms.h"
#include "core/algorithms/quadratic_pass.h"

#include <memory>

namespace nmf
{

namespace
{

Facts descentFacts()
{
    return {.id = "gd",
            .name = "Gradient descent",
            .summary =
                "One step down the gradient for each factor in turn, of a length that is sure to descend; what is "
                "negative becomes zero. Slow and plain.",
            .source = "Goldstein 1964; Lin 2007",
            .parameters = {{.id = "step",
                            .name = "Step",
                            .help = "As a share of the longest one that needs no trial.",
                            .initial = 1,
                            .minimum = 1e-4,
                            .maximum = 1.9}}};
}

/// U ← [U − (step/L) (U G − C)]₊ with L at least the largest eigenvalue of G: descends for any step below 2.
template <class Scalar>
Steps<Scalar> makeDescent(const Values& values, const Work<Scalar>& work)
{
    const auto step = static_cast<Scalar>(valueOf(descentFacts(), values, "step"));
    const Index rows = std::max(partition(work.V.rows()).step, partition(work.V.cols()).step);
    const auto slopes = std::make_shared<std::vector<Matrix<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()),
                                                                      Matrix<Scalar>(rows, work.factors.rank()));
    return alternateQuadratic<Scalar>(work,
                                      [slopes, step](Side, const Matrix<Scalar>& G, Scalar l1,
                                                     const ConstMatrixRef<Scalar>& C, MatrixRef<Scalar> U, int thread) {
                                          const Scalar bound = G.cwiseAbs().rowwise().sum().maxCoeff();
                                          if (!(bound > tiny<Scalar>))
                                              return;
                                          auto slope = (*slopes)[static_cast<std::size_t>(thread)].topRows(U.rows());
                                          slope.noalias() = U * G;
                                          slope.array() += l1 - C.array();
                                          U = (U - step / bound * slope).cwiseMax(Scalar(0));
                                      });
}

} // namespace

Algorithm gradientDescent()
{
    return {.facts = descentFacts(),
            .monotone = true,
            .refuses = unlessQuadratic,
            .serves = [](const Divergence&, Demand demand, bool) { return servedByGram(demand); },
            .make = {makeDescent<float>, makeDescent<double>},
            .nature = "it steps along the slope and cuts off what is negative"};
}

} // namespace nmf
