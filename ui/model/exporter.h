#pragma once

#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

namespace nmf::ui
{

/// Writes matrices to files, off the window's thread.
class Exporter : public QObject
{
    Q_OBJECT

public:
    enum class What { Basis, Coefficients };

    explicit Exporter(QObject* parent = nullptr);

    /// W (m × k) or H (k × n) of a snapshot, as NPY or CSV by the ending of the path.
    void save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path);

signals:
    void saved(const QString& path);
    void failed(const QString& message);

private:
    Worker m_worker;
};

} // namespace nmf::ui
