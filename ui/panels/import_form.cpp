#include "ui/panels/import_form.h"

#include "core/error.h"
#include "core/normalisations.h"

#include <QLabel>
#include <QLocale>

namespace nmf::ui
{

namespace
{

QString shapeText(Index height, Index width, Index channels)
{
    QString text = QStringLiteral("%1 × %2").arg(height).arg(width);
    return channels == 1 ? text : text + QStringLiteral(" × %1").arg(channels);
}

/// The whole numbers in a text, whatever stands between them.
std::vector<int> numbersIn(const QString& text)
{
    std::vector<int> numbers;
    QString digits;
    for (const QChar letter : text + QLatin1Char(' ')) {
        if (letter.isDigit()) {
            digits += letter;
        } else if (!digits.isEmpty()) {
            numbers.push_back(digits.toInt());
            digits.clear();
        }
    }
    return numbers;
}

QString counted(const QString& name, Index count)
{
    return QObject::tr("%1 (%2)").arg(name, QLocale().toString(static_cast<qlonglong>(count)));
}

} // namespace

void ImportForm::offerMembers(const Preview& preview)
{
    m_member->clear();
    // Which one that is, a note says.
    m_member->addItem(tr("the likeliest"), QString());
    for (const FileMember& member : preview.members)
        m_member->addItem(QString::fromStdString(textOf(member)), QString::fromStdString(member.name));
    m_member->setCurrentIndex(std::max(0, m_member->findData(QString::fromStdString(preview.plan.member))));
}

void ImportForm::offerShapes(const Preview& preview)
{
    const Dataset& raw = *preview.raw;
    m_shape->clear();
    m_shape->addItem(raw.features.kind == Axis::Kind::Pixels ? tr("as the file says") : tr("no pictures"));
    for (const Index length : {raw.V.rows(), raw.V.cols()})
        for (const auto& [height, width] : shapesOf(length))
            m_shape->addItem(shapeText(height, width, 1));
    const ImportPlan& plan = preview.plan;
    if (plan.height > 0)
        m_shape->setCurrentText(shapeText(plan.height, plan.width, plan.channels));
    else
        m_shape->setCurrentIndex(0);
}

void ImportForm::nameEntries(const DataFacts& facts)
{
    const auto name = [this](QWidget* field, const QString& text, Index count) {
        static_cast<QLabel*>(m_rows->labelForField(field))->setText(counted(text, count));
    };
    name(m_missing, tr("Missing"), facts.nans);
    name(m_infinite, tr("Infinite"), facts.infinities);
    name(m_negative, tr("Negative"), facts.negatives);
    name(m_zeros, tr("Zero"), facts.zeros);
}

void ImportForm::showPlan(const ImportPlan& plan)
{
    m_otherSizes->setCurrentIndex(static_cast<int>(plan.otherSizes));
    m_longestSide->setValue(static_cast<int>(plan.longestSide));
    (plan.transpose ? m_lines : m_columns)->setChecked(true);
    m_pictures->setCurrentIndex(static_cast<int>(plan.pictures));
    m_order->setCurrentIndex(plan.columnMajor ? 1 : 0);
    m_bands->setCurrentIndex(plan.bandsLast ? 1 : 0);
    m_patchSize->setValue(static_cast<int>(plan.patchSize));
    m_patchStride->setValue(static_cast<int>(plan.patchStride));
    m_patchCount->setValue(static_cast<int>(plan.patchCount));
    m_patchSeed->setValue(static_cast<int>(plan.patchSeed));
    m_orderedFeatures->setChecked(plan.features.ordered);
    m_orderedSamples->setChecked(plan.samples.ordered);
    m_featureUnit->setText(QString::fromStdString(plan.features.unit));
    m_sampleUnit->setText(QString::fromStdString(plan.samples.unit));
}

void ImportForm::showEntries(const ImportPlan& plan)
{
    m_missing->setCurrentIndex(plan.missingUnknown ? 1 : 0);
    m_infinite->setCurrentIndex(plan.infiniteUnknown ? 1 : 0);
    m_negative->setChoice(plan.repairs.negative);
    m_zeros->setChoice(plan.repairs.zeros);
    m_normalisation->setCurrentIndex(
        std::max(0, m_normalisation->findData(QString::fromStdString(normalisationText(plan.normalisation)))));
}

void ImportForm::setPreview(const Preview& preview)
{
    m_showing = true;
    m_preview = preview;
    offerMembers(preview);
    offerShapes(preview);
    nameEntries(preview.facts);
    showPlan(preview.plan);
    showEntries(preview.plan);
    showRows();
    m_showing = false;
}

void ImportForm::showRows()
{
    const Dataset& raw = *m_preview.raw;
    const std::string kind = kindOfSource(m_preview.source);
    const bool folder = kind == "folder", files = folder || kind == "image" || kind == "tiff" || kind == "netpbm";
    const bool pixels = raw.features.kind == Axis::Kind::Pixels;
    const bool pictures = pixels || numbersIn(m_shape->currentText()).size() > 1;
    const bool stack = pixels && !files && raw.samples.names.empty();
    m_rows->setRowVisible(m_member, m_preview.members.size() > 1);
    m_rows->setRowVisible(m_otherSizes, folder);
    m_rows->setRowVisible(m_longestSide, files);
    m_rows->setRowVisible(m_direction, !files);
    m_rows->setRowVisible(m_pictures, pictures);
    m_offersPictures = pictures;
    m_offersBands = stack && m_pictures->currentIndex() == 2;
    m_rows->setRowVisible(m_shape, !files);
    m_rows->setRowVisible(m_order, pictures && !files);
    m_rows->setRowVisible(m_bands, m_offersBands);
    for (QSpinBox* box : {m_patchSize, m_patchStride, m_patchCount})
        m_rows->setRowVisible(box, pictures && m_pictures->currentIndex() == 1);
    m_rows->setRowVisible(m_patchSeed, pictures && m_pictures->currentIndex() == 1 && m_patchCount->value() > 0);
    m_rows->setRowVisible(m_orderedFeatures->parentWidget(), !files);
    m_rows->setRowVisible(m_orderedSamples->parentWidget(), !files);
    m_rows->setRowVisible(m_missing, m_preview.facts.nans > 0);
    m_rows->setRowVisible(m_infinite, m_preview.facts.infinities > 0);
    m_rows->setRowVisible(m_negative, m_preview.facts.negatives > 0);
    m_rows->setRowVisible(m_zeros, m_preview.facts.zeros > 0);
    m_featureUnit->setEnabled(m_orderedFeatures->isChecked());
    m_sampleUnit->setEnabled(m_orderedSamples->isChecked());
}

void ImportForm::readShape(ImportPlan& plan) const
{
    const std::vector<int> sizes = numbersIn(m_shape->currentText());
    const bool given = sizes.size() == 2 || sizes.size() == 3;
    plan.height = given ? sizes[0] : 0;
    plan.width = given ? sizes[1] : 0;
    plan.channels = sizes.size() == 3 ? sizes[2] : 1;
}

ImportPlan ImportForm::plan() const
{
    ImportPlan plan = m_preview.plan;
    if (m_preview.members.size() > 1)
        plan.member = m_member->currentData().toString().toStdString();
    plan.otherSizes = static_cast<ImportPlan::OtherSizes>(m_otherSizes->currentIndex());
    plan.longestSide = m_longestSide->value();
    plan.transpose = m_lines->isChecked();
    readShape(plan);
    plan.pictures = static_cast<ImportPlan::Pictures>(m_offersPictures ? m_pictures->currentIndex() : 0);
    plan.columnMajor = m_offersPictures && m_order->currentIndex() == 1;
    plan.bandsLast = m_offersBands && m_bands->currentIndex() == 1;
    plan.patchSize = m_patchSize->value();
    plan.patchStride = m_patchStride->value();
    plan.patchCount = m_patchCount->value();
    plan.patchSeed = static_cast<std::uint64_t>(m_patchSeed->value());
    plan.features.ordered = m_orderedFeatures->isChecked();
    plan.features.unit = m_featureUnit->text().trimmed().toStdString();
    plan.samples.ordered = m_orderedSamples->isChecked();
    plan.samples.unit = m_sampleUnit->text().trimmed().toStdString();
    plan.missingUnknown = m_missing->currentIndex() == 1;
    plan.infiniteUnknown = m_infinite->currentIndex() == 1;
    plan.repairs = {m_negative->choice(), m_zeros->choice()};
    plan.normalisation = normalisationOf(m_normalisation->currentData().toString().toStdString());
    return plan;
}

void ImportForm::tell()
{
    if (m_showing || !m_preview.raw)
        return;
    showRows();
    emit changed();
}

} // namespace nmf::ui
