#include "core/normalisations.h"
#include "ui/model/import.h"

#include <array>

namespace nmf::ui
{

namespace
{

using Pictures = ImportPlan::Pictures;
using OtherSizes = ImportPlan::OtherSizes;

constexpr std::array picturesIds{"whole", "patches", "pixels"};
constexpr std::array otherSizesIds{"refuse", "crop", "resize"};

template <class Value, class Ids>
Value valueOf(const QJsonValue& json, const Ids& ids)
{
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (json.toString() == QLatin1String(ids[i]))
            return static_cast<Value>(i);
    return {};
}

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QJsonObject choiceToJson(const Choice& choice)
{
    QJsonObject values;
    for (const auto& [id, value] : choice.values)
        values[text(id)] = value;
    return {{"id", text(choice.id)}, {"values", values}};
}

template <class Table>
Choice choiceOf(const QJsonValue& json, const Table& table, const Choice& otherwise)
{
    const std::string id = json.toObject()["id"].toString().toStdString();
    const auto* entry = nmf::find(table, id);
    if (!entry)
        return otherwise;
    Choice choice{id, {}};
    const QJsonObject values = json.toObject()["values"].toObject();
    for (const Parameter& parameter : entry->facts.parameters)
        if (const QJsonValue value = values[text(parameter.id)];
            value.isDouble() && value.toDouble() >= parameter.minimum && value.toDouble() <= parameter.maximum)
            choice.values[parameter.id] = value.toDouble();
    return choice;
}

QJsonObject meaningToJson(const ImportPlan::Meaning& meaning)
{
    return {
        {"ordered", meaning.ordered}, {"unit", text(meaning.unit)}, {"first", meaning.first}, {"step", meaning.step}};
}

ImportPlan::Meaning meaningOf(const QJsonValue& json)
{
    const QJsonObject object = json.toObject();
    return {object["ordered"].toBool(), object["unit"].toString().toStdString(), object["first"].toDouble(1),
            object["step"].toDouble(1)};
}

Index countOf(const QJsonValue& json, Index otherwise, Index least)
{
    constexpr double most = 2147483647;
    const double value = json.toDouble(static_cast<double>(otherwise));
    return value >= static_cast<double>(least) && value <= most ? static_cast<Index>(value) : otherwise;
}

} // namespace

QJsonObject importReport(const ImportPlan& plan)
{
    const auto number = [](auto value) { return static_cast<qint64>(value); };
    return {{"member", text(plan.member)},
            {"transpose", plan.transpose},
            {"missing_unknown", plan.missingUnknown},
            {"infinite_unknown", plan.infiniteUnknown},
            {"negative", choiceToJson(plan.repairs.negative)},
            {"zeros", choiceToJson(plan.repairs.zeros)},
            {"normalisation", choiceToJson(plan.normalisation)},
            {"height", number(plan.height)},
            {"width", number(plan.width)},
            {"channels", number(plan.channels)},
            {"column_major", plan.columnMajor},
            {"pictures", picturesIds[static_cast<std::size_t>(plan.pictures)]},
            {"bands_last", plan.bandsLast},
            {"patch_size", number(plan.patchSize)},
            {"patch_stride", number(plan.patchStride)},
            {"patch_count", number(plan.patchCount)},
            {"patch_seed", number(plan.patchSeed)},
            {"other_sizes", otherSizesIds[static_cast<std::size_t>(plan.otherSizes)]},
            {"longest_side", number(plan.longestSide)},
            {"features", meaningToJson(plan.features)},
            {"samples", meaningToJson(plan.samples)},
            {"weights", text(plan.weights.string())},
            {"exchanged", plan.exchanged}};
}

ImportPlan importPlanOf(const QJsonObject& json)
{
    const ImportPlan empty;
    ImportPlan plan;
    plan.member = json["member"].toString().toStdString();
    plan.transpose = json["transpose"].toBool();
    plan.missingUnknown = json["missing_unknown"].toBool();
    plan.infiniteUnknown = json["infinite_unknown"].toBool();
    plan.repairs.negative = choiceOf(json["negative"], negativeRepairs(), empty.repairs.negative);
    plan.repairs.zeros = choiceOf(json["zeros"], zeroRepairs(), empty.repairs.zeros);
    plan.normalisation = choiceOf(json["normalisation"], normalisations(), empty.normalisation);
    plan.height = countOf(json["height"], 0, 0);
    plan.width = countOf(json["width"], 0, 0);
    plan.channels = countOf(json["channels"], 1, 1);
    plan.columnMajor = json["column_major"].toBool();
    plan.pictures = valueOf<Pictures>(json["pictures"], picturesIds);
    plan.bandsLast = json["bands_last"].toBool();
    plan.patchSize = countOf(json["patch_size"], empty.patchSize, 1);
    plan.patchStride = countOf(json["patch_stride"], empty.patchStride, 1);
    plan.patchCount = countOf(json["patch_count"], 0, 0);
    plan.patchSeed = static_cast<std::uint64_t>(countOf(json["patch_seed"], 1, 0));
    plan.otherSizes = valueOf<OtherSizes>(json["other_sizes"], otherSizesIds);
    plan.longestSide = countOf(json["longest_side"], 0, 0);
    plan.features = meaningOf(json["features"]);
    plan.samples = meaningOf(json["samples"]);
    plan.weights = json["weights"].toString().toStdString();
    plan.exchanged = json["exchanged"].toBool();
    return plan;
}

} // namespace nmf::ui
