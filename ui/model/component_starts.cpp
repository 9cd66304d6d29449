#include "core/error.h"
#include "ui/model/component_edits.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nmf::ui
{

namespace
{

/// What is left of a sample: v − x of its known entries, zero elsewhere, and how much each counts.
struct Rest
{
    Vector<double> values, counts;
};

Rest restOf(const Dataset& dataset, const Options& options, const Factors<double>& factors, Index sample)
{
    const Vector<double> model = factors.W * factors.Ht.row(sample).transpose();
    const Index m = model.size();
    Rest rest{Vector<double>::Zero(m), Vector<double>::Ones(m)};
    if (options.unstoredUnknown)
        rest.counts.setZero();
    else
        rest.values = -model;
    dataset.V.visitStored(sample, [&](Index row, double value) {
        const bool known = !std::isnan(value);
        rest.values(row) = known ? value - model(row) : 0;
        rest.counts(row) = known ? 1 : 0;
    });
    if (dataset.weights)
        rest.counts = rest.counts.cwiseProduct(dataset.weights->column(sample));
    return rest;
}

void check(const std::stop_token& stop)
{
    if (stop.stop_requested())
        throw Cancelled();
}

/// The factors with another column of W in place of a component, and for each sample the coefficient that fits best
/// what the other components leave: h = [Σω w r]₊ / Σω w².
ComponentEdit withColumn(const Dataset& dataset, const Options& options, Factors<double> factors, Index component,
                         const Vector<double>& w, const std::stop_token& stop)
{
    factors.W.col(component).setZero();
    Vector<double> h(factors.Ht.rows());
    for (Index j = 0; j < h.size(); ++j) {
        check(stop);
        const Rest rest = restOf(dataset, options, factors, j);
        const double size = rest.counts.dot(w.cwiseAbs2());
        h(j) = size > 0 ? std::max(0.0, rest.counts.cwiseProduct(w).dot(rest.values)) / size : 0;
    }
    ComponentEdit edit = unchanged(factors);
    edit.factors.W.col(component) = w;
    edit.factors.Ht.col(component) = h;
    edit.origin[static_cast<std::size_t>(component)] = -1;
    return edit;
}

Factors<double> without(Factors<double> factors, Index component)
{
    factors.W.col(component).setZero();
    return factors;
}

/// Factors that leave all of the data.
Factors<double> nothingLike(Factors<double> factors)
{
    factors.W.setZero();
    return factors;
}

/// For each feature the mean of what is left of the samples in which it is known, as far as it is positive.
Vector<double> meanRest(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                        const std::stop_token& stop)
{
    Vector<double> sum = Vector<double>::Zero(factors.W.rows()), counts = sum;
    for (Index j = 0; j < factors.Ht.rows(); ++j) {
        check(stop);
        const Rest rest = restOf(dataset, options, factors, j);
        sum += rest.counts.cwiseProduct(rest.values.cwiseMax(0.0));
        counts += rest.counts;
    }
    return (counts.array() > 0).select(sum.array() / counts.array().max(tiny<double>), 0.0).matrix();
}

} // namespace

Index worstExplained(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                     const std::stop_token& stop)
{
    Index worst = 0;
    double most = -1;
    for (Index j = 0; j < factors.Ht.rows(); ++j) {
        check(stop);
        const Rest rest = restOf(dataset, options, factors, j);
        if (const double error = rest.counts.dot(rest.values.cwiseAbs2()); error > most) {
            most = error;
            worst = j;
        }
    }
    return worst;
}

ComponentEdit begunFromRest(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                            Index component, Index sample, const std::stop_token& stop)
{
    const Rest rest = restOf(dataset, options, without(factors, component), sample);
    const Vector<double> w = (rest.counts.array() > 0).select(rest.values.array().max(0.0), 0.0).matrix();
    if (!(w.maxCoeff() > 0))
        throw Error("The other parts leave nothing of " + dataset.samples.label(sample) + ", from which part " +
                    std::to_string(component + 1) + " could begin anew: choose another sample.");
    return withColumn(dataset, options, factors, component, w, stop);
}

ComponentEdit begunFromSample(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, Index sample, const std::stop_token& stop)
{
    const Rest all = restOf(dataset, options, nothingLike(factors), sample);
    const Vector<double> w = (all.counts.array() > 0).select(all.values.array(), 0.0).matrix();
    if (!(w.maxCoeff() > 0))
        throw Error("All that is known of " + dataset.samples.label(sample) +
                    " is zero, and no part can begin from that: choose another sample.");
    return withColumn(dataset, options, factors, component, w, stop);
}

ComponentEdit begunFromRegion(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, std::span<const Index> region, const std::stop_token& stop)
{
    const Vector<double> left = meanRest(dataset, options, without(factors, component), stop);
    Vector<double> w = Vector<double>::Zero(left.size());
    for (const Index feature : region)
        w(feature) = left(feature);
    const std::string part = "part " + std::to_string(component + 1);
    if (!(w.maxCoeff() > 0))
        throw Error("The other parts leave nothing in this region, from which " + part +
                    " could begin anew: choose another region.");
    ComponentEdit edit = withColumn(dataset, options, factors, component, w, stop);
    // Means of what is left here in some samples, there in others, may suit none of them.
    if (!(edit.factors.Ht.col(component).maxCoeff() > 0))
        throw Error("What the other parts leave in this region suits no sample as a whole, and " + part +
                    " cannot begin anew from it: choose a smaller region.");
    return edit;
}

Matrix<double> regionPictures(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, const std::stop_token& stop)
{
    Matrix<double> pictures(factors.W.rows(), static_cast<Index>(RegionPictures));
    pictures.col(LeftPicture) = meanRest(dataset, options, without(factors, component), stop);
    pictures.col(DataPicture) = meanRest(dataset, options, nothingLike(factors), stop);
    return pictures;
}

} // namespace nmf::ui
