#include "core/zeros.h"

#include "core/algorithms/divergence_pass.h"
#include "core/algorithms/quadratic_pass.h"
#include "core/algorithms/weighted_pass.h"
#include "core/gradient.h"

namespace nmf
{

namespace
{

/// What an entry that is lifted becomes, as a multiple of the floor: a millionth of a factor's natural size, or less if
/// the objective does not bear that.
constexpr double lifts[] = {1e10, 1e7, 1e4};
/// Up to so many times the floor an entry is at the floor: scaling the halves of components moves it a little.
constexpr int nearFloor = 2;
/// At the end of a run an entry up to so many times higher that is not to grow counts as there: one that was lifted in
/// vain comes down over many iterations.
constexpr int onTheWay = 50;

template <class Scalar>
Matrix<Scalar>& factorOf(const Work<Scalar>& work, Side side)
{
    return side == Side::Basis ? work.factors.W : work.factors.Ht;
}

template <class Scalar>
bool isAtFloor(Scalar entry, Scalar floor)
{
    return entry > 0 && entry <= nearFloor * floor;
}

template <class Scalar, class Places, class NewValue>
void replace(Matrix<Scalar>& U, const Places& places, const NewValue& newValue)
{
    for (const auto& [at, before] : places)
        U.data()[at] = newValue(before);
}

} // namespace

template <class Scalar>
Fit fitOf(const Work<Scalar>& work)
{
    if (work.known)
        return alternateWeighted<Scalar>(work, {}).fit();
    if (work.divergence.quadratic())
        return alternateQuadratic<Scalar>(work, {}).fit();
    DivergencePass<Scalar> pass(work, false);
    pass.run(work.factors.W, work.factors.Ht, {.fit = true});
    return pass.fit();
}

/// The entries at the floor, as places in the memory of the factor: those with a negative derivative (`falling`), or
/// the others.
template <class Scalar>
typename Zeros<Scalar>::Places Zeros<Scalar>::atFloor(const Work<Scalar>& work, Side side, Scalar floor, bool falling)
{
    const Matrix<Scalar>& U = factorOf(work, side);
    const Penalty& penalty = side == Side::Basis ? work.onW : work.onH;
    const Factors<double> factors{work.factors.W.template cast<double>(), work.factors.Ht.template cast<double>()};
    const Gradient<Scalar> gradient(work.V, factors, work.divergence, work.known);
    const Partition strips{U.rows(), gradient.width(side)};
    std::vector<Places> found(static_cast<std::size_t>(strips.count()));
    work.blocks.run(strips.count(), [&](Index strip, int) {
        const Index first = strips.first(strip), count = strips.size(strip);
        const auto rows = U.middleRows(first, count);
        if (!rows.unaryExpr([&](Scalar entry) { return isAtFloor(entry, floor); }).any())
            return;
        const Matrix<double> slope = gradient(side, first, count);
        for (Index a = 0; a < U.cols(); ++a)
            for (Index i = 0; i < count; ++i)
                if (const Scalar entry = rows(i, a);
                    isAtFloor(entry, floor) &&
                    (slope(i, a) + penalty.l1 + penalty.l2 * static_cast<double>(entry) < 0) == falling)
                    found[static_cast<std::size_t>(strip)].emplace_back(first + i + a * U.rows(), entry);
    });
    Places all;
    for (const Places& some : found)
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

template <class Scalar>
bool Zeros<Scalar>::lift(const Work<Scalar>& work, Scalar floor)
{
    const auto hasSome = [&](const Matrix<Scalar>& U) {
        for (Index i = 0; i < U.size(); ++i)
            if (isAtFloor(U.data()[i], floor))
                return true;
        return false;
    };
    const bool inW = hasSome(work.factors.W), inH = hasSome(work.factors.Ht);
    if (!inW && !inH)
        return false;
    const Places W = inW ? atFloor(work, Side::Basis, floor, true) : Places();
    const Places Ht = inH ? atFloor(work, Side::Coefficients, floor, true) : Places();
    if (W.empty() && Ht.empty())
        return false;
    const double before = fitOf(work).objective;
    const auto put = [&](const auto& newValue) {
        replace(work.factors.W, W, newValue);
        replace(work.factors.Ht, Ht, newValue);
    };
    for (const double lift : lifts) {
        put([&](Scalar) { return static_cast<Scalar>(lift) * floor; });
        if (fitOf(work).objective < before)
            return true;
    }
    put([](Scalar entry) { return entry; });
    return false;
}

template <class Scalar>
std::optional<Fit> Zeros<Scalar>::settle(const Work<Scalar>& work, Scalar floor)
{
    m_W = atFloor(work, Side::Basis, onTheWay * floor, false);
    m_Ht = atFloor(work, Side::Coefficients, onTheWay * floor, false);
    if (m_W.empty() && m_Ht.empty())
        return {};
    const double before = fitOf(work).objective;
    const auto zero = [](Scalar) { return Scalar(0); };
    replace(work.factors.W, m_W, zero);
    replace(work.factors.Ht, m_Ht, zero);
    const Fit fit = fitOf(work);
    // All at once they may still be more than nothing; and sums round.
    constexpr double rounding = 1e-12;
    if (fit.objective <= before + rounding * std::abs(before))
        return fit;
    unsettle(work.factors);
    return {};
}

template <class Scalar>
void Zeros<Scalar>::unsettle(Factors<Scalar>& factors)
{
    const auto back = [](Scalar entry) { return entry; };
    replace(factors.W, m_W, back);
    replace(factors.Ht, m_Ht, back);
    forget();
}

template class Zeros<float>;
template class Zeros<double>;
template Fit fitOf(const Work<float>&);
template Fit fitOf(const Work<double>&);

} // namespace nmf
