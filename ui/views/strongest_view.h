#pragma once

#include "ui/views/linking.h"

#include <QLabel>
#include <QStackedWidget>

namespace nmf::ui
{

/// The selected component: its strongest samples, as pictures where a sample is one, as a map where samples are the
/// pixels of one, else by name or as a curve; and its strongest features by name.
class StrongestView : public QWidget
{
    Q_OBJECT

public:
    StrongestView(Study& study, Selection& selection, QWidget* parent = nullptr);

    /// The samples and the features, as they are shown.
    Figure* samplesFigure();
    Figure* featuresFigure() { return m_features; }

private:
    void draw();
    void drawPictures(const Snapshot& snapshot, Index component);
    void drawMap(const Snapshot& snapshot, Index component);
    void drawList(const Snapshot& snapshot, Index component);
    void drawFeatures(const Snapshot& snapshot, Index component);

    Study& m_study;
    Selection& m_selection;
    QStackedWidget *m_pages, *m_looks;
    QLabel *m_hint, *m_title, *m_featuresTitle;
    ImageGrid *m_pictures, *m_map;
    BarGrid *m_list, *m_features;
};

} // namespace nmf::ui
