#pragma once

#include "ui/model/exporter.h"
#include "ui/model/newcomers.h"
#include "ui/model/study.h"

#include <QAction>
#include <QWidget>

namespace nmf::ui
{

/// Describes new samples by the basis on screen: from a file that is chosen, or dropped on the view of the basis.
class ApplyAction : public QObject
{
    Q_OBJECT

public:
    /// `basis` takes what is dropped on it; elsewhere in the window a drop opens other data.
    ApplyAction(Study& study, Exporter& exporter, QWidget* basis, QWidget* window);

    QAction* action;

    void apply(const QString& source);

signals:
    /// A sentence on what cannot be.
    void refused(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose();
    void show(const std::shared_ptr<const Newcomers>& newcomers);

    Study& m_study;
    Exporter& m_exporter;
    QWidget* m_window;
    Applier m_applier;
};

} // namespace nmf::ui
