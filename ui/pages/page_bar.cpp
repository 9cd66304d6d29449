#include "ui/pages/page_bar.h"

#include <QSignalBlocker>

#include <algorithm>

namespace nmf::ui
{

PageBar::PageBar(QWidget* parent) : QTabBar(parent)
{
    setObjectName("page-bar");
    setAccessibleName(tr("Pages"));
    setDocumentMode(true);
    setExpanding(false);
    setDrawBase(false);
    connect(this, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0)
            emit chosen(m_pages[static_cast<std::size_t>(index)]);
    });
}

void PageBar::add(const QString& name, QWidget* page)
{
    m_pages.push_back(page);
    const QSignalBlocker quiet(this);
    addTab(name);
}

void PageBar::showPage(QWidget* page)
{
    const auto found = std::ranges::find(m_pages, page);
    setVisible(found != m_pages.end());
    if (found == m_pages.end())
        return;
    const QSignalBlocker quiet(this);
    setCurrentIndex(static_cast<int>(found - m_pages.begin()));
}

} // namespace nmf::ui
