#include "ui/model/reconstruction.h"

#include "core/transform.h"

#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

/// Products with W of so many entries take a millisecond or two.
constexpr Index quickEntries = 1'000'000;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Vector<double> withoutUnknown(Vector<double> values, const Vector<double>& weights)
{
    return (weights.array() > 0).select(values, unknown);
}

double at(const std::map<Index, double>& weights, Index component, double otherwise)
{
    const auto found = weights.find(component);
    return found == weights.end() ? otherwise : found->second;
}

/// The one sample as data of its own, unknown entries as NaN.
Dataset alone(const Dataset& dataset, const Options& options, Index sample)
{
    const KnownColumn column = ui::knownColumn(dataset, options, sample);
    Dataset single;
    single.title = dataset.title;
    single.features = dataset.features;
    single.V = Matrix<double>(withoutUnknown(column.values, column.weights));
    if (dataset.weights)
        single.weights = Matrix<double>(column.weights);
    return single;
}

} // namespace

Vector<double> Reconstruction::knownColumn() const
{
    return withoutUnknown(column.values, column.weights);
}

Vector<double> Reconstruction::knownModel() const
{
    return withoutUnknown(model, column.weights);
}

Vector<double> Reconstruction::residual() const
{
    return withoutUnknown(column.values - model, column.weights);
}

Reconstruction reconstructionOf(std::shared_ptr<const Snapshot> snapshot, Index sample, const PartEdits& edits,
                                const std::vector<Index>& orderBefore)
{
    const Matrix<double>&W = *snapshot->W, &Ht = *snapshot->Ht;
    Reconstruction made;
    made.snapshot = snapshot;
    made.sample = sample;
    made.column = ui::knownColumn(*snapshot->dataset, snapshot->options, sample);
    const Vector<double> found = snapshot->scaledHt->row(sample);
    // While a run goes on, parts change places only where they are clearly out of order.
    const std::vector<double> sizes(found.begin(), found.end());
    const std::vector<Index> order = steadyOrder(snapshot->resting ? std::vector<Index>() : orderBefore, sizes);
    const Index most = edits.first.value_or(W.cols());
    Vector<double> factors = Vector<double>::Zero(W.cols());
    for (const Index a : order) {
        SamplePart part{.component = a, .weight = at(edits.weights, a, found(a)), .found = found(a)};
        part.on = static_cast<Index>(made.parts.size()) < most && !edits.off.contains(a);
        const double norm = part.weight == part.found ? 1 : W.col(a).norm();
        if (part.on)
            factors(a) = part.weight == part.found ? Ht(sample, a) : norm > 0 ? part.weight / norm : 0;
        made.parts.push_back(part);
    }
    made.model = W * factors;
    made.error = relativeError(made.column, made.model);
    made.foundError = edits == PartEdits() ? made.error : relativeError(made.column, W * Ht.row(sample).transpose());
    return made;
}

std::map<Index, double> bestWeights(const Snapshot& snapshot, Index sample, const std::set<Index>& off,
                                    const std::stop_token& stop)
{
    Options options = snapshot.options;
    // What the one column leaves unknown is marked in it, and what holds for all of H at once does not hold for it.
    options.nanUnknown = true;
    options.unstoredUnknown = false;
    options.lockH = {};
    options.heldOut = 0;
    Matrix<double> W = *snapshot.W;
    for (const Index a : off)
        W.col(a).setZero();
    const Transformed found = transform(alone(*snapshot.dataset, snapshot.options, sample), W, options, stop);
    std::map<Index, double> weights;
    for (Index a = 0; a < W.cols(); ++a)
        if (!off.contains(a))
            weights[a] = found.Ht(0, a) * W.col(a).norm();
    return weights;
}

Reconstructor::Reconstructor(QObject* parent) : QObject(parent)
{
    connect(&m_maker, &Worker::finished, this, &Reconstructor::startNext);
    connect(&m_maker, &Worker::failed, this, &Reconstructor::failed);
    connect(&m_solver, &Worker::failed, this, &Reconstructor::failed);
}

void Reconstructor::ask(std::shared_ptr<const Snapshot> snapshot, Index sample, const PartEdits& edits)
{
    const bool quick = snapshot->W->size() <= quickEntries;
    m_next = [snapshot = std::move(snapshot), sample, edits, order = m_order] {
        return reconstructionOf(snapshot, sample, edits, order);
    };
    if (quick)
        tell(std::exchange(m_next, {})());
    else if (!m_maker.busy())
        startNext();
}

void Reconstructor::startNext()
{
    if (!m_next)
        return;
    m_maker.start([this, make = std::exchange(m_next, {})](const std::stop_token&, const Worker::Tell& told) {
        auto made = std::make_shared<Reconstruction>(make());
        told([this, made] { tell(std::move(*made)); });
    });
}

void Reconstructor::tell(Reconstruction reconstruction)
{
    m_order.clear();
    for (const SamplePart& part : reconstruction.parts)
        m_order.push_back(part.component);
    emit made(std::make_shared<const Reconstruction>(std::move(reconstruction)));
}

void Reconstructor::solve(std::shared_ptr<const Snapshot> snapshot, Index sample, const std::set<Index>& off)
{
    m_solver.start(
        [this, snapshot = std::move(snapshot), sample, off](const std::stop_token& stop, const Worker::Tell& told) {
            const std::map<Index, double> weights = bestWeights(*snapshot, sample, off, stop);
            told([this, weights] { emit solved(weights); });
        });
}

void Reconstructor::forget()
{
    m_next = {};
    m_order.clear();
    const auto nothing = [](const std::stop_token&, const Worker::Tell&) {};
    if (m_maker.busy())
        m_maker.start(nothing);
    if (m_solver.busy())
        m_solver.start(nothing);
}

} // namespace nmf::ui
