#pragma once

#include "ui/model/run_table.h"

#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QWidget>

namespace nmf::ui
{

/// All runs on the present data, a row each: choosing one shows it in all views; two can be compared; any can be taken
/// up again.
class RunsView : public QWidget
{
    Q_OBJECT

public:
    explicit RunsView(Study& study, QWidget* parent = nullptr);

private:
    void makeTable();
    QPushButton* addButton(QLayout* layout, const QString& id, const QString& text, const QString& tip);
    std::vector<std::uint64_t> chosen() const;
    void showChosen(const QModelIndex& current);
    void click(const QModelIndex& cell);
    void restore();
    void compare();
    void forget();
    void follow();
    void showSense();

    Study& m_study;
    RunTable* m_runs;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_table;
    QPushButton *m_restore = nullptr, *m_compare = nullptr, *m_forget = nullptr;
    bool m_following = false; ///< the table follows the study, not the user
};

} // namespace nmf::ui
