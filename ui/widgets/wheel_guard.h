#pragma once

#include <QWidget>

namespace nmf::ui
{

/// For fields in something that scrolls: the wheel turns one only when it has the focus, so that scrolling past changes
/// nothing.
class WheelGuard : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void watch(QWidget* field);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace nmf::ui
