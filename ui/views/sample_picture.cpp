#include "ui/views/sample_picture.h"

namespace nmf::ui
{

BarGrid::Look lookOf(const Dataset& dataset)
{
    constexpr Index few = 64;
    if (dataset.features.kind == Axis::Kind::Ordered)
        return BarGrid::Look::Curve;
    return dataset.features.names.empty() && dataset.V.rows() <= few ? BarGrid::Look::Bars : BarGrid::Look::Largest;
}

int widthOfPicture(const Dataset& dataset)
{
    constexpr int image = 96, curve = 126, names = 140;
    if (dataset.features.kind == Axis::Kind::Pixels)
        return image;
    return lookOf(dataset) == BarGrid::Look::Largest ? names : curve;
}

SamplePicture::SamplePicture(const Study& study, Selection& selection, Tiles tiles, QWidget* parent)
    : QStackedWidget(parent), m_study(study), m_selection(selection), m_tiles(tiles)
{
}

void SamplePicture::prepare(TileArea& gallery)
{
    addWidget(&gallery);
    gallery.setSelectable(m_tiles == Tiles::Components);
    // There is one tile, so the keys have nothing to do here.
    gallery.setFocusPolicy(Qt::NoFocus);
    gallery.setPlaceholder({});
    linkTiles(gallery, m_selection, m_tiles);
}

ImageGrid& SamplePicture::images()
{
    if (!m_images) {
        m_images = new ImageGrid;
        prepare(*m_images);
        linkEntries(*m_images, m_study, m_selection, m_tiles, Entries::Features);
        m_images->setColorMap(colorMap(m_diverging ? QStringLiteral("blue-white-red") : QStringLiteral("gray")));
    }
    return *m_images;
}

BarGrid& SamplePicture::bars()
{
    if (!m_bars) {
        m_bars = new BarGrid;
        prepare(*m_bars);
        linkEntries(*m_bars, m_study, m_selection, m_tiles, Entries::Features);
        m_bars->setNames([this](Index row) {
            return m_study.dataset() ? QString::fromStdString(m_study.dataset()->features.label(row)) : QString();
        });
    }
    return *m_bars;
}

void SamplePicture::showColumn(const Dataset& dataset, std::shared_ptr<const Matrix<double>> values, Index column,
                               const TileLabel& label)
{
    m_caption = label.caption;
    const Axis& axis = dataset.features;
    if (axis.kind == Axis::Kind::Pixels) {
        images().setTiles({{.label = label,
                            .values = std::move(values),
                            .column = column,
                            .height = static_cast<int>(axis.height),
                            .width = static_cast<int>(axis.width),
                            .channels = static_cast<int>(axis.channels)}});
        setCurrentWidget(m_images);
    } else {
        bars().setLook(lookOf(dataset));
        m_bars->setTiles({{.label = label, .values = std::move(values), .column = column}});
        setCurrentWidget(m_bars);
    }
    setMaximum(m_maximum);
}

void SamplePicture::clear()
{
    m_caption.clear();
    if (m_images)
        m_images->setTiles({});
    if (m_bars)
        m_bars->setTiles({});
}

void SamplePicture::setDiverging()
{
    m_diverging = true;
    if (m_images)
        m_images->setColorMap(colorMap(QStringLiteral("blue-white-red")));
}

void SamplePicture::setMaximum(double maximum)
{
    m_maximum = maximum;
    if (m_images) {
        m_images->setSharedMaximum(maximum);
        m_images->setContrast(maximum > 0 ? ImageGrid::Contrast::Shared : ImageGrid::Contrast::PerTile);
    }
    if (m_bars) {
        m_bars->setSharedMaximum(maximum);
        m_bars->setContrast(maximum > 0 ? BarGrid::Contrast::Shared : BarGrid::Contrast::PerTile);
    }
}

Figure& SamplePicture::figure()
{
    if (m_images && currentWidget() == m_images)
        return *m_images;
    return bars();
}

} // namespace nmf::ui
