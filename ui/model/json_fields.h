#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <string>
#include <vector>

namespace nmf::ui
{

/// The fields of a JSON object that nobody vouches for, each read by its kind and range. Throws Error, a sentence with
/// the name of the file and of the field.
class Fields
{
public:
    /// `file` is for messages.
    Fields(QJsonObject object, QString file, QString place = {});

    bool contains(const QString& key) const;
    /// There is something: not nothing, and not null.
    bool has(const QString& key) const;
    Fields object(const QString& key) const;
    QStringList keys() const { return m_object.keys(); }

    std::string text(const QString& key) const;
    bool flag(const QString& key) const;
    double number(const QString& key, double minimum, double maximum) const;
    qint64 whole(const QString& key, qint64 minimum, qint64 maximum) const;
    std::vector<std::string> texts(const QString& key) const;
    std::vector<qint64> wholes(const QString& key, qint64 minimum, qint64 maximum) const;
    /// Which of these words it is.
    int word(const QString& key, const QStringList& words) const;

    /// "damaged: “options.rank” is …"
    [[noreturn]] void fail(const QString& key, const QString& flaw) const;

private:
    QJsonValue value(const QString& key) const;
    qint64 wholeOf(const QJsonValue& value, const QString& key, qint64 minimum, qint64 maximum) const;

    QJsonObject m_object;
    QString m_file, m_place;
};

/// Texts and numbers as JSON has them.
QJsonValue jsonText(const std::string& utf8);
QJsonArray jsonTexts(const std::vector<std::string>& texts);

} // namespace nmf::ui
