#pragma once

#include <QTabBar>

#include <vector>

namespace nmf::ui
{

/// The tabs above the middle of the window: which page stands there. A page joins by one call of add().
class PageBar : public QTabBar
{
    Q_OBJECT

public:
    explicit PageBar(QWidget* parent = nullptr);

    /// A page under its name, after those before.
    void add(const QString& name, QWidget* page);
    /// The bar stands on a page, and tells nobody; a page that has no tab hides the bar.
    void showPage(QWidget* page);

signals:
    /// The user wants this page.
    void chosen(QWidget* page);

private:
    std::vector<QWidget*> m_pages;
};

} // namespace nmf::ui
