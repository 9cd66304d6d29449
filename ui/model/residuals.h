#pragma once

#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <cmath>

namespace nmf::ui
{

/// V − WH at a glance: as much as a screen shows, however large V is.
struct Residuals
{
    /// One entry of V.
    struct Place
    {
        Index feature = -1, sample = -1;
    };
    /// How many entries lie in equal steps from −reach to reach; those beyond are in `beyond`.
    struct Histogram
    {
        std::shared_ptr<const Matrix<double>> counts;
        double reach = 0;
        Index beyond = 0; ///< farther from zero than four times the root of the mean square
        double lower(Index bin) const { return reach * (2.0 * double(bin) / double(counts->rows()) - 1); }
    };

    /// Entries farther from zero than 3.5 robust standard deviations, 1.4826 times the median of |v − x|.
    struct Outliers
    {
        static constexpr double deviations = 3.5;

        double bound = 0; ///< 0 where half of the entries leave nothing, and there is none
        Index count = 0;
        bool holds(double residual) const { return bound > 0 && std::abs(residual) > bound; }
    };

    std::shared_ptr<const Snapshot> snapshot;
    /// Each cell has the entry farthest from zero of those that it covers, with its sign; NaN where none is known.
    std::shared_ptr<const Matrix<double>> cells;
    std::vector<Place> places;                                   ///< of those entries, column by column
    std::shared_ptr<const Matrix<double>> ofSamples, ofFeatures; ///< √Σω(v−x)², n × 1 and m × 1
    Histogram histogram;
    Outliers outliers;
    double relativeError = 0;

    /// The entry that a cell shows; where none of its entries is known, the first.
    Place placeOf(Index row, Index column) const;
    /// The entry farthest from zero of those that are shown and lie in a bin, or beyond the last one; none: −1.
    Place worstIn(Index bin) const;
    /// The cell that covers an entry.
    Index rowOf(Index feature) const { return feature * cells->rows() / snapshot->W->rows(); }
    Index columnOf(Index sample) const { return sample * cells->cols() / snapshot->Ht->rows(); }
};

/// Goes through V once, a few samples at a time; of a sparse V whose gaps are unknown through what is listed. Throws
/// Cancelled.
Residuals residualsOf(std::shared_ptr<const Snapshot> snapshot, Index mostRows, Index mostColumns,
                      const std::stop_token& stop = {});

/// Does so off the window's thread: at once for what rests, else as often as leaves the solver its time.
class ResidualJob : public QObject
{
    Q_OBJECT

public:
    static constexpr Index mostRows = 600, mostColumns = 1200;

    explicit ResidualJob(QObject* parent = nullptr);

    void ask(std::shared_ptr<const Snapshot> snapshot);

signals:
    void made(const std::shared_ptr<const nmf::ui::Residuals>& residuals);
    void failed(const QString& message);

private:
    void startNext();

    std::shared_ptr<const Snapshot> m_now, m_next; ///< in work, and after it
    QElapsedTimer m_since;
    QTimer m_rest;
    // Last: stopped and joined before anything its job uses is gone.
    Worker m_worker;
};

} // namespace nmf::ui
