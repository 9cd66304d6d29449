#pragma once

#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <deque>

namespace nmf::ui
{

/// Writes matrices to files, off the window's thread, one after another.
class Exporter : public QObject
{
    Q_OBJECT

public:
    enum class What { Basis, Coefficients };

    explicit Exporter(QObject* parent = nullptr);
    /// Waits until everything is written.
    ~Exporter() override;

    /// W (m × k) or H (k × n) of a snapshot, as NPY or CSV by the ending of the path.
    void save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path);

signals:
    void saved(const QString& path);
    void failed(const QString& message);

private:
    struct Order
    {
        std::shared_ptr<const Snapshot> snapshot;
        What what = What::Basis;
        QString path;
    };

    static void write(const Order& order);
    void begin();

    std::deque<Order> m_waiting;
    Worker m_worker;
};

} // namespace nmf::ui
