#include "ui/model/readout.h"

#include "ui/model/known_column.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace nmf::ui
{

namespace
{

/// Of larger factors the error of a whole sample would keep the pointer waiting.
constexpr Index mostEntries = 1'000'000;

QString tr(const char* text)
{
    return QCoreApplication::translate("Readout", text);
}

QString number(double value)
{
    const QString text = QLocale().toString(std::abs(value), 'g', 6);
    return value < 0 ? QChar(0x2212) + text : text;
}

QString nameOf(const Axis& axis, Index index, const QString& otherwise)
{
    const QString label = QString::fromStdString(axis.label(index));
    bool isNumber = false;
    label.toDouble(&isNumber);
    return isNumber ? (axis.noun.empty() ? otherwise : QString::fromStdString(axis.noun)) + ' ' + label : label;
}

bool within(int index, Index count)
{
    return index >= 0 && index < count;
}

QString entryText(const Pointed& at, const Dataset& dataset, const Options& options, const Snapshot* snapshot)
{
    const bool known = isKnown(dataset, options, at.feature, at.sample);
    const double v = known ? dataset.V(at.feature, at.sample) : 0;
    if (!snapshot)
        return known ? tr("V %1").arg(number(v)) : tr("unknown");
    const double x = snapshot->W->row(at.feature).dot(snapshot->Ht->row(at.sample));
    if (!known)
        return tr("unknown; the model says %1").arg(number(x));
    return tr("V %1 · WH %2 · residual %3").arg(number(v), number(x), number(v - x));
}

QString errorText(int sample, const Dataset& dataset, const Options& options, const Snapshot& snapshot)
{
    const Vector<double> model = *snapshot.W * snapshot.Ht->row(sample).transpose();
    const double error = relativeError(knownColumn(dataset, options, sample), model);
    return std::isfinite(error) ? tr("relative error of the sample %1 %").arg(QLocale().toString(100 * error, 'f', 1))
                                : QString();
}

} // namespace

QString nameOfFeature(const Dataset& dataset, Index feature)
{
    return nameOf(dataset.features, feature, tr("feature"));
}

QString nameOfSample(const Dataset& dataset, Index sample)
{
    return nameOf(dataset.samples, sample, tr("sample"));
}

QString readout(const Pointed& at, const Dataset& dataset, const Options& options, const Snapshot* snapshot)
{
    const bool feature = within(at.feature, dataset.V.rows()), sample = within(at.sample, dataset.V.cols());
    const bool component = snapshot && within(at.component, snapshot->W->cols());
    QStringList parts;
    if (feature)
        parts << nameOfFeature(dataset, at.feature);
    if (sample)
        parts << nameOfSample(dataset, at.sample);
    if (feature && sample)
        parts << entryText(at, dataset, options, snapshot);
    else if (sample && snapshot && snapshot->W->size() <= mostEntries)
        parts << errorText(at.sample, dataset, options, *snapshot);
    // What people count starts at 1.
    if (component)
        parts << tr("component %1").arg(at.component + 1);
    if (component && feature)
        parts << tr("W %1").arg(number((*snapshot->W)(at.feature, at.component)));
    if (component && sample)
        parts << tr("H %1 (%2 for a basis of norm 1)")
                     .arg(number((*snapshot->Ht)(at.sample, at.component)),
                          number((*snapshot->scaledHt)(at.sample, at.component)));
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

QString readout(const Pointed& pointed, const Study& study)
{
    if (!study.dataset())
        return {};
    const Snapshot* snapshot =
        study.shown() && study.shown()->dataset == study.dataset() ? study.shown().get() : nullptr;
    return readout(pointed, *study.dataset(), snapshot ? snapshot->options : study.options(), snapshot);
}

} // namespace nmf::ui
