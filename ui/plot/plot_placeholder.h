#pragma once

#include <QWidget>

namespace nmf::ui
{

/// A quiet sentence that covers a plot as long as there is nothing in it, instead of axes that mean nothing.
class PlotPlaceholder : public QWidget
{
    Q_OBJECT

public:
    explicit PlotPlaceholder(QWidget* plot);

    /// Without a text the empty plot is seen.
    void setText(const QString& text);
    void setEmpty(bool empty);
    const QString& text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void cover();

    QString m_text;
    bool m_empty = true;
};

} // namespace nmf::ui
