#pragma once

#include "ui/model/reconstruction.h"
#include "ui/views/sample_picture.h"

#include <QCheckBox>
#include <QSlider>

namespace nmf::ui
{

/// One part of a sample: its picture, a box that switches it on and off, and a slider for its weight.
class PartTile : public QWidget
{
    Q_OBJECT

public:
    PartTile(const Study& study, Selection& selection, QWidget* parent = nullptr);

    /// `scale`: the weight at the slider's end. `within`: it is among those that are added.
    void showPart(const Snapshot& snapshot, const SamplePart& part, double scale, bool within, bool off);
    SamplePicture& picture() { return *m_picture; }
    bool isOn() const { return m_on->isChecked() && m_on->isEnabled(); }

signals:
    void switched(int component, bool on);
    void weightChanged(int component, double weight);

private:
    SamplePicture* m_picture;
    QCheckBox* m_on;
    QSlider* m_weight;
    int m_component = -1;
    double m_scale = 1;
};

} // namespace nmf::ui
