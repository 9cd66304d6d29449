#include "ui/model/options_json.h"

#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/normalisations.h"
#include "core/terms.h"

#include <QFile>

#include <algorithm>
#include <limits>

namespace nmf::ui
{

namespace
{

constexpr int mostWhole = std::numeric_limits<int>::max();
constexpr double mostNumber = std::numeric_limits<double>::max();
constexpr qint64 leastSeed = std::numeric_limits<qint64>::min(), mostSeed = std::numeric_limits<qint64>::max();

const QStringList precisions{"single", "double"};
const QStringList kindsOfPictures{"whole", "patches", "pixels"};
const QStringList kindsOfOtherSizes{"refuse", "crop", "resize"};
const QStringList kindsOfAxis{"plain", "named", "ordered", "pixels"};

/// Seeds have 64 bits without a sign, numbers of JSON 64 with one.
qint64 jsonSeed(std::uint64_t seed)
{
    return static_cast<qint64>(seed);
}

std::uint64_t seedOf(const Fields& fields, const QString& key)
{
    return static_cast<std::uint64_t>(fields.whole(key, leastSeed, mostSeed));
}

QJsonObject choiceJson(const Choice& choice)
{
    QJsonObject values;
    for (const auto& [id, value] : choice.values)
        values[QString::fromStdString(id)] = value;
    return {{"id", jsonText(choice.id)}, {"values", values}};
}

/// An entry of the table with parameters that it has.
template <class Table>
Choice choiceOf(const Fields& fields, const Table& table)
{
    Choice choice{fields.text("id")};
    const Fields values = fields.object("values");
    for (const QString& id : values.keys())
        choice.values[id.toStdString()] = values.number(id, -mostNumber, mostNumber);
    const auto* entry = find(table, choice.id);
    if (!entry)
        fields.fail("id", QStringLiteral("is none of ") + QString::fromStdString(listOfIds(table)));
    for (const auto& [id, value] : choice.values) {
        const auto known =
            std::ranges::find_if(entry->facts.parameters, [id = id](const Parameter& p) { return p.id == id; });
        if (known == entry->facts.parameters.end() || value < known->minimum || value > known->maximum)
            values.fail(QString::fromStdString(id), QStringLiteral("cannot be so"));
    }
    return choice;
}

QJsonArray lockJson(const FactorLock& lock)
{
    QJsonArray numbers;
    for (const Index component : lock.components)
        numbers.append(static_cast<qint64>(component));
    return numbers;
}

/// {"1": 0.05}: by component the share.
QJsonObject softLockJson(const FactorLock& lock)
{
    QJsonObject locks;
    for (const SoftLock& soft : lock.soft)
        locks[QString::number(soft.component)] = soft.share;
    return locks;
}

std::vector<SoftLock> softLocksOf(const Fields& fields, const QString& key)
{
    std::vector<SoftLock> locks;
    // What was written before there were any has none.
    if (!fields.contains(key))
        return locks;
    const Fields shares = fields.object(key);
    for (const QString& component : shares.keys()) {
        bool whole = false;
        const qint64 number = component.toLongLong(&whole);
        if (!whole || number < 0 || number > mostWhole)
            shares.fail(component, QStringLiteral("is no number of a part"));
        locks.push_back({number, shares.number(component, 0, 1)});
    }
    std::ranges::sort(locks, {}, &SoftLock::component);
    return locks;
}

FactorLock lockOf(const Fields& fields, const QString& key)
{
    FactorLock lock{.soft = softLocksOf(fields, QStringLiteral("soft_") + key)};
    for (const qint64 component : fields.wholes(key, 0, mostWhole))
        lock.components.push_back(component);
    if (!std::ranges::is_sorted(lock.components))
        fields.fail(key, QStringLiteral("does not rise"));
    return lock;
}

QJsonObject termsJson(const Options& options)
{
    QJsonObject values;
    for (const Term& term : terms())
        values[QString::fromStdString(term.parameter.id)] = term.of(options);
    return values;
}

/// A term that did not exist yet when this was written is not asked for.
void readTerms(const Fields& fields, Options& options)
{
    for (const Term& term : terms())
        if (const QString id = QString::fromStdString(term.parameter.id); fields.contains(id))
            term.of(options) = fields.number(id, term.parameter.minimum, term.parameter.maximum);
}

QString jsonPath(const std::filesystem::path& path)
{
    return QFile::decodeName(path.c_str());
}

std::filesystem::path pathFrom(const Fields& fields, const QString& key)
{
    return QFile::encodeName(QString::fromStdString(fields.text(key))).toStdString();
}

} // namespace

QJsonObject toJson(const Options& options)
{
    return {{"rank", static_cast<qint64>(options.rank)},
            {"loss", choiceJson(options.loss)},
            {"algorithm", choiceJson(options.algorithm)},
            {"initializer", choiceJson(options.initializer)},
            {"terms", termsJson(options)},
            {"lock_w", lockJson(options.lockW)},
            {"lock_h", lockJson(options.lockH)},
            {"soft_lock_w", softLockJson(options.lockW)},
            {"soft_lock_h", softLockJson(options.lockH)},
            {"balanced", options.balanced},
            {"seed", jsonSeed(options.seed)},
            {"max_iterations", options.maxIterations},
            {"tolerance", options.tolerance},
            {"kkt_tolerance", options.kktTolerance},
            {"step_tolerance", options.stepTolerance},
            {"connectivity_looks", options.connectivityLooks},
            {"nan_unknown", options.nanUnknown},
            {"unstored_unknown", options.unstoredUnknown},
            {"held_out", options.heldOut},
            {"held_out_seed", jsonSeed(options.heldOutSeed)},
            {"patience", options.patience},
            {"time_limit", options.timeLimit},
            {"precision", precisions[options.precision == Precision::Double]},
            {"threads", options.threads}};
}

Options optionsFrom(const Fields& fields)
{
    Options options;
    options.rank = fields.whole("rank", 1, mostWhole);
    options.loss = choiceOf(fields.object("loss"), losses());
    options.algorithm = choiceOf(fields.object("algorithm"), algorithms());
    options.initializer = choiceOf(fields.object("initializer"), initializers());
    readTerms(fields.object("terms"), options);
    options.lockW = lockOf(fields, "lock_w");
    options.lockH = lockOf(fields, "lock_h");
    options.balanced = fields.flag("balanced");
    options.seed = seedOf(fields, "seed");
    options.maxIterations = static_cast<int>(fields.whole("max_iterations", 0, mostWhole));
    options.tolerance = fields.number("tolerance", 0, mostNumber);
    options.kktTolerance = fields.number("kkt_tolerance", 0, mostNumber);
    options.stepTolerance = fields.number("step_tolerance", 0, mostNumber);
    options.connectivityLooks = static_cast<int>(fields.whole("connectivity_looks", 0, mostWhole));
    options.nanUnknown = fields.flag("nan_unknown");
    options.unstoredUnknown = fields.flag("unstored_unknown");
    options.heldOut = fields.number("held_out", 0, 1);
    options.heldOutSeed = seedOf(fields, "held_out_seed");
    options.patience = static_cast<int>(fields.whole("patience", 0, mostWhole));
    options.timeLimit = fields.number("time_limit", 0, mostNumber);
    options.precision = fields.word("precision", precisions) == 1 ? Precision::Double : Precision::Single;
    options.threads = static_cast<int>(fields.whole("threads", 0, mostWhole));
    return options;
}

namespace
{

QJsonObject meaningJson(const ImportPlan::Meaning& meaning)
{
    return {{"ordered", meaning.ordered},
            {"unit", jsonText(meaning.unit)},
            {"first", meaning.first},
            {"step", meaning.step}};
}

ImportPlan::Meaning meaningFrom(const Fields& fields)
{
    return {fields.flag("ordered"), fields.text("unit"), fields.number("first", -mostNumber, mostNumber),
            fields.number("step", -mostNumber, mostNumber)};
}

} // namespace

QJsonObject toJson(const ImportPlan& plan)
{
    return {{"member", jsonText(plan.member)},
            {"transpose", plan.transpose},
            {"missing_unknown", plan.missingUnknown},
            {"infinite_unknown", plan.infiniteUnknown},
            {"negative", choiceJson(plan.repairs.negative)},
            {"zeros", choiceJson(plan.repairs.zeros)},
            {"normalisation", choiceJson(plan.normalisation)},
            {"height", static_cast<qint64>(plan.height)},
            {"width", static_cast<qint64>(plan.width)},
            {"channels", static_cast<qint64>(plan.channels)},
            {"column_major", plan.columnMajor},
            {"pictures", kindsOfPictures[static_cast<int>(plan.pictures)]},
            {"bands_last", plan.bandsLast},
            {"features", meaningJson(plan.features)},
            {"samples", meaningJson(plan.samples)},
            {"exchanged", plan.exchanged},
            {"patch_size", static_cast<qint64>(plan.patchSize)},
            {"patch_stride", static_cast<qint64>(plan.patchStride)},
            {"patch_count", static_cast<qint64>(plan.patchCount)},
            {"patch_seed", jsonSeed(plan.patchSeed)},
            {"other_sizes", kindsOfOtherSizes[static_cast<int>(plan.otherSizes)]},
            {"longest_side", static_cast<qint64>(plan.longestSide)},
            {"weights", jsonPath(plan.weights)}};
}

ImportPlan importPlanFrom(const Fields& fields)
{
    ImportPlan plan;
    plan.member = fields.text("member");
    plan.transpose = fields.flag("transpose");
    plan.missingUnknown = fields.flag("missing_unknown");
    plan.infiniteUnknown = fields.flag("infinite_unknown");
    plan.repairs.negative = choiceOf(fields.object("negative"), negativeRepairs());
    plan.repairs.zeros = choiceOf(fields.object("zeros"), zeroRepairs());
    plan.normalisation = choiceOf(fields.object("normalisation"), normalisations());
    plan.height = fields.whole("height", 0, mostWhole);
    plan.width = fields.whole("width", 0, mostWhole);
    plan.channels = fields.whole("channels", 0, mostWhole);
    plan.columnMajor = fields.flag("column_major");
    plan.pictures = static_cast<ImportPlan::Pictures>(fields.word("pictures", kindsOfPictures));
    plan.bandsLast = fields.flag("bands_last");
    plan.features = meaningFrom(fields.object("features"));
    plan.samples = meaningFrom(fields.object("samples"));
    plan.exchanged = fields.flag("exchanged");
    plan.patchSize = fields.whole("patch_size", 0, mostWhole);
    plan.patchStride = fields.whole("patch_stride", 0, mostWhole);
    plan.patchCount = fields.whole("patch_count", 0, mostWhole);
    plan.patchSeed = seedOf(fields, "patch_seed");
    plan.otherSizes = static_cast<ImportPlan::OtherSizes>(fields.word("other_sizes", kindsOfOtherSizes));
    plan.longestSide = fields.whole("longest_side", 0, mostWhole);
    plan.weights = pathFrom(fields, "weights");
    return plan;
}

QJsonObject toJson(const Axis& axis)
{
    return {{"kind", kindsOfAxis[static_cast<int>(axis.kind)]},
            {"noun", jsonText(axis.noun)},
            {"names", jsonTexts(axis.names)},
            {"unit", jsonText(axis.unit)},
            {"height", static_cast<qint64>(axis.height)},
            {"width", static_cast<qint64>(axis.width)},
            {"channels", static_cast<qint64>(axis.channels)},
            {"positions", !axis.positions.empty()}};
}

Axis axisFrom(const Fields& fields, Index length)
{
    Axis axis;
    axis.kind = static_cast<Axis::Kind>(fields.word("kind", kindsOfAxis));
    axis.noun = fields.text("noun");
    axis.names = fields.texts("names");
    axis.unit = fields.text("unit");
    axis.height = fields.whole("height", 0, mostWhole);
    axis.width = fields.whole("width", 0, mostWhole);
    axis.channels = fields.whole("channels", 1, mostWhole);
    if (!axis.names.empty() && axis.names.size() != static_cast<std::size_t>(length))
        fields.fail("names", QStringLiteral("has another length than the data"));
    if (axis.kind == Axis::Kind::Named && axis.names.empty())
        fields.fail("names", QStringLiteral("is empty"));
    if (axis.kind == Axis::Kind::Pixels &&
        (axis.width == 0 || length % axis.width != 0 || length / axis.width % axis.channels != 0 ||
         length / axis.width / axis.channels != axis.height))
        fields.fail("height", QStringLiteral("and its other sizes are not those of the data"));
    return axis;
}

} // namespace nmf::ui
