#pragma once

#include "ui/model/study.h"

#include <QAbstractTableModel>

namespace nmf::ui
{

/// A number of the data as it is shown.
QString numberText(double value);

/// The first rows and columns of what is open, as a table of numbers. An entry is looked up when it is shown: what is
/// sparse stays so.
class DataTable : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// So many rows and columns at most.
    static constexpr Index most = 1000;

    explicit DataTable(Study& study, QObject* parent = nullptr);

    /// "The first 1000 of 9724 rows" if there are more than are shown; else empty.
    QString limits() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void showDataset();
    void showGaps();

    Study& m_study;
    std::shared_ptr<const Dataset> m_dataset;
    Gaps m_gaps = Gaps::Zero;
};

} // namespace nmf::ui
