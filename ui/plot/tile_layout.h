#pragma once

#include <QRect>
#include <QSize>

namespace nmf::ui
{

/// What a gallery needs to know to be laid out; lengths in pixels.
struct TileRequest
{
    int count = 0;
    QSize viewport = {};
    QSize natural = {};       ///< the picture at scale 1; empty: a picture takes whatever shape fills the gallery
    QSize minimum = {30, 30}; ///< of a picture; what does not fit then is scrolled to
    double zoom = 1;          ///< 1: as large as fits
    int captionHeight = 0;
    int captionWidth = 0; ///< wanted; given where columns have room to spare
    int gap = 8;
    int columns = 0;        ///< 0: as many as suit
    int scrollBarWidth = 0; ///< kept free when there is something to scroll
    double pixelRatio = 1;  ///< pixels of the device for each of ours
};

/// Where the tiles of a gallery are, row by row, in coordinates of the scrolled contents.
struct TileLayout
{
    int count = 0;
    int columns = 1;
    QSize picture = {};
    int captionHeight = 0;
    int gap = 0;
    int pitch = 1; ///< from one column to the next
    int left = 0;  ///< of the first column
    int top = 0;   ///< of the first row
    int contentHeight = 0;
    bool scrolls = false;

    int rows() const { return (count + columns - 1) / columns; }
    QRect tile(int index) const; ///< picture and caption
    QRect pictureOf(int index) const;
    QRect captionOf(int index) const;
    /// The tile at a point, or −1.
    int at(QPoint point) const;
};

TileLayout layOutTiles(const TileRequest& request);

/// The largest rectangle of these proportions inside, centred.
QRect fitted(QSize natural, const QRect& inside);

} // namespace nmf::ui
