#include "ui/model/pasted.h"

#include "core/error.h"
#include "ui/model/image_format.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextTable>

namespace nmf::ui
{

namespace
{

QString textOf(const QTextTableCell& cell)
{
    QTextCursor cursor = cell.firstCursorPosition();
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor::KeepAnchor);
    return cursor.selectedText().simplified();
}

/// The first table of a page, with tabs between its cells; empty if it has none.
QString tableOf(const QString& html)
{
    QTextDocument page;
    page.setHtml(html);
    QString text;
    for (QTextFrame* frame : page.rootFrame()->childFrames()) {
        const auto* table = qobject_cast<QTextTable*>(frame);
        for (int row = 0; table && row < table->rows(); ++row) {
            QStringList cells;
            for (int column = 0; column < table->columns(); ++column)
                cells << textOf(table->cellAt(row, column));
            text += cells.join('\t') + '\n';
        }
        if (table)
            break;
    }
    return text;
}

} // namespace

std::optional<Pasted> pastedFrom(const QMimeData& clipboard)
{
    // Spreadsheets give their cells as a picture too: the numbers are what is meant.
    QString text = clipboard.text();
    if (text.trimmed().isEmpty())
        text = tableOf(clipboard.html());
    if (!text.trimmed().isEmpty())
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
