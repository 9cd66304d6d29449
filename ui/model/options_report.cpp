#include "ui/model/options_report.h"

#include "core/terms.h"

#include <QJsonArray>
#include <QString>

#include <charconv>

namespace nmf::ui
{

namespace
{

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QJsonArray partNumbers(const FactorLock& lock)
{
    QJsonArray numbers;
    for (const Index component : lock.components)
        numbers.append(static_cast<qint64>(component + 1));
    return numbers;
}

/// {"2": 5}: by part the percentage that it may move.
QJsonObject softParts(const FactorLock& lock)
{
    QJsonObject parts;
    for (const SoftLock& soft : lock.soft)
        parts[QString::number(soft.component + 1)] = 100 * soft.share;
    return parts;
}

} // namespace

std::string textOf(const Choice& choice)
{
    std::string text = choice.id;
    char characters[32];
    for (const auto& [id, value] : choice.values) {
        text += (text.size() == choice.id.size() ? ":" : ",") + id + "=";
        text.append(characters, std::to_chars(characters, characters + sizeof characters, value).ptr);
    }
    return text;
}

QJsonObject optionsReport(const Options& options)
{
    QJsonObject report{{"rank", static_cast<qint64>(options.rank)},
                       {"loss", text(textOf(options.loss))},
                       {"solver", text(textOf(options.algorithm))},
                       {"init", options.start ? QStringLiteral("given") : text(textOf(options.initializer))},
                       {"seed", static_cast<qint64>(options.seed)},
                       {"max_iter", options.maxIterations},
                       {"tol", options.tolerance},
                       {"tol_kkt", options.kktTolerance},
                       {"tol_step", options.stepTolerance},
                       {"connectivity", options.connectivityLooks},
                       {"time_limit", options.timeLimit},
                       {"precision", options.precision == Precision::Single ? "single" : "double"},
                       {"threads", options.threads},
                       {"missing", options.nanUnknown ? "nan" : "refuse"},
                       {"zeros", options.unstoredUnknown ? "unknown" : "known"},
                       {"held_out", options.heldOut},
                       {"held_out_seed", static_cast<qint64>(options.heldOutSeed)},
                       {"patience", options.patience},
                       {"lock_w", partNumbers(options.lockW)},
                       {"lock_h", partNumbers(options.lockH)},
                       {"soft_lock_w", softParts(options.lockW)},
                       {"soft_lock_h", softParts(options.lockH)}};
    for (const Term& term : terms())
        report[text(term.parameter.id).replace('-', '_')] = term.of(options);
    return report;
}

} // namespace nmf::ui
