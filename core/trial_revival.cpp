#include "core/trial_revival.h"

#include "core/zeros.h"

#include <algorithm>
#include <cmath>

namespace nmf
{

namespace
{

/// A revival must take away this much for each entry to be fitted, which are near one as divided: less is what rounding
/// has left over.
constexpr double worthwhile = 1e-10;
/// How many multiplications a walk over the model may cost.
constexpr double affordable = 1e11;
/// A model of zero stands for the smallest that the passes tell from it.
constexpr double smallest = 1e-30;
/// The coefficients are tried so often, each time a quarter of what they were.
constexpr int mostTrials = 8;

/// Calls visit(row, v, x, weight) for every entry of a column that is to be fitted.
template <class Scalar, class Visit>
void visitColumn(const Work<Scalar>& work, const Factors<double>& factors, Index column, const Visit& visit)
{
    const Vector<double> x = (factors.W * factors.Ht.row(column).transpose()).cwiseMax(smallest);
    if (work.known) {
        const KnownLine line = work.known->line(Side::Coefficients, column);
        std::size_t next = 0, left = 0;
        for (Index row = 0; line.zerosKnown && row < x.size(); ++row) {
            next += next < line.size() && line.indices[next] < row;
            left += left < line.leftOut.size() && line.leftOut[left] < row;
            const bool listed = next < line.size() && line.indices[next] == row;
            if (!listed && !(left < line.leftOut.size() && line.leftOut[left] == row))
                visit(row, 0.0, x(row), 1.0);
        }
        for (std::size_t i = 0; i < line.size(); ++i)
            visit(Index{line.indices[i]}, line.values[i], x(line.indices[i]), line.weight(i));
        return;
    }
    const Matrix<Scalar> v = work.V.columns(column, 1);
    for (Index row = 0; row < v.rows(); ++row)
        visit(row, static_cast<double>(v(row, 0)), x(row), 1.0);
}

/// One number for each column of V.
template <class Scalar, class Number>
Vector<double> overColumns(const Work<Scalar>& work, const Number& number)
{
    Vector<double> numbers(work.V.cols());
    const Partition strips{work.V.cols(), 16};
    work.blocks.run(strips.count(), [&](Index strip, int) {
        for (Index column = strips.first(strip); column < strips.first(strip) + strips.size(strip); ++column)
            numbers(column) = number(column);
    });
    return numbers;
}

template <class Scalar>
Vector<double> worstColumn(const Work<Scalar>& work, const Factors<double>& factors)
{
    const Vector<double> losses = overColumns(work, [&](Index column) {
        double sum = 0;
        visitColumn(work, factors, column,
                    [&](Index, double v, double x, double weight) { sum += weight * work.divergence(v, x); });
        return sum;
    });
    Index worst = 0;
    losses.maxCoeff(&worst);
    if (!work.known)
        return work.V.columns(worst, 1).template cast<double>();
    // What is unknown is taken for as large as what is known, however it is marked in V.
    const KnownLine line = work.known->line(Side::Coefficients, worst);
    double sum = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
        sum += line.weight(i) > 0 ? line.values[i] : 0.0;
    const Index known =
        line.zerosKnown ? work.V.rows() - static_cast<Index>(line.leftOut.size()) : static_cast<Index>(line.size());
    const double mean = sum / static_cast<double>(std::max<Index>(known, 1));
    Vector<double> w = Vector<double>::Constant(work.V.rows(), line.zerosKnown ? 0.0 : mean);
    for (std::size_t i = 0; i < line.size(); ++i)
        w(line.indices[i]) = line.values[i];
    for (const int row : line.leftOut)
        w(row) = mean;
    return w;
}

/// For each column one step of Newton's method from zero, the curvature taken for at least as large as it is.
template <class Scalar>
Vector<double> firstSteps(const Work<Scalar>& work, const Factors<double>& factors, const Vector<double>& w)
{
    const double beta = work.divergence.beta;
    return overColumns(work, [&](Index column) {
        double slope = 0, curvature = 0;
        visitColumn(work, factors, column, [&](Index row, double v, double x, double weight) {
            slope += weight * w(row) * work.divergence.slope(v, x);
            curvature +=
                weight * w(row) * w(row) * std::pow(x, beta - 3) * (std::abs(beta - 1) * x + std::abs(beta - 2) * v);
        });
        const double step = -slope / curvature;
        return step > 0 && std::isfinite(step) ? step : 0.0;
    });
}

template <class Scalar>
double countedEntries(const Work<Scalar>& work)
{
    return work.known ? static_cast<double>(work.known->entries())
                      : static_cast<double>(work.V.rows()) * static_cast<double>(work.V.cols());
}

/// Both halves of equal norm, or as the penalties are smallest.
Factors<double> shared(const Vector<double>& w, const Vector<double>& h, const Penalty& onW, const Penalty& onH)
{
    const double root = std::sqrt(h.norm());
    Factors<double> born{w * root, h / root};
    if (!onW.none() && !onH.none())
        scaleColumns(born, bestBalance(born, onW, onH));
    return born;
}

} // namespace

template <class Scalar>
bool reviveByTrial(const Work<Scalar>& work, Index component)
{
    Factors<Scalar>& factors = work.factors;
    const double entries = countedEntries(work);
    if (entries * static_cast<double>(factors.rank()) > affordable)
        return false;
    const Factors<double> present{factors.W.template cast<double>(), factors.Ht.template cast<double>()};
    Vector<double> w = worstColumn(work, present);
    if (!(w.norm() > 0))
        return false;
    w.normalize();
    const Vector<double> h = firstSteps(work, present, w);
    if (!(h.norm() > 0))
        return false;
    const Vector<Scalar> deadW = factors.W.col(component), deadH = factors.Ht.col(component);
    const double before = fitOf(work).objective;
    double share = 1;
    for (int trial = 0; trial < mostTrials; ++trial, share /= 4) {
        const Factors<double> born = shared(w, share * h, work.onW, work.onH);
        factors.W.col(component) = born.W.template cast<Scalar>();
        factors.Ht.col(component) = born.Ht.template cast<Scalar>();
        if (before - fitOf(work).objective > worthwhile * entries)
            return true;
    }
    factors.W.col(component) = deadW;
    factors.Ht.col(component) = deadH;
    return false;
}

template bool reviveByTrial(const Work<float>&, Index);
template bool reviveByTrial(const Work<double>&, Index);

} // namespace nmf
