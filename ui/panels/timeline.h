#pragma once

#include "ui/model/study.h"

#include <QLabel>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

namespace nmf::ui
{

/// A bar under the views with which to go back and forth in the past of a run: all views show it as it was then, and
/// the run itself is not disturbed. While something else than the newest is shown, the bar says so, and leads back.
class Timeline : public QWidget
{
    Q_OBJECT

public:
    explicit Timeline(Study& study, QWidget* parent = nullptr);

    /// The past is shown step by step.
    bool replaying() const { return m_ticks.isActive(); }

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QToolButton* addButton(const QString& id, const QString& name);
    void listen();
    const std::vector<Frame>& frames() const;
    int placeShown() const;
    QString words() const;
    void showPlace(int place);
    void replayOrHold();
    void advance();
    void hold();
    void refresh();
    void refreshSoon();
    void dress();

    Study& m_study;
    QToolButton *m_toStart, *m_replay, *m_toNewest;
    QSlider* m_slider;
    QLabel* m_text;
    QToolButton* m_back;
    QTimer m_ticks, m_pause;
};

} // namespace nmf::ui
