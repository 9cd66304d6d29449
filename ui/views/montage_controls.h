#pragma once

#include <QComboBox>
#include <QFrame>
#include <QSpinBox>
#include <QToolButton>

namespace nmf::ui
{

/// How a gallery of parts is arranged: a button that opens order, caption, gap and columns. Remembered.
class MontageControls : public QToolButton
{
    Q_OBJECT

public:
    enum class Order { Share, Sparseness, Similarity };
    enum class Caption { Share, Sparseness, Support };

    explicit MontageControls(QWidget* parent = nullptr);

    Order order() const { return static_cast<Order>(m_order->currentIndex()); }
    void setOrder(Order order) { m_order->setCurrentIndex(static_cast<int>(order)); }
    Caption caption() const { return static_cast<Caption>(m_caption->currentIndex()); }
    int gap() const { return m_gap->value(); }
    /// 0: as many as suit.
    int columns() const { return m_columns->value(); }

signals:
    void changed();

private:
    void addRow(const QString& title, QWidget* field, const QString& id, const QString& help);
    void open();
    void keep();

    QFrame* m_form;
    QComboBox *m_order, *m_caption;
    QSpinBox *m_gap, *m_columns;
};

} // namespace nmf::ui
