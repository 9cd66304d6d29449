#pragma once

#include <QLabel>

namespace nmf::ui
{

/// A line of text that ends in … where there is no room for all of it, and is nothing where there is room for none. All
/// of it is in its tooltip. It makes no demand on the width.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    /// As much of the text as there is room for.
    QString shownText() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
};

} // namespace nmf::ui
