#pragma once

#include "core/choice.h"
#include "core/error.h"
#include "core/factors.h"
#include "core/losses/divergence.h"
#include "core/precision.h"
#include "core/random_numbers.h"
#include "core/solver_data.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

namespace nmf
{

/// What a start is made from. Everything is as divided by SolverData::scale().
template <class Scalar>
struct StartRequest
{
    const SolverData<Scalar>& V;
    Index rank;
    std::uint64_t seed;
    Blocks& blocks;
    std::stop_token stop;
    Divergence divergence = {}; ///< the loss that will be minimised
};

template <class Scalar>
using MakeStart = std::function<Factors<Scalar>(const Values&, const StartRequest<Scalar>&)>;

/// A way to begin. One file of code, one line in the table.
struct Initializer
{
    Facts facts;
    bool usesSeed = true;
    /// Has at most min(m, n) components of its own, and adds small random ones.
    bool endsAtTheSmallerSide = false;
    ForBoth<MakeStart> make; ///< throws Cancelled when asked to stop
};

Initializer nndsvd();
Initializer nndsvda();
Initializer nndsvdar();
Initializer lowRankCorrection();
Initializer separable();
Initializer kMeans();
Initializer randomColumns();
Initializer randomStart();
Initializer bestOfSeveral();
Initializer compressed();

const std::vector<Initializer>& initializers();

/// Why a run begins from the standard one, as a sentence.
std::string automaticStartReason();

/// How random entries are spread: |N(0,1)| (scikit-learn's law) or uniformly from 0 to 1.
enum class Law { Normal, Uniform };

/// One of them; what it is depends on the numbers and the index alone.
double drawn(Law law, const RandomNumbers& random, std::uint64_t index);

/// W and Hᵀ with an entry of this law times √(mean(V)/k) each; entry (i, a) depends on (seed, i, a) alone.
template <class Scalar>
Factors<Scalar> randomFactors(const StartRequest<Scalar>& request, Law law = Law::Normal);

/// Lets the user choose it, and what was chosen.
Parameter lawParameter();
Law lawOf(const Facts& facts, const Values& values);

/// A start of fewer components than asked for, followed by small random ones.
template <class Scalar>
Factors<Scalar> padded(const StartRequest<Scalar>& request, const Factors<double>& known);

} // namespace nmf
