#pragma once

#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <QObject>

#include <optional>

namespace nmf::ui
{

/// Options to go on with one component more, which begins as what WH leaves of a sample, [V_j − WH_j]₊, or without one
/// as the leading part of what it leaves of all, [V − WH]₊. The other components begin as they are. Throws Error where
/// nothing is left, and Cancelled.
Options withPartFromResidual(const Snapshot& snapshot, std::optional<Index> sample, const std::stop_token& stop = {});

/// Does so off the window's thread.
class ResidualPart : public QObject
{
    Q_OBJECT

public:
    explicit ResidualPart(QObject* parent = nullptr);

    void begin(std::shared_ptr<const Snapshot> snapshot, std::optional<Index> sample);
    bool busy() const { return m_worker.busy(); }

signals:
    void ready(const std::shared_ptr<const nmf::ui::Snapshot>& snapshot, const nmf::Options& options);
    void failed(const QString& message);

private:
    Worker m_worker;
};

} // namespace nmf::ui
