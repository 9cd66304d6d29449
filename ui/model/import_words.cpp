#include "core/error.h"
#include "core/normalisations.h"
#include "ui/model/import.h"
#include "ui/model/options_report.h"

#include <charconv>

namespace nmf::ui
{

namespace
{

using Pictures = ImportPlan::Pictures;
using OtherSizes = ImportPlan::OtherSizes;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString number(double value)
{
    char characters[32];
    const auto end = std::to_chars(characters, characters + sizeof characters, value).ptr;
    return QString::fromLatin1(characters, end - characters);
}

QString meaning(const ImportPlan::Meaning& axis)
{
    return QStringLiteral("%1,%2,%3").arg(text(axis.unit), number(axis.first), number(axis.step));
}

void addPictures(const ImportPlan& plan, QStringList& words)
{
    if (plan.height > 0)
        words << "--image-shape"
              << QStringLiteral("%1x%2").arg(plan.height).arg(plan.width) +
                     (plan.channels == 1 ? QString() : QStringLiteral("x%1").arg(plan.channels));
    if (plan.columnMajor)
        words << "--pixel-order"
              << "column";
    if (plan.pictures == Pictures::Patches)
        words << "--patches"
              << QStringLiteral("%1,%2,%3,%4")
                     .arg(plan.patchSize)
                     .arg(plan.patchStride)
                     .arg(plan.patchCount)
                     .arg(plan.patchSeed);
    if (plan.pictures == Pictures::Pixels)
        words << "--as-pixels";
    if (plan.bandsLast)
        words << "--bands"
              << "last";
    if (plan.otherSizes != OtherSizes::Refuse)
        words << "--other-sizes" << (plan.otherSizes == OtherSizes::Crop ? "crop" : "resize");
    if (plan.longestSide > 0)
        words << "--longest-side" << QString::number(plan.longestSide);
}

} // namespace

bool isPlain(const ImportPlan& plan)
{
    ImportPlan rest = plan;
    rest.missingUnknown = rest.transpose = rest.exchanged = false;
    return rest == ImportPlan();
}

QStringList importWords(const ImportPlan& plan)
{
    if (plan.exchanged && !isPlain(plan))
        throw Error(
            "Rows and columns were exchanged after other things had been done with these data, which no command "
            "line says: exchange them back, or choose a row for each sample when they are opened.");
    QStringList words;
    if (!plan.member.empty())
        words << "--member" << text(plan.member);
    if (plan.transpose != plan.exchanged)
        words << "--transpose";
    addPictures(plan, words);
    if (plan.features.ordered)
        words << "--ordered-features" << meaning(plan.features);
    if (plan.samples.ordered)
        words << "--ordered-samples" << meaning(plan.samples);
    if (plan.infiniteUnknown)
        words << "--infinite"
              << "unknown";
    if (plan.repairs.zeros != ImportPlan().repairs.zeros)
        words << "--zeros" << text(textOf(plan.repairs.zeros));
    if (plan.repairs.negative != ImportPlan().repairs.negative)
        words << "--negative" << text(textOf(plan.repairs.negative));
    if (plan.normalisation.id != "none")
        words << "--normalise" << text(normalisationText(plan.normalisation));
    if (!plan.weights.empty())
        words << "--weights" << text(plan.weights.string());
    return words;
}

} // namespace nmf::ui
