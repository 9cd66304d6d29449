#pragma once

#include "ui/model/selection.h"
#include "ui/model/study.h"

#include <QObject>

namespace nmf::ui
{

/// The keys that move the selection, wherever the focus is and does not want them itself: a digit selects the component
/// at that place of the galleries, up and down the one before and after it, left and right the sample.
class SelectionKeys : public QObject
{
    Q_OBJECT

public:
    SelectionKeys(const Study& study, Selection& selection, QWidget* window);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool press(int key);
    bool selectPlace(Index place);
    bool moveComponent(Index step);
    bool moveSample(int step);

    const Study& m_study;
    Selection& m_selection;
};

} // namespace nmf::ui
