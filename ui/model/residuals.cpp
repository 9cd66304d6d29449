#include "ui/model/residuals.h"

#include "core/error.h"
#include "ui/model/known_column.h"
#include "ui/model/size_counts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr Index samplesAtOnce = 16;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Counts numbers whose range is not known beforehand: equal steps on both sides of zero up to a power of two, which
/// are joined in pairs when a number lies beyond.
class Counts
{
public:
    void add(double value)
    {
        const double size = std::abs(value);
        if (size > 0 && m_reach == 0)
            m_reach = std::exp2(std::ceil(std::log2(size)));
        while (size > m_reach)
            widen();
        const auto step = m_reach > 0 ? static_cast<Index>(size / m_reach * steps) : Index{0};
        ++(value < 0 ? m_below : m_above)[static_cast<std::size_t>(std::min(step, steps - 1))];
    }

    /// In `bins` (odd, so that zero has one) steps as far as four times the root of the mean square.
    Residuals::Histogram histogram(double rootMeanSquare, Index bins) const
    {
        Residuals::Histogram result;
        result.reach = std::min(m_reach, 4 * rootMeanSquare);
        Matrix<double> counts = Matrix<double>::Zero(bins, 1);
        const auto put = [&](double value, double count) {
            if (std::abs(value) > result.reach) {
                result.beyond += static_cast<Index>(count);
                return;
            }
            const double share = result.reach > 0 ? (value / result.reach + 1) / 2 : 0.5;
            counts(std::min(bins - 1, static_cast<Index>(share * static_cast<double>(bins))), 0) += count;
        };
        for (Index step = 0; step < steps; ++step) {
            const double middle = (static_cast<double>(step) + 0.5) / steps * m_reach;
            put(middle, m_above[static_cast<std::size_t>(step)]);
            put(-middle, m_below[static_cast<std::size_t>(step)]);
        }
        result.counts = std::make_shared<const Matrix<double>>(std::move(counts));
        return result;
    }

private:
    static constexpr Index steps = 2048;

    void widen()
    {
        for (std::vector<double>* side : {&m_below, &m_above}) {
            std::vector<double> joined(static_cast<std::size_t>(steps), 0);
            for (std::size_t i = 0; i < joined.size(); ++i)
                joined[i / 2] += (*side)[i];
            *side = std::move(joined);
        }
        m_reach *= 2;
    }

    double m_reach = 0;
    std::vector<double> m_below = std::vector<double>(static_cast<std::size_t>(steps), 0), m_above = m_below;
};

/// Takes entries in, one after the other.
class Gathering
{
public:
    Gathering(std::shared_ptr<const Snapshot> snapshot, Index mostRows, Index mostColumns)
        : m_rows(snapshot->W->rows()), m_columns(snapshot->Ht->rows()),
          m_cells(Matrix<double>::Constant(std::min(m_rows, mostRows), std::min(m_columns, mostColumns), unknown)),
          m_places(static_cast<std::size_t>(m_cells.size())), m_ofSamples(Vector<double>::Zero(m_columns)),
          m_ofFeatures(Vector<double>::Zero(m_rows))
    {
        m_result.snapshot = std::move(snapshot);
    }

    void add(Index feature, Index sample, double value, double weight, double model)
    {
        const double residual = value - model, squared = weight * residual * residual;
        m_squared += squared;
        m_norm += weight * value * value;
        m_squaredPlain += residual * residual;
        ++m_count;
        m_ofSamples(sample) += squared;
        m_ofFeatures(feature) += squared;
        m_counts.add(residual);
        m_sizes.add(std::abs(residual));
        const Index row = feature * m_cells.rows() / m_rows, column = sample * m_cells.cols() / m_columns;
        double& cell = m_cells(row, column);
        if (std::isnan(cell) || std::abs(residual) > std::abs(cell)) {
            cell = residual;
            m_places[static_cast<std::size_t>(column * m_cells.rows() + row)] = {feature, sample};
        }
    }

    Residuals result()
    {
        constexpr Index bins = 81;
        const double meanSquare = m_count > 0 ? m_squaredPlain / static_cast<double>(m_count) : 0;
        m_result.histogram = m_counts.histogram(std::sqrt(meanSquare), bins);
        m_result.outliers = outliers();
        m_result.cells = std::make_shared<const Matrix<double>>(std::move(m_cells));
        m_result.places = std::move(m_places);
        m_result.ofSamples = std::make_shared<const Matrix<double>>(m_ofSamples.cwiseSqrt());
        m_result.ofFeatures = std::make_shared<const Matrix<double>>(m_ofFeatures.cwiseSqrt());
        m_result.relativeError = m_norm > 0 ? std::sqrt(m_squared / m_norm) : 0;
        return std::move(m_result);
    }

private:
    Residuals::Outliers outliers() const
    {
        // The standard deviation of a normal distribution whose median distance from zero is 1.
        constexpr double deviation = 1.4826;
        const double bound = m_sizes.edgeAbove(Residuals::Outliers::deviations * deviation * m_sizes.median());
        return bound > 0 ? Residuals::Outliers{bound, m_sizes.above(bound)} : Residuals::Outliers{};
    }

