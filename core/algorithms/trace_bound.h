#pragma once

#include "core/algorithms/quadratic_pass.h"

namespace nmf
{

/// Alternation under tr(WH) ≤ τ, the trace being Σ_i (WH)_ii over i < min(m, n). With a multiplier μ ≥ 0 the bound is
/// the same problem with V − μI in place of V. In each half-step μ is the one with which the rule, from where the
/// factor was, just keeps the bound; 0 where it keeps it by itself. A start that breaks the bound is scaled down to it.
/// The rule must give the same for the same input: its sweeps may not depend on what came before.
template <class Scalar>
Steps<Scalar> boundTrace(const Work<Scalar>& work, BlockRule<Scalar> rule);

} // namespace nmf
