#pragma once

#include <QLayout>

#include <vector>

namespace nmf::ui
{

/// Items of their own size side by side, in as many lines as the width asks for.
class FlowLayout : public QLayout
{
    Q_OBJECT

public:
    explicit FlowLayout(int spacing, QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    /// Of the largest item.
    QSize minimumSize() const override;
    void setGeometry(const QRect& room) override;

private:
    enum class Doing { Measuring, Placing };
    /// The height that it takes.
    int flow(const QRect& room, Doing doing) const;

    std::vector<QLayoutItem*> m_items;
    int m_spacing;
};

} // namespace nmf::ui
