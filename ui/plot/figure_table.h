#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace nmf::ui
{

/// The numbers behind a figure, as text.
struct FigureTable
{
    QStringList header = {};
    std::vector<QStringList> rows = {};

    bool isEmpty() const { return rows.empty(); }
    /// With tabs between cells, as spreadsheets paste it.
    QString tabbed() const;
    /// With commas, and quotation marks where a cell needs them (RFC 4180).
    QString separated() const;

    /// Whether a table of this size can be copied while the window waits for it.
    static bool isHandy(qint64 rows, qint64 columns);
};

/// A number with all its digits, as every program reads it.
QString exactNumber(double value);

} // namespace nmf::ui
