#include "core/penalty_terms.h"

#include <limits>

namespace nmf
{

namespace
{

double sumOf(const Matrix<double>& factor)
{
    return factor.sum();
}

double halfSquaredNorm(const Matrix<double>& factor)
{
    return factor.squaredNorm() / 2;
}

constexpr double largest = std::numeric_limits<double>::max();

} // namespace

double PenaltyTerm::price(const Options& options, const Factors<double>& factors) const
{
    // A weight of zero costs nothing however large the factor.
    return of(options) == 0 ? 0 : of(options) * norm(on == &Options::onW ? factors.W : factors.Ht);
}

const std::vector<PenaltyTerm>& penaltyTerms()
{
    static const std::vector<PenaltyTerm> table{
        {{"l1-w", "L1 on W", "Weight of ‖W‖₁ in the objective: makes small entries of W zero.", 0, 0, largest},
         "L1",
         &Options::onW,
         &Penalty::l1,
         sumOf},
        {{"l1-h", "L1 on H", "Weight of ‖H‖₁ in the objective: makes small entries of H zero.", 0, 0, largest},
         "L1",
         &Options::onH,
         &Penalty::l1,
         sumOf},
        {{"l2-w", "L2 on W", "Weight of ½‖W‖²F in the objective: keeps large entries of W small.", 0, 0, largest},
         "L2",
         &Options::onW,
         &Penalty::l2,
         halfSquaredNorm},
        {{"l2-h", "L2 on H", "Weight of ½‖H‖²F in the objective: keeps large entries of H small.", 0, 0, largest},
         "L2",
         &Options::onH,
         &Penalty::l2,
         halfSquaredNorm}};
    return table;
}

} // namespace nmf
