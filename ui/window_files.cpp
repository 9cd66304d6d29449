#include "ui/window_files.h"

#include "core/formats/writers.h"
#include "ui/model/image_format.h"
#include "ui/model/session.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

namespace nmf::ui
{

namespace
{

void show(QFileDialog* dialog, UsePath use)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, std::move(use));
    dialog->open();
}

QString filterOfAll()
{
    QStringList patterns{'*' + sessionSuffix};
    for (const Format& format : allFormats())
        for (const std::string& suffix : format.suffixes)
            patterns << QStringLiteral("*") + QString::fromStdString(suffix);
    return QFileDialog::tr("Data and sessions (%1)").arg(patterns.join(' '));
}

/// "csv" of "Table (*.csv)".
QString endingOf(const QString& filter)
{
    const auto dot = filter.lastIndexOf('.');
    return filter.mid(dot + 1, filter.lastIndexOf(')') - dot - 1);
}

} // namespace

void askForFile(QWidget* parent, const QString& folder, UsePath use)
{
    auto* dialog = new QFileDialog(parent, QFileDialog::tr("Open"), folder);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({filterOfAll(), QFileDialog::tr("All files (*)")});
    show(dialog, std::move(use));
}

void askForFolder(QWidget* parent, const QString& folder, UsePath use)
{
    auto* dialog = new QFileDialog(parent, QFileDialog::tr("Open a folder of images"), folder);
    dialog->setFileMode(QFileDialog::Directory);
    show(dialog, std::move(use));
}

namespace
{

QFileDialog* saveDialog(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                        const QStringList& filters)
{
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(endingOf(filters.first()));
    dialog->selectFile(name);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
                     [dialog](const QString& filter) { dialog->setDefaultSuffix(endingOf(filter)); });
    return dialog;
}

} // namespace

void askForSavePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                    const QStringList& filters, UsePath use)
{
    show(saveDialog(parent, title, folder, name, filters), std::move(use));
}

void askForFigurePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                      UseFigurePath use)
{
    const std::vector<std::pair<QString, double>> kinds{
        {QFileDialog::tr("PNG picture, twice the screen's size (*.png)"), 2},
        {QFileDialog::tr("PNG picture, the screen's size (*.png)"), 1},
        {QFileDialog::tr("PNG picture, four times the screen's size (*.png)"), 4},
        {QFileDialog::tr("SVG drawing (*.svg)"), 1},
        {QFileDialog::tr("PDF (*.pdf)"), 1},
        {QFileDialog::tr("Table of the numbers shown (*.csv)"), 1}};
    QStringList filters;
    for (const auto& kind : kinds)
        filters << kind.first;
    QFileDialog* dialog = saveDialog(parent, title, folder, name, filters);
    show(dialog, [dialog, kinds, use = std::move(use)](const QString& path) {
        double scale = kinds.front().second;
        for (const auto& [filter, pixels] : kinds)
            if (filter == dialog->selectedNameFilter())
                scale = pixels;
        use(path, scale);
    });
}

QStringList matrixFilters()
{
    QStringList filters;
    for (const Writer& writer : writers())
        filters << QStringLiteral("%1 (*%2)")
                       .arg(QString::fromStdString(writer.facts.name), QString::fromStdString(writer.suffix));
    return filters;
}

} // namespace nmf::ui
