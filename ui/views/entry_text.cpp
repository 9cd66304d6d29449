#include "ui/views/entry_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace nmf::ui
{

QString numberText(double value)
{
    return QLocale().toString(value, 'g', 6);
}

QString entryText(const Study& study, Index row, Index column)
{
    const Dataset& dataset = *study.dataset();
    const QString where = QStringLiteral("%1, %2: ")
                              .arg(QString::fromStdString(dataset.samples.label(column)),
                                   QString::fromStdString(dataset.features.label(row)));
    if (!isUnknown(dataset, row, column, study.gaps()))
        return where + numberText(dataset.V(row, column));
    const auto& snapshot = study.snapshot();
    if (!snapshot || snapshot->dataset != study.dataset())
        return where + QCoreApplication::translate("DataView", "unknown");
    const double imputed = snapshot->W->row(row).dot(snapshot->Ht->row(column));
    return where + QCoreApplication::translate("DataView", "unknown; the model says %1").arg(numberText(imputed));
}

} // namespace nmf::ui
