#include "ui/model/pasted.h"

#include "core/error.h"
#include "ui/model/image_format.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

namespace nmf::ui
{

std::optional<Pasted> pastedFrom(const QMimeData& clipboard)
{
    // Spreadsheets give their cells as a picture too: the numbers are what is meant.
    if (const QString text = clipboard.text(); !text.trimmed().isEmpty())
        return Pasted{QStringLiteral("Clipboard.txt"), text.toUtf8()};
    const auto picture = clipboard.hasImage() ? clipboard.imageData().value<QImage>() : QImage();
    if (picture.isNull())
        return {};
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    // Quickly: it is read again at once.
    constexpr int littlePacking = 90;
    picture.save(&buffer, "PNG", littlePacking);
    return Pasted{QStringLiteral("Clipboard.png"), buffer.data()};
}

Dataset readPasted(const Pasted& pasted, const LoadControl& control)
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(pasted.name));
    if (!folder.isValid() || !file.open(QIODevice::WriteOnly) || file.write(pasted.bytes) != pasted.bytes.size() ||
        !file.flush())
        throw Error("What was pasted could not be kept in the folder for temporary files: make room there.");
    file.close();
    Dataset dataset = open(file.fileName().toStdString(), control);
    dataset.title = "Clipboard";
    dataset.source.clear();
    return dataset;
}

} // namespace nmf::ui
