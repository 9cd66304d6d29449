#include "ui/model/part_measures.h"

#include "core/measures/sparseness.h"
#include "core/measures/support.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

/// The cosines of all pairs of columns.
Matrix<double> cosines(const Matrix<double>& columns)
{
    Matrix<double> normed = columns;
    for (Index a = 0; a < normed.cols(); ++a)
        if (const double norm = normed.col(a).norm(); norm > 0)
            normed.col(a) /= norm;
    return normed.transpose() * normed;
}

std::vector<Index> chained(const Matrix<double>& W, std::vector<Index> order)
{
    const Matrix<double> likeness = cosines(W);
    for (std::size_t at = 1; at < order.size(); ++at) {
        // The first of equals is the largest: the rest keeps its order.
        const auto next = std::max_element(
            order.begin() + static_cast<std::ptrdiff_t>(at), order.end(),
            [&, last = order[at - 1]](Index a, Index b) { return likeness(last, a) < likeness(last, b); });
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(at), next, next + 1);
    }
    return order;
}

} // namespace

PartMeasures measuresOf(std::shared_ptr<const Matrix<double>> W, const std::vector<Index>& order)
{
    PartMeasures measures;
    for (Index a = 0; a < W->cols(); ++a)
        measures.sparseness.push_back(sparseness(W->col(a)));
    measures.support = supportShares(*W);
    measures.bySparseness = order;
    std::ranges::stable_sort(measures.bySparseness, std::greater<>{},
                             [&](Index a) { return measures.sparseness[static_cast<std::size_t>(a)]; });
    measures.bySimilarity = chained(*W, order);
    measures.W = std::move(W);
    return measures;
}

PartMeter::PartMeter(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::finished, this, [this] {
        if (m_next)
            begin(std::exchange(m_next, {}));
    });
}

void PartMeter::measure(const std::shared_ptr<const Snapshot>& snapshot)
{
    if (snapshot->W == std::exchange(m_asked, snapshot->W))
        return;
    if (m_worker.busy())
        m_next = snapshot;
    else
        begin(snapshot);
}

void PartMeter::begin(const std::shared_ptr<const Snapshot>& snapshot)
{
    m_worker.start([this, W = snapshot->W, order = snapshot->order](const std::stop_token&, const Worker::Tell& tell) {
        tell([this, measures = std::make_shared<const PartMeasures>(ui::measuresOf(W, order))] {
            m_measures = measures;
            emit measured();
        });
    });
}

const PartMeasures* PartMeter::measuresOf(const Snapshot& snapshot) const
{
    const bool suits =
        m_measures && m_measures->W->cols() == snapshot.W->cols() && m_measures->W->rows() == snapshot.W->rows();
    return suits ? m_measures.get() : nullptr;
}

} // namespace nmf::ui
