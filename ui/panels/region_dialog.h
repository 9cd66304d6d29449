#pragma once

#include "ui/model/component_editor.h"
#include "ui/panels/brush_canvas.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPushButton>

namespace nmf::ui
{

/// Where a component shall begin anew: pixels that are marked on what the others leave, or on the data.
class RegionDialog : public QDialog
{
    Q_OBJECT

public:
    RegionDialog(ComponentEditor& editor, const std::shared_ptr<const Snapshot>& snapshot, Index component,
                 QWidget* parent);

private:
    void makeCanvas(const Axis& axis);
    QLayout* makeTools();
    QLayout* makePictures();
    QWidget* makeButtons();
    void computePictures(const std::shared_ptr<const Snapshot>& snapshot);
    void showPictures(std::shared_ptr<const Matrix<double>> pictures);
    void apply();

    ComponentEditor& m_editor;
    Index m_component;
    std::shared_ptr<const Matrix<double>> m_pictures; ///< null until they are computed
    BrushCanvas* m_canvas = nullptr;
    QComboBox* m_picture;
    QLabel* m_state;
    QPushButton* m_apply = nullptr;
    Worker m_worker; // last: joined before anything its job uses is gone
};

} // namespace nmf::ui
