#include "ui/model/run_table.h"

#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/terms.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace nmf::ui
{

namespace
{

/// While a run goes on its row is written a few times a second.
constexpr int pauseMs = 250;

/// What is asked of the factors besides the fit: "0.1‖W‖₁, W ≤ 1".
QString termsOf(const Options& options)
{
    QString terms = QString::fromStdString(termsFormula(options)).trimmed();
    while (terms.startsWith('+') || terms.startsWith(','))
        terms = terms.mid(1).trimmed();
    const std::size_t locked = options.lockW.components.size() + options.lockH.components.size();
    if (locked > 0)
        terms += (terms.isEmpty() ? QString() : QStringLiteral(", ")) + RunTable::tr("%1 locked").arg(locked);
    if (const std::size_t soft = options.lockW.soft.size() + options.lockH.soft.size(); soft > 0)
        terms += (terms.isEmpty() ? QString() : QStringLiteral(", ")) + RunTable::tr("%1 held softly").arg(soft);
    return terms;
}

template <class Table>
QString nameIn(const Table& table, const Choice& choice)
{
    const auto* entry = nmf::find(table, choice.id);
    return QString::fromStdString(entry ? entry->facts.name : choice.id);
}

QString startOf(const Options& options)
{
    return options.start ? RunTable::tr("given") : nameIn(initializers(), options.initializer);
}

bool usesSeed(const Options& options)
{
    const auto* initializer = nmf::find(initializers(), options.initializer.id);
    const auto* algorithm = nmf::find(algorithms(), options.algorithm.id);
    return (!options.start && initializer && initializer->usesSeed) || (algorithm && algorithm->usesSeed);
}

} // namespace

RunTable::RunTable(Study& study, QObject* parent) : QAbstractTableModel(parent), m_study(study)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RunTable::refresh);
    connect(&study, &Study::runsChanged, this, &RunTable::reset);
    connect(&study, &Study::runNoted, this, &RunTable::refresh);
    connect(&study, &Study::phaseChanged, this, &RunTable::refresh);
    connect(&study, &Study::shownChanged, this, [this] {
        if (!m_pause.isActive())
            m_pause.start();
    });
    reset();
}

void RunTable::reset()
{
    beginResetModel();
    m_runs.clear();
    for (const RunHistory& run : m_study.runs())
        if (!run.records.empty())
            m_runs.push_back(run.number);
    endResetModel();
}

void RunTable::refresh()
{
    m_pause.stop();
    const auto begun = static_cast<std::size_t>(
        std::ranges::count_if(m_study.runs(), [](const RunHistory& run) { return !run.records.empty(); }));
    if (begun != m_runs.size())
        reset();
    else if (!m_runs.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

std::uint64_t RunTable::runAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_runs[static_cast<std::size_t>(row)] : 0;
}

int RunTable::rowOf(std::uint64_t run) const
{
    const auto found = std::ranges::find(m_runs, run);
    return found == m_runs.end() ? -1 : static_cast<int>(found - m_runs.begin());
}

const RunHistory* RunTable::at(int row) const
{
    const auto run = std::ranges::find(m_study.runs(), runAt(row), &RunHistory::number);
    return run == m_study.runs().end() || run->records.empty() ? nullptr : &*run;
}

int RunTable::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunTable::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant RunTable::valueOf(const RunHistory& run, Column column) const
{
    const Options& options = run.last ? run.last->options : run.options;
    switch (column) {
    case Star:
        return run.starred;
    case Number:
        return static_cast<qulonglong>(run.number);
    case Rank:
        return static_cast<qlonglong>(options.rank);
    case Loss:
        return nameIn(losses(), options.loss);
    case Algorithm:
        return nameIn(algorithms(), options.algorithm);
    case Start:
        return startOf(options);
    case Seed:
        return usesSeed(options) ? QVariant(static_cast<qulonglong>(options.seed)) : QVariant();
    case Terms:
        return termsOf(options);
    case Iterations:
        return run.records.back().iteration;
    case Objective:
        return run.records.back().objective;
    case RelativeError:
        return run.records.back().relativeError;
    case Seconds:
        return run.records.back().seconds;
    case Note:
        return QString::fromStdString(run.note);
    case Columns:
        break;
    }
    return {};
}

QString RunTable::textOf(const RunHistory& run, Column column) const
{
    const QVariant value = valueOf(run, column);
    switch (column) {
    case Star:
        return run.starred ? QStringLiteral("★") : QStringLiteral("☆");
    case Objective:
    case RelativeError:
        return QLocale().toString(value.toDouble(), 'g', 6);
    case Seconds:
        return QLocale().toString(value.toDouble(), 'g', 3);
    case Seed:
        return value.isNull() ? QStringLiteral("–") : value.toString();
    default:
        return value.toString();
    }
}

QString RunTable::toolTipOf(const RunHistory& run, Column column) const
{
    if (column == Star)
        return tr("A run with a star is not forgotten when there are many");
    if (column == Note)
        return run.note.empty() ? tr("Double click to write a note") : QString::fromStdString(run.note);
    const QString end = run.last ? QString::fromStdString(run.last->endSentence) : QString();
    return QString::fromStdString(run.title) + (end.isEmpty() ? QString() : QStringLiteral("\n") + end);
}

QVariant RunTable::data(const QModelIndex& index, int role) const
{
    const RunHistory* run = at(index.row());
    const auto column = static_cast<Column>(index.column());
    if (!run)
        return {};
    const QVariant value = valueOf(*run, column);
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*run, column);
    case Qt::EditRole:
    case sortRole:
        return value;
    case Qt::ToolTipRole:
        return toolTipOf(*run, column);
    case Qt::AccessibleTextRole:
        return column == Star ? (run->starred ? tr("with a star") : tr("without a star")) : textOf(*run, column);
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (value.userType() == QMetaType::QString ? Qt::AlignLeft
                                                    : column == Star                       ? Qt::AlignHCenter
                                                                                           : Qt::AlignRight));
    case Qt::FontRole: {
        // The run that is looked at.
        QFont font;
        font.setBold(m_study.shown() && m_study.shown()->run == run->number);
        return font;
    }
    default:
        return {};
    }
}

bool RunTable::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!at(index.row()) || role != Qt::EditRole)
        return false;
    if (index.column() == Note)
        m_study.setNote(runAt(index.row()), value.toString().trimmed());
    else if (index.column() == Star)
        m_study.setStarred(runAt(index.row()), value.toBool());
    else
        return false;
    return true;
}

QVariant RunTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names{QStringLiteral("★"), tr("run"),     tr("rank"), tr("rel. error"), tr("iterations"),
                            tr("algorithm"),     tr("start"),   tr("seed"), tr("loss"),       tr("terms"),
                            tr("objective"),     tr("seconds"), tr("note")};
    return names.value(section);
}

Qt::ItemFlags RunTable::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Note ? flags | Qt::ItemIsEditable : flags;
}

} // namespace nmf::ui
