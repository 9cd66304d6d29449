#pragma once

#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <memory>
#include <vector>

namespace nmf::ui
{

/// What can be told of the parts besides their share, and in which orders they can stand.
struct PartMeasures
{
    std::shared_ptr<const Matrix<double>> W; ///< of which it is told
    std::vector<double> sparseness;          ///< by Hoyer's measure
    std::vector<double> support;             ///< the share of the entries that are in use
    std::vector<Index> bySparseness;         ///< the sparsest first
    std::vector<Index> bySimilarity;         ///< the first of the order given, then always the one most like the last
};

/// `order`: components, the largest first.
PartMeasures measuresOf(std::shared_ptr<const Matrix<double>> W, const std::vector<Index>& order);

/// Measures parts off the window's thread: the newest that were given, one after the other.
class PartMeter : public QObject
{
    Q_OBJECT

public:
    explicit PartMeter(QObject* parent = nullptr);

    void measure(const std::shared_ptr<const Snapshot>& snapshot);
    /// The newest there are, of these parts or of some before; null if there are none of as many parts.
    const PartMeasures* measuresOf(const Snapshot& snapshot) const;

signals:
    void measured();

private:
    void begin(const std::shared_ptr<const Snapshot>& snapshot);

    std::shared_ptr<const PartMeasures> m_measures;
    std::shared_ptr<const Matrix<double>> m_asked; ///< last
    std::shared_ptr<const Snapshot> m_next;        ///< when the worker is done
    Worker m_worker;
};

} // namespace nmf::ui
