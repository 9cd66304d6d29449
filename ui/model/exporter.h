#pragma once

#include "core/formats/formats.h"
#include "core/formats/writers.h"
#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <deque>

namespace nmf::ui
{

/// The writer that a path's ending names. Throws Error.
const Writer& writerFor(const QString& path);

/// Writes files, off the window's thread, one job after another.
class Exporter : public QObject
{
    Q_OBJECT

public:
    enum class What { Basis, Coefficients };
    /// Writes what it wants to; tells how far it is, and looks whether it shall give up.
    using Job = std::function<void(const LoadControl&)>;

    explicit Exporter(QObject* parent = nullptr);
    /// Waits until all matrices are written; other jobs give up.
    ~Exporter() override;

    /// W (m × k) or H (k × n) of a snapshot, by the ending of the path; `names` are those of components that have one.
    void save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path,
              const std::vector<std::string>& names = {});
    /// Does a job; saved() names the place.
    void perform(const QString& place, Job job);
    /// Gives up the job in progress.
    void cancel() { m_worker.stop(); }
    bool busy() const { return m_worker.busy(); }

signals:
    void saved(const QString& place);
    void failed(const QString& message);
    void progress(double fraction);
    /// A job has begun, or all have ended.
    void busyChanged();

private:
    struct Order
    {
        QString place;
        Job job;
    };

    void begin();

    std::deque<Order> m_waiting;
    Worker m_worker;
};

} // namespace nmf::ui
