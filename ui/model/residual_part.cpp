#include "ui/model/residual_part.h"

#include "core/error.h"
#include "core/partial_start.h"
#include "ui/model/known_column.h"

namespace nmf::ui
{

namespace
{

/// [V_j − WH_j]₊ over the known entries.
Vector<double> positiveResidual(const Snapshot& snapshot, Index sample)
{
    const KnownColumn column = knownColumn(*snapshot.dataset, snapshot.options, sample);
    const Vector<double> model = *snapshot.W * snapshot.Ht->row(sample).transpose();
    return (column.weights.array() > 0).select((column.values - model).cwiseMax(0.0), 0.0);
}

/// The leading part of [V − WH]₊ over all samples; what is negative there decides its weights only.
Vector<double> leadingResidual(const Snapshot& snapshot, const Options& options, const std::stop_token& stop)
{
    return startWithParts(*snapshot.dataset, {.W = *snapshot.W, .Ht = *snapshot.Ht}, options, stop)
        ->W.col(snapshot.W->cols());
}

/// For each sample the weight of a part beside those that are there: ⟨w, V_j − WH_j⟩₊ / ⟨w, w⟩ over the known entries.
Vector<double> weightsBeside(const Snapshot& snapshot, const Vector<double>& w, const std::stop_token& stop)
{
    const Index n = snapshot.Ht->rows();
    Vector<double> weights(n);
    for (Index j = 0; j < n; ++j) {
        if (stop.stop_requested())
            throw Cancelled();
        const KnownColumn column = knownColumn(*snapshot.dataset, snapshot.options, j);
        const Vector<double> model = *snapshot.W * snapshot.Ht->row(j).transpose();
        const double along = (column.weights.array() * w.array() * (column.values - model).array()).sum();
        const double norm = (column.weights.array() * w.array().square()).sum();
        weights(j) = norm > 0 ? std::max(0.0, along / norm) : 0;
    }
    return weights;
}

/// Methods that multiply never leave an entry of zero.
Vector<double> lifted(const Vector<double>& values)
{
    constexpr double share = 1e-3;
    return values.cwiseMax(share * values.mean());
}

std::shared_ptr<const Factors<double>> withColumn(const Snapshot& snapshot, const Vector<double>& w,
                                                  const Vector<double>& h)
{
    const Index k = snapshot.W->cols();
    Factors<double> factors{Matrix<double>(snapshot.W->rows(), k + 1), Matrix<double>(snapshot.Ht->rows(), k + 1)};
    factors.W << *snapshot.W, w;
    factors.Ht << *snapshot.Ht, h;
    return std::make_shared<const Factors<double>>(std::move(factors));
}

/// A mask of single entries does not reach to the new column, which stays free.
void widen(FactorLock& lock)
{
    if (!lock.entries)
        return;
    Mask wider = Mask::Constant(lock.entries->rows(), lock.entries->cols() + 1, false);
    wider.leftCols(lock.entries->cols()) = *lock.entries;
    lock.entries = std::make_shared<const Mask>(std::move(wider));
}

} // namespace

Options withPartFromResidual(const Snapshot& snapshot, std::optional<Index> sample, const std::stop_token& stop)
{
    Options options = snapshot.options;
    ++options.rank;
    widen(options.lockW);
    widen(options.lockH);
    const Vector<double> w = sample ? positiveResidual(snapshot, *sample) : leadingResidual(snapshot, options, stop);
    const Vector<double> h = weightsBeside(snapshot, w, stop);
    if (!(w.maxCoeff() > 0 && h.maxCoeff() > 0))
        throw Error(sample ? "Nothing of this sample is left over: its parts make up at least all of it."
                           : "Nothing is left over: the parts make up at least all of the data.");
    options.start = withColumn(snapshot, lifted(w), lifted(h));
    return options;
}

ResidualPart::ResidualPart(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::failed, this, &ResidualPart::failed);
}

void ResidualPart::begin(std::shared_ptr<const Snapshot> snapshot, std::optional<Index> sample)
{
    m_worker.start(
        [this, snapshot = std::move(snapshot), sample](const std::stop_token& stop, const Worker::Tell& tell) {
            const Options options = withPartFromResidual(*snapshot, sample, stop);
            tell([this, snapshot, options] { emit ready(snapshot, options); });
        });
}

} // namespace nmf::ui
