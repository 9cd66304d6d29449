#pragma once

#include "ui/model/study.h"
#include "ui/plot/line_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QWidget>

#include <map>
#include <optional>

namespace nmf::ui
{

/// The loss of the present run and of earlier ones against iterations or seconds, and the run in numbers.
class LossView : public QWidget
{
    Q_OBJECT

public:
    explicit LossView(Study& study, QWidget* parent = nullptr);

    Figure* figure() { return m_plot; }

private:
    double xOf(const Record& record) const;
    double yOf(const Record& record) const;
    void draw();
    void redrawAll();
    void showSpacing();
    QString describe(int run, double x, double y) const;
    void mark();
    void jumpTo(double x);

    Study& m_study;
    LinePlot* m_plot;
    QComboBox* m_quantity;
    QComboBox* m_against;
    QCheckBox *m_logX, *m_logY;
    struct Drawn
    {
        std::size_t count = 0; ///< of records
        int wentBack = 0;
    };
    std::map<std::uint64_t, Drawn> m_drawn; ///< of each run
    std::optional<double> m_marked;
};

} // namespace nmf::ui
