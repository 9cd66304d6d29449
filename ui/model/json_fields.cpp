#include "ui/model/json_fields.h"

#include "core/error.h"

#include <utility>

namespace nmf::ui
{

Fields::Fields(QJsonObject object, QString file, QString place)
    : m_object(std::move(object)), m_file(std::move(file)), m_place(std::move(place))
{
}

bool Fields::contains(const QString& key) const
{
    return m_object.contains(key);
}

bool Fields::has(const QString& key) const
{
    const QJsonValue found = m_object.value(key);
    return !found.isUndefined() && !found.isNull();
}

Fields Fields::object(const QString& key) const
{
    if (!value(key).isObject())
        fail(key, QStringLiteral("is no object"));
    return {value(key).toObject(), m_file, m_place + key + '.'};
}

std::string Fields::text(const QString& key) const
{
    if (!value(key).isString())
        fail(key, QStringLiteral("is no text"));
    return value(key).toString().toStdString();
}

bool Fields::flag(const QString& key) const
{
    if (!value(key).isBool())
        fail(key, QStringLiteral("is neither true nor false"));
    return value(key).toBool();
}

double Fields::number(const QString& key, double minimum, double maximum) const
{
    const QJsonValue found = value(key);
    if (!found.isDouble() || !(found.toDouble() >= minimum && found.toDouble() <= maximum))
        fail(key, QStringLiteral("is no number from %1 to %2").arg(minimum).arg(maximum));
    return found.toDouble();
}

qint64 Fields::wholeOf(const QJsonValue& found, const QString& key, qint64 minimum, qint64 maximum) const
{
    const bool whole = found.isDouble() && (found.toInteger(0) != 0 || found.toInteger(1) != 1);
    if (!whole || found.toInteger() < minimum || found.toInteger() > maximum)
        fail(key, QStringLiteral("is no whole number from %1 to %2").arg(minimum).arg(maximum));
    return found.toInteger();
}

qint64 Fields::whole(const QString& key, qint64 minimum, qint64 maximum) const
{
    return wholeOf(value(key), key, minimum, maximum);
}

std::vector<std::string> Fields::texts(const QString& key) const
{
    if (!value(key).isArray())
        fail(key, QStringLiteral("is no list"));
    std::vector<std::string> result;
    for (const QJsonValue& entry : value(key).toArray()) {
        if (!entry.isString())
            fail(key, QStringLiteral("has an entry that is no text"));
        result.push_back(entry.toString().toStdString());
    }
    return result;
}

std::vector<qint64> Fields::wholes(const QString& key, qint64 minimum, qint64 maximum) const
{
    if (!value(key).isArray())
        fail(key, QStringLiteral("is no list"));
    std::vector<qint64> result;
    for (const QJsonValue& entry : value(key).toArray())
        result.push_back(wholeOf(entry, key, minimum, maximum));
    return result;
}

int Fields::word(const QString& key, const QStringList& words) const
{
    const qsizetype found = value(key).isString() ? words.indexOf(value(key).toString()) : -1;
    if (found < 0)
        fail(key, QStringLiteral("is none of ") + words.join(QStringLiteral(", ")));
    return static_cast<int>(found);
}

void Fields::fail(const QString& key, const QString& flaw) const
{
    throw Error(
        (m_file + QStringLiteral(" is damaged: “") + m_place + key + QStringLiteral("” ") + flaw + QStringLiteral("."))
            .toStdString());
}

QJsonValue Fields::value(const QString& key) const
{
    const auto found = m_object.constFind(key);
    if (found == m_object.constEnd())
        fail(key, QStringLiteral("is missing"));
    return *found;
}

QJsonValue jsonText(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QJsonArray jsonTexts(const std::vector<std::string>& texts)
{
    QJsonArray array;
    for (const std::string& text : texts)
        array.append(jsonText(text));
    return array;
}

} // namespace nmf::ui
