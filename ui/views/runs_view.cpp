#include "ui/views/runs_view.h"

#include "ui/views/compare_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

RunsView::RunsView(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_runs(new RunTable(study, this)), m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(6, 4, 6, 0);
    m_restore = addButton(buttons, "runs-restore", tr("&Take up again"),
                          tr("Goes on from where this run is, with its options and its factors, as a new run"));
    m_compare = addButton(buttons, "runs-compare", tr("Com&pare"),
                          tr("Shows two runs side by side, each part beside the one that is most like it (choose the "
                             "second with Ctrl)"));
    m_forget = addButton(buttons, "runs-delete", tr("&Forget"), tr("Removes the chosen runs from the list"));
    buttons->addStretch();
    layout->addLayout(buttons);
    layout->addWidget(m_table, 1);
    makeTable();
    connect(m_restore, &QPushButton::clicked, this, &RunsView::restore);
    connect(m_compare, &QPushButton::clicked, this, &RunsView::compare);
    connect(m_forget, &QPushButton::clicked, this, &RunsView::forget);
    connect(&study, &Study::shownChanged, this, &RunsView::follow);
    connect(m_runs, &QAbstractItemModel::modelReset, this, &RunsView::follow);
    connect(&study, &Study::phaseChanged, this, &RunsView::showSense);
    follow();
    showSense();
}

QPushButton* RunsView::addButton(QLayout* layout, const QString& id, const QString& text, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setObjectName(id);
    button->setToolTip(tip);
    layout->addWidget(button);
    return button;
}

void RunsView::makeTable()
{
    m_table->setObjectName("runs-table");
    m_table->setAccessibleName(tr("Runs"));
    m_table->setToolTip(
        tr("Every run on these data: click one to see it, its note to change that, its star to keep it"));
    m_sorted->setSourceModel(m_runs);
    m_sorted->setSortRole(RunTable::sortRole);
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunTable::Number, Qt::AscendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setMinimumSectionSize(24);
    // Widths that hold still while numbers change.
    const auto wide = [this](const char* text) { return m_table->fontMetrics().horizontalAdvance(text) + 16; };
    const int widths[] = {24,
                          wide("run^^"),
                          wide("rank^"),
                          wide("0.123456e"),
                          wide("iterations"),
                          wide("HALS, extrapolated"),
                          wide("NNDSVDar"),
                          wide("seed^^"),
                          wide("Frobenius"),
                          wide("terms and more"),
                          wide("0.123456e+00"),
                          wide("seconds^")};
    for (int column = 0; column < RunTable::Note; ++column)
        header->resizeSection(column, widths[column]);
    connect(m_table, &QTableView::clicked, this, &RunsView::click);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsView::showSense);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RunsView::showChosen);
}

std::vector<std::uint64_t> RunsView::chosen() const
{
    std::vector<std::uint64_t> runs;
    for (const QModelIndex& row : m_table->selectionModel()->selectedRows())
        runs.push_back(m_runs->runAt(m_sorted->mapToSource(row).row()));
    std::ranges::sort(runs);
    return runs;
}

void RunsView::showChosen(const QModelIndex& current)
{
    if (m_following || !current.isValid())
        return;
    m_study.showRun(m_runs->runAt(m_sorted->mapToSource(current).row()));
}

void RunsView::click(const QModelIndex& cell)
{
    if (cell.column() == RunTable::Star)
        m_sorted->setData(cell, !cell.data(RunTable::sortRole).toBool(), Qt::EditRole);
}

void RunsView::restore()
{
    const std::vector<std::uint64_t> runs = chosen();
    if (runs.size() != 1)
        return;
    // What is shown of it, if that is a moment of its past.
    const auto& shown = m_study.shown();
    const bool past = !m_study.showsNewest() && shown->run == runs.front();
    const auto place =
        m_study.placeOf(runs.front(), past ? std::optional(shown->record.iteration) : std::optional<int>());
    if (place)
        m_study.adopt(*place);
}

void RunsView::compare()
{
    const std::vector<std::uint64_t> runs = chosen();
    if (runs.size() == 2)
        CompareView::open(m_study, runs.front(), runs.back(), this);
}

void RunsView::forget()
{
    for (const std::uint64_t run : chosen())
        m_study.deleteRun(run);
}

void RunsView::follow()
{
    const int row = m_study.shown() ? m_runs->rowOf(m_study.shown()->run) : -1;
    const QModelIndex wanted = row < 0 ? QModelIndex() : m_sorted->mapFromSource(m_runs->index(row, RunTable::Number));
    if (wanted.isValid() && m_table->currentIndex().row() != wanted.row()) {
        m_following = true;
        m_table->setCurrentIndex(wanted);
        m_following = false;
    }
}

void RunsView::showSense()
{
    const std::vector<std::uint64_t> runs = chosen();
    const auto known = [this](std::uint64_t number) {
        const auto run = std::ranges::find(m_study.runs(), number, &RunHistory::number);
        return run != m_study.runs().end() && run->last;
    };
    m_restore->setEnabled(runs.size() == 1 && known(runs.front()));
    m_compare->setEnabled(runs.size() == 2 && known(runs.front()) && known(runs.back()));
    const auto isEarlier = [this](std::uint64_t run) { return run != m_study.runs().back().number; };
    m_forget->setEnabled(std::ranges::any_of(runs, isEarlier));
}

} // namespace nmf::ui
