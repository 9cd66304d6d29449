#include "ui/model/component_edits.h"

#include "core/algorithms/algorithms.h"
#include "core/error.h"
#include "core/factorize.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nmf::ui
{

namespace
{

/// The columns with these numbers.
Factors<double> columnsOf(const Factors<double>& factors, const std::vector<Index>& numbers)
{
    const auto count = static_cast<Index>(numbers.size());
    Factors<double> result{Matrix<double>(factors.W.rows(), count), Matrix<double>(factors.Ht.rows(), count)};
    for (Index i = 0; i < count; ++i) {
        result.W.col(i) = factors.W.col(numbers[static_cast<std::size_t>(i)]);
        result.Ht.col(i) = factors.Ht.col(numbers[static_cast<std::size_t>(i)]);
    }
    return result;
}

std::vector<Index> numbersUpTo(Index count)
{
    std::vector<Index> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), Index{0});
    return numbers;
}

std::vector<Index> numbersBut(Index count, Index without)
{
    std::vector<Index> numbers = numbersUpTo(count);
    numbers.erase(numbers.begin() + without);
    return numbers;
}

/// The numbers with a place for one more after a component.
std::vector<Index> numbersWithNext(Index count, Index component)
{
    std::vector<Index> numbers = numbersUpTo(count);
    numbers.insert(numbers.begin() + component + 1, component);
    return numbers;
}

std::string partName(Index component)
{
    return "Part " + std::to_string(component + 1);
}

} // namespace

ComponentEdit unchanged(const Factors<double>& factors)
{
    return {factors, numbersUpTo(factors.rank())};
}

ComponentEdit withoutComponent(const Factors<double>& factors, Index component)
{
    if (factors.rank() < 2)
        throw Error("The only part cannot be deleted: a factorization has at least one.");
    std::vector<Index> rest = numbersBut(factors.rank(), component);
    return {columnsOf(factors, rest), std::move(rest)};
}

ComponentEdit withCopy(const Factors<double>& factors, Index component)
{
    std::vector<Index> numbers = numbersWithNext(factors.rank(), component);
    ComponentEdit edit{columnsOf(factors, numbers), std::move(numbers)};
    edit.factors.Ht.middleCols(component, 2) /= 2;
    return edit;
}

ComponentEdit merged(const Factors<double>& factors, Index first, Index second)
{
    ComponentEdit edit = unchanged(factors);
    const Factors<double> two = columnsOf(factors, {first, second});
    // The best h lies in the span of both: h = Ht c, where c is the leading eigenvector of (WᵀW)(HtᵀHt). All of it is
    // non-negative, and so is c (Perron).
    const Eigen::Matrix2d both = (two.W.transpose() * two.W) * (two.Ht.transpose() * two.Ht);
    Eigen::Vector2d c(1, 1);
    constexpr int often = 200;
    for (int time = 0; time < often && both.norm() > 0; ++time)
        c = (both * c).normalized();
    const Vector<double> h = two.Ht * c;
    const double squared = h.squaredNorm();
    edit.factors.Ht.col(first) = h;
    edit.factors.W.col(first).setZero();
    if (squared > 0)
        edit.factors.W.col(first) = two.W * (two.Ht.transpose() * h) / squared;
    edit.origin[static_cast<std::size_t>(first)] = -1;
    const std::vector<Index> rest = numbersBut(factors.rank(), second);
    edit.factors = columnsOf(edit.factors, rest);
    edit.origin.erase(edit.origin.begin() + second);
    return edit;
}

namespace
{

/// [w h + V − WH]₊ of the stored entries; what is not stored stays so, for there w h − WH ≤ 0.
DataMatrix shareOf(const DataMatrix& V, const Factors<double>& others, const std::stop_token& stop)
{
    // A comparison that keeps NaN, which is for unknown entries.
    const auto rest = [](double v, double x) { return v - x < 0 ? 0 : v - x; };
    const auto check = [&] {
        if (stop.stop_requested())
            throw Cancelled();
    };
    if (V.isSparse()) {
        SparseMatrix<double> left = *V.sparse<double>();
        for (Index j = 0; j < left.cols(); ++j) {
            check();
            for (SparseMatrix<double>::InnerIterator entry(left, j); entry; ++entry)
                entry.valueRef() = rest(entry.value(), others.W.row(entry.row()).dot(others.Ht.row(j)));
        }
        return left;
    }
    Matrix<double> left = *V.dense<double>();
    for (Index j = 0; j < left.cols(); ++j) {
        check();
        const Vector<double> model = others.W * others.Ht.row(j).transpose();
        for (Index i = 0; i < left.rows(); ++i)
            left(i, j) = rest(left(i, j), model(i));
    }
    return left;
}

Options optionsOfSplit(const Options& options, bool weighted)
{
    Options small;
    small.rank = 2;
    // What is left has zeros, which not every loss may meet.
    small.algorithm = {automaticAlgorithm({}, weighted), {}};
    small.seed = options.seed;
    small.maxIterations = 100;
    small.nanUnknown = options.nanUnknown;
    small.unstoredUnknown = options.unstoredUnknown;
    small.heldOut = options.heldOut;
    small.heldOutSeed = options.heldOutSeed;
    small.threads = options.threads;
    return small;
}

} // namespace

ComponentEdit split(std::shared_ptr<const Dataset> dataset, const Options& options, const Factors<double>& factors,
                    Index component, const std::stop_token& stop)
{
    auto share = std::make_shared<Dataset>(*dataset);
    share->V = shareOf(dataset->V, columnsOf(factors, numbersBut(factors.rank(), component)), stop);
    const std::string refusal =
        partName(component) + " cannot be split: what it explains has one part only. Split another one.";
    if (!(factsOf(share->V).maximum > 0))
        throw Error(refusal);
    const Options small = optionsOfSplit(options, isWeighted(options, *dataset));
    const Result two = factorize(std::move(share), small, stop);
    if (stop.stop_requested())
        throw Cancelled();
    const std::vector<double> sizes = energies(two.factors);
    constexpr double nothing = 1e-9;
    if (!(std::min(sizes[0], sizes[1]) > nothing * std::max(sizes[0], sizes[1])))
        throw Error(refusal);
    std::vector<Index> numbers = numbersWithNext(factors.rank(), component);
    ComponentEdit edit{columnsOf(factors, numbers), std::move(numbers)};
    edit.factors.W.middleCols(component, 2) = two.factors.W;
    edit.factors.Ht.middleCols(component, 2) = two.factors.Ht;
    for (const Index part : {component, component + 1})
        edit.origin[static_cast<std::size_t>(part)] = -1;
    return edit;
}

ComponentEdit painted(const Factors<double>& factors, Index component, std::span<const PaintedEntry> entries)
{
    ComponentEdit edit = unchanged(factors);
    for (const PaintedEntry& entry : entries)
        edit.factors.W(entry.row, component) = entry.value;
    return edit;
}

} // namespace nmf::ui
