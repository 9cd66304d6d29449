#include "ui/window_files.h"

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

void askForSavePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                    const QStringList& filters, UsePath use)
{
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(endingOf(filters.first()));
    dialog->selectFile(name);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
                     [dialog](const QString& filter) { dialog->setDefaultSuffix(endingOf(filter)); });
    show(dialog, std::move(use));
}

} // namespace nmf::ui
