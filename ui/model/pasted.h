#pragma once

#include "core/dataset.h"
#include "core/formats/formats.h"

#include <QByteArray>
#include <QMimeData>
#include <QString>

#include <optional>

namespace nmf::ui
{

/// What somebody has pasted, as the file that it would be.
struct Pasted
{
    QString name; ///< "Clipboard.txt"
    QByteArray bytes;
};

/// The table of text, else the picture, in a clipboard; none if it has neither.
std::optional<Pasted> pastedFrom(const QMimeData& clipboard);

/// The data in it, read as a file is. They have no source: nothing opens them again. Throws Error, Cancelled.
Dataset readPasted(const Pasted& pasted, const LoadControl& control);

} // namespace nmf::ui
