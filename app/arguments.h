#pragma once

#include "app/batch_options.h"
#include "core/choice.h"
#include "core/error.h"

#include <QCommandLineParser>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

namespace nmf::ui
{

/// The options of one command, read strictly.
class Arguments
{
public:
    explicit Arguments(const QString& command, const QString& description) : m_command(command)
    {
        m_parser.setApplicationDescription(description);
        m_parser.addOption({{"h", "help"}, "Shows this text."});
    }

    void add(const QString& name, const QString& help, const QString& value = {})
    {
        m_parser.addOption({name, help, value});
    }

    void positional(const QString& name, const QString& help) { m_parser.addPositionalArgument(name, help, name); }

    /// False if help was asked for.
    bool parse(const QStringList& arguments)
    {
        if (!m_parser.parse(QStringList{"partscope " + m_command} + arguments))
            throw Error(m_parser.errorText().toStdString() + " See partscope " + m_command.toStdString() + " --help.");
        if (!m_parser.isSet("help"))
            return true;
        QString text = m_parser.helpText();
        // Qt names the file that runs; people type the command.
        text.replace(0, text.indexOf(" [options]"), "Usage: partscope " + m_command);
        std::fputs(text.toUtf8().constData(), stdout);
        return false;
    }

    bool isSet(const QString& name) const { return m_parser.isSet(name); }

    /// The one positional argument; empty if there is none and none is needed.
    QString subject(bool needed, const QString& what) const
    {
        const QStringList given = m_parser.positionalArguments();
        if (given.size() > 1)
            throw Error(m_command.toStdString() + " takes one " + what.section(':', 0, 0).toStdString() + ", but \"" +
                        given[1].toStdString() +
                        "\" is a second one: leave it out, or put names with spaces in quotation marks.");
        if (needed && (given.isEmpty() || given[0].isEmpty()))
            throw Error(m_command.toStdString() + " needs " + what.toStdString() + ".");
        return given.value(0);
    }

    /// Two positional arguments, both needed.
    std::pair<QString, QString> subjects(const QString& what) const
    {
        const QStringList given = m_parser.positionalArguments();
        if (given.size() != 2 || given[0].isEmpty() || given[1].isEmpty())
            throw Error(m_command.toStdString() + " needs " + what.toStdString() + ".");
        return {given[0], given[1]};
    }

    std::string text(const QString& name) const { return m_parser.value(name).toStdString(); }
    std::filesystem::path path(const QString& name) const
    {
        if (!isSet(name))
            return {};
        if (m_parser.value(name).isEmpty())
            throw Error("--" + name.toStdString() + " needs a name.");
        return pathOf(m_parser.value(name));
    }

    /// Sets `value` if the option is given: a number from `minimum` to `maximum`.
    template <class Number>
    void number(const QString& name, Number& value, Number minimum, Number maximum) const
    {
        if (!isSet(name))
            return;
        const std::string given = text(name);
        const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
        const bool read = error == std::errc() && end == given.data() + given.size();
        if (!read || !(value >= minimum && value <= maximum))
            throw Error("--" + name.toStdString() + " is \"" + given + "\": it must be a " +
                        (std::is_integral_v<Number> ? "whole number" : "number") + " from " + shortText(minimum) +
                        " up" + (read && value > maximum ? ", to " + shortText(maximum) : std::string()) + ".");
    }

    /// Sets `choice` if the option is given: an entry of the table, perhaps with parameters.
    template <class Table>
    void choice(const QString& name, Choice& choice, const Table& table) const
    {
        if (isSet(name))
            choice = choiceOf(name, text(name), table);
    }

    /// The entry of the table that is written so.
    template <class Table>
    static Choice choiceOf(const QString& name, const std::string& given, const Table& table)
    {
        const std::size_t cut = given.find_first_of("=:");
        const auto* entry = find(table, given.substr(0, cut));
        if (!entry)
            throw Error("--" + name.toStdString() + " is \"" + given + "\": it must be one of " + listOfIds(table) +
                        ".");
        Choice choice{entry->facts.id, {}};
        if (cut == std::string::npos)
            return choice;
        // "beta=1.5" is short for "beta:beta=1.5".
        std::string rest = given[cut] == ':' ? given.substr(cut + 1) : given;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            addParameter(name, entry->facts, rest.substr(0, comma), choice);
            rest.erase(0, comma + 1);
        }
        return choice;
    }

private:
    template <class Number>
    static std::string shortText(Number value)
    {
        char characters[32];
        return {characters, std::to_chars(characters, characters + sizeof characters, value).ptr};
    }

    static void addParameter(const QString& name, const Facts& facts, const std::string& text, Choice& choice)
    {
        const std::size_t equals = std::min(text.find('='), text.size());
        const std::string id = text.substr(0, equals);
        std::string known;
        for (const Parameter& parameter : facts.parameters) {
            known += (known.empty() ? "" : ", ") + parameter.id;
            if (parameter.id != id)
                continue;
            double value = 0;
            const char* first = text.data() + std::min(equals + 1, text.size());
            const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
            if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
                value < parameter.minimum || value > parameter.maximum ||
                (parameter.whole && value != std::floor(value)))
                throw Error("--" + name.toStdString() + " " + facts.id + ": \"" + text + "\" must be " + id +
                            (parameter.whole ? "=a whole number from " : "=a number from ") +
                            shortText(parameter.minimum) + " to " + shortText(parameter.maximum) + ".");
            choice.values[id] = value;
            return;
        }
        throw Error("--" + name.toStdString() + ": " + facts.id + " has no parameter \"" + id + "\"" +
                    (known.empty() ? std::string(", nor any other.") : "; it has " + known + "."));
    }

    QString m_command;
    QCommandLineParser m_parser;
};

} // namespace nmf::ui
