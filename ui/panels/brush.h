#pragma once

#include "ui/model/component_editor.h"
#include "ui/panels/brush_canvas.h"

#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

namespace nmf::ui
{

/// Paints zeros or ones on a part's picture; what is painted stays so in the run that goes on, until it is released.
class Brush : public QDialog
{
    Q_OBJECT

public:
    Brush(ComponentEditor& editor, std::shared_ptr<const Snapshot> snapshot, Index component, QWidget* parent);

private:
    QLayout* makeTools();
    void apply();

    ComponentEditor& m_editor;
    Index m_component;
    BrushCanvas* m_canvas;
    QPushButton* m_apply = nullptr;
};

} // namespace nmf::ui
