#include "ui/plot/figure_table.h"

#include <QLocale>

namespace nmf::ui
{

namespace
{

QString plainCell(QString cell)
{
    return cell.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
}

QString quotedCell(const QString& cell)
{
    const bool bare = !cell.contains(',') && !cell.contains('"') && !cell.contains('\n') && !cell.contains('\r');
    return bare ? cell : '"' + QString(cell).replace('"', QStringLiteral("\"\"")) + '"';
}

template <class Encode>
QString encoded(const FigureTable& table, QChar separator, const Encode& encode)
{
    QString text;
    const auto add = [&](const QStringList& cells) {
        for (qsizetype i = 0; i < cells.size(); ++i) {
            if (i > 0)
                text += separator;
            text += encode(cells[i]);
        }
        text += '\n';
    };
    add(table.header);
    for (const QStringList& row : table.rows)
        add(row);
    return text;
}

} // namespace

QString FigureTable::tabbed() const
{
    return encoded(*this, '\t', plainCell);
}

QString FigureTable::separated() const
{
    return encoded(*this, ',', quotedCell);
}

bool FigureTable::isHandy(qint64 rows, qint64 columns)
{
    constexpr qint64 mostCells = 200'000;
    return rows > 0 && columns > 0 && rows <= mostCells / columns;
}

QString exactNumber(double value)
{
    return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace nmf::ui
