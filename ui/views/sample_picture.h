#pragma once

#include "ui/views/linking.h"

#include <QStackedWidget>

namespace nmf::ui
{

/// One column over the features: an image, a curve, bars, or its largest entries by name, by what the rows of V mean.
class SamplePicture : public QStackedWidget
{
    Q_OBJECT

public:
    /// What the column stands for: a component, or what has no tile of its own, a sample or a residual.
    SamplePicture(const Study& study, Selection& selection, Tiles tiles, QWidget* parent = nullptr);

    void showColumn(const Dataset& dataset, std::shared_ptr<const Matrix<double>> values, Index column,
                    const TileLabel& label);
    void clear();
    /// Values below zero are of another colour; zero is in the middle.
    void setDiverging();
    /// What the brightest colour and the longest bar stand for; 0: the largest value.
    void setMaximum(double maximum);
    const QString& caption() const { return m_caption; }
    Figure& figure();

private:
    ImageGrid& images();
    BarGrid& bars();
    void prepare(TileArea& gallery);

    const Study& m_study;
    Selection& m_selection;
    Tiles m_tiles;
    QString m_caption;
    double m_maximum = 0;
    bool m_diverging = false;
    ImageGrid* m_images = nullptr; ///< made when first needed, as there are many of these
    BarGrid* m_bars = nullptr;
};

/// How a column over the features is drawn where they are no pixels: a curve where neighbours mean something, else the
/// largest rows by name, or all of them where they are few and nameless.
BarGrid::Look lookOf(const Dataset& dataset);

/// How wide one such picture is beside others.
int widthOfPicture(const Dataset& dataset);

} // namespace nmf::ui
