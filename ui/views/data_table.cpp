#include "ui/views/data_table.h"

#include "ui/model/montage.h"
#include "ui/model/readout.h"

#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include <algorithm>

namespace nmf::ui
{

QString numberText(double value)
{
    return QLocale().toString(value, 'g', 6);
}

DataTable::DataTable(Study& study, QObject* parent) : QAbstractTableModel(parent), m_study(study)
{
    connect(&study, &Study::datasetChanged, this, &DataTable::showDataset);
    connect(&study, &Study::optionsChanged, this, &DataTable::showGaps);
    showDataset();
}

void DataTable::showDataset()
{
    beginResetModel();
    m_dataset = m_study.dataset();
    m_gaps = m_study.gaps();
    endResetModel();
}

void DataTable::showGaps()
{
    if (m_gaps == m_study.gaps() || rowCount() == 0)
        return;
    m_gaps = m_study.gaps();
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QString DataTable::limits() const
{
    const auto number = [](Index value) { return QLocale().toString(static_cast<qlonglong>(value)); };
    const Index rows = m_dataset ? m_dataset->V.rows() : 0, columns = m_dataset ? m_dataset->V.cols() : 0;
    if (rows > most && columns > most)
        return tr("The first %1 of %2 rows and of %3 columns").arg(number(most), number(rows), number(columns));
    if (rows > most)
        return tr("The first %1 of %2 rows").arg(number(most), number(rows));
    return columns > most ? tr("The first %1 of %2 columns").arg(number(most), number(columns)) : QString();
}

int DataTable::rowCount(const QModelIndex& parent) const
{
    return !m_dataset || parent.isValid() ? 0 : static_cast<int>(std::min(m_dataset->V.rows(), most));
}

int DataTable::columnCount(const QModelIndex& parent) const
{
    return !m_dataset || parent.isValid() ? 0 : static_cast<int>(std::min(m_dataset->V.cols(), most));
}

QVariant DataTable::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_dataset)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return isUnknown(*m_dataset, index.row(), index.column(), m_gaps)
                   ? tr("unknown")
                   : numberText(m_dataset->V(index.row(), index.column()));
    case Qt::ToolTipRole:
        return m_dataset == m_study.dataset() ? readout({.sample = index.column(), .feature = index.row()}, m_study)
                                              : QVariant();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return isUnknown(*m_dataset, index.row(), index.column(), m_gaps)
                   ? QVariant(QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text))
                   : QVariant();
    default:
        return {};
    }
}

QVariant DataTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_dataset || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    return QString::fromStdString(
        (orientation == Qt::Horizontal ? m_dataset->samples : m_dataset->features).label(section));
}

} // namespace nmf::ui