    Index m_rows, m_columns;
    Matrix<double> m_cells;
    std::vector<Residuals::Place> m_places;
    Vector<double> m_ofSamples, m_ofFeatures;
    Counts m_counts;
    SizeCounts m_sizes;
    double m_squared = 0, m_norm = 0, m_squaredPlain = 0;
    Index m_count = 0;
    Residuals m_result;
};

/// All known entries of one sample, whose model is given.
void addColumn(Gathering& gathering, const Snapshot& snapshot, Index sample,
               const Eigen::Ref<const Vector<double>>& model)
{
    const KnownColumn column = knownColumn(*snapshot.dataset, snapshot.options, sample);
    for (Index i = 0; i < model.size(); ++i)
        if (column.weights(i) > 0)
            gathering.add(i, sample, column.values(i), column.weights(i), model(i));
}

/// What is listed of one sample of a sparse V.
void addListed(Gathering& gathering, const Snapshot& snapshot, Index sample)
{
    const Vector<double> h = snapshot.Ht->row(sample);
    const Dataset& dataset = *snapshot.dataset;
    dataset.V.visitStored(sample, [&](Index row, double value) {
        const double weight = dataset.weights ? (*dataset.weights)(row, sample) : 1;
        if (!std::isnan(value) && weight > 0)
            gathering.add(row, sample, value, weight, snapshot.W->row(row).dot(h));
    });
}

} // namespace

Residuals::Place Residuals::placeOf(Index row, Index column) const
{
    const auto first = [](Index cell, Index parts, Index count) { return (cell * count + parts - 1) / parts; };
    const Place& place = places[static_cast<std::size_t>(column * cells->rows() + row)];
    if (place.feature >= 0)
        return place;
    return {first(row, cells->rows(), snapshot->W->rows()), first(column, cells->cols(), snapshot->Ht->rows())};
}

Residuals::Place Residuals::worstIn(Index bin) const
{
    const Index last = histogram.counts->rows() - 1;
    // The two outermost lead to what lies beyond them too, which has no bar of its own.
    const double unlimited = std::numeric_limits<double>::infinity();
    const double lower = bin == 0 ? -unlimited : histogram.lower(bin);
    const double upper = bin == last ? unlimited : histogram.lower(bin + 1);
    Place worst;
    double farthest = -1;
    for (Index i = 0; i < cells->size(); ++i) {
        const double residual = cells->data()[i];
        if (!(residual >= lower && residual <= upper) || std::abs(residual) <= farthest)
            continue;
        farthest = std::abs(residual);
        worst = places[static_cast<std::size_t>(i)];
    }
    return worst;
}

Residuals residualsOf(std::shared_ptr<const Snapshot> snapshot, Index mostRows, Index mostColumns,
                      const std::stop_token& stop)
{
    Gathering gathering(snapshot, mostRows, mostColumns);
    const Matrix<double>&W = *snapshot->W, &Ht = *snapshot->Ht;
    const bool listed = snapshot->dataset->V.isSparse() && snapshot->options.unstoredUnknown;
    Matrix<double> model;
    for (Index first = 0; first < Ht.rows(); first += samplesAtOnce) {
        if (stop.stop_requested())
            throw Cancelled();
        const Index count = std::min(samplesAtOnce, Ht.rows() - first);
        if (!listed)
            model.noalias() = W * Ht.middleRows(first, count).transpose();
        for (Index j = 0; j < count; ++j)
            if (listed)
                addListed(gathering, *snapshot, first + j);
            else
                addColumn(gathering, *snapshot, first + j, model.col(j));
    }
    return gathering.result();
}

ResidualJob::ResidualJob(QObject* parent) : QObject(parent)
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &ResidualJob::startNext);
    connect(&m_worker, &Worker::failed, this, &ResidualJob::failed);
    connect(&m_worker, &Worker::finished, this, [this] {
        constexpr int leastRest = 200, restPerWork = 8;
        m_rest.start(std::max(leastRest, restPerWork * static_cast<int>(m_since.elapsed())));
    });
}

void ResidualJob::ask(std::shared_ptr<const Snapshot> snapshot)
{
    if (m_worker.busy() && snapshot == m_now)
        return;
    const bool resting = snapshot->resting;
    m_next = std::move(snapshot);
    if (resting || !(m_worker.busy() || m_rest.isActive()))
        startNext();
}

void ResidualJob::startNext()
{
    if (!m_next)
        return;
    m_since.start();
    m_now = std::exchange(m_next, {});
    m_worker.start([this, snapshot = m_now](const std::stop_token& stop, const Worker::Tell& tell) {
        auto residuals = std::make_shared<const Residuals>(residualsOf(snapshot, mostRows, mostColumns, stop));
        tell([this, residuals] { emit made(residuals); });
    });
}

} // namespace nmf::ui
