#pragma once

#include "core/import_plan.h"
#include "core/transform.h"
#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

namespace nmf::ui
{

/// New samples described by a basis that was found from others.
struct Newcomers
{
    std::shared_ptr<const Snapshot> of; ///< whose basis
    std::shared_ptr<const Dataset> dataset;
    Transformed found;
    /// found.Ht, and beneath it training samples in even steps, as if every column of W had norm 1.
    std::shared_ptr<const Matrix<double>> beside;
    Index everyOther = 1; ///< the step

    Index samples() const { return found.Ht.rows(); }
    /// Which training sample stands in a row of `beside` after the new ones.
    Index trainingSample(Index row) const { return (row - samples()) * everyOther; }
};

/// Finds the coefficients of samples for the basis of a snapshot, which stays as it is. Throws Error where they have
/// other features, and Cancelled.
Newcomers newcomersOf(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Dataset> dataset,
                      const std::stop_token& stop = {});

/// Does so for files, off the window's thread.
class Applier : public QObject
{
    Q_OBJECT

public:
    explicit Applier(QObject* parent = nullptr);

    /// Reads the source by the plan of the data that the basis was found from.
    void apply(std::shared_ptr<const Snapshot> snapshot, const ImportPlan& plan, const QString& source);
    bool busy() const { return m_worker.busy(); }

signals:
    void applied(std::shared_ptr<const nmf::ui::Newcomers> newcomers);
    void failed(const QString& message);

private:
    Worker m_worker;
};

} // namespace nmf::ui
