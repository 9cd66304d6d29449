#include "core/algorithms/algorithms.h"
#include "core/algorithms/multiplicative_divergence.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/weighted_multiplicative.h"

#include <memory>

namespace nmf
{

namespace
{

/// U ← U ∘ (V F) ⊘ (U FᵀF). An entry that reached zero would never move again, so none falls below a floor far under
/// anything that shows (Takahashi & Hibi 2014).
template <class Scalar>
Steps<Scalar> makeMultiplicative(const Values&, const Work<Scalar>& work)
{
    if (work.known)
        return multiplyWeighted(work);
    if (!work.divergence.quadratic())
        return multiplyForDivergence(work);
    const Scalar floor = smallestEntry(work);
    const auto denominators =
        std::make_shared<std::vector<Matrix<Scalar>>>(static_cast<std::size_t>(work.blocks.threads()));
    const Index rows = std::max(partition(work.factors.W.rows()).step, partition(work.factors.Ht.rows()).step);
    for (Matrix<Scalar>& denominator : *denominators)
        denominator.resize(rows, work.factors.rank());
    Steps<Scalar> steps = alternateQuadratic<Scalar>(
        work, [denominators, floor](Side, const Matrix<Scalar>& G, Scalar l1, const Eigen::Ref<const Matrix<Scalar>>& C,
                                    Eigen::Ref<Matrix<Scalar>> U, int thread) {
            auto D = (*denominators)[static_cast<std::size_t>(thread)].topRows(U.rows());
            D.noalias() = U * G;
            D.array() += l1;
            // Where the denominator is zero the entry has no influence and stays.
            U.array() = (D.array() > tiny<Scalar>)
                            .select(U.array() * C.array() / D.array().max(tiny<Scalar>), U.array())
                            .max(floor);
        });
    steps.floor = floor;
    return steps;
}

} // namespace

Algorithm multiplicativeUpdates()
{
    return {.facts = {.id = "mu",
                      .name = "Multiplicative updates",
                      .summary = "Multiplies every entry by a ratio that is one at the optimum. Slow and steady; "
                                 "serves every loss.",
                      .source = "Lee & Seung 2001; Févotte & Idier 2011"},
            .monotone = true,
            .refuses = [](const Divergence&) { return std::string(); },
            // The usual rule is sure to descend for β ≥ 2 only; for β = 1 there is an exact one.
            .refusesPenalty =
                [](const Divergence& divergence, const Penalty& penalty) {
                    return divergence.kullbackLeibler() || divergence.beta >= 2
                               ? std::string()
                               : ifQuadraticPenalty(divergence, penalty);
                },
            .servesWeights = true,
            .make = {makeMultiplicative<float>, makeMultiplicative<double>}};
}

} // namespace nmf
