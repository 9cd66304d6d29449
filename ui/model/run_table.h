#pragma once

#include "ui/model/study.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <optional>

namespace nmf::ui
{

/// The runs of a study as a table, the oldest first. Notes can be written, stars given.
class RunTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Star,
        Number,
        Rank,
        RelativeError,
        Iterations,
        Algorithm,
        Start,
        Seed,
        Loss,
        Terms,
        Objective,
        Seconds,
        Note,
        Columns
    };
    /// By which rows are sorted: numbers where a cell shows one.
    static constexpr int sortRole = Qt::UserRole;

    explicit RunTable(Study& study, QObject* parent = nullptr);

    /// The number of the run in a row; 0 if there is none.
    std::uint64_t runAt(int row) const;
    /// The row of a run, or −1.
    int rowOf(std::uint64_t run) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    const RunHistory* at(int row) const;
    QVariant valueOf(const RunHistory& run, Column column) const;
    QString textOf(const RunHistory& run, Column column) const;
    QString toolTipOf(const RunHistory& run, Column column) const;
    void reset();
    void refresh();

    Study& m_study;
    std::vector<std::uint64_t> m_runs; ///< those that have begun
    QTimer m_pause;
};

} // namespace nmf::ui
