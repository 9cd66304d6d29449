#include "ui/panels/export_actions.h"

#include "core/error.h"
#include "ui/model/command_line.h"
#include "ui/model/import.h"
#include "ui/model/pasted.h"
#include "ui/model/python_snippet.h"
#include "ui/model/settings.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/montage_dialog.h"
#include "ui/window_files.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QUrl>

namespace nmf::ui
{

namespace
{

QAction* makeAction(QWidget* window, const QString& text, const QKeySequence& key, const QString& tip)
{
    auto* action = new QAction(text, window);
    action->setShortcut(key);
    action->setStatusTip(tip);
    return action;
}

} // namespace

ExportActions::ExportActions(Study& study, Exporter& exporter, QWidget* window)
    : QObject(window),
      exportResults(makeAction(window, tr("&Export results…"), QKeySequence("Ctrl+E"),
                               tr("Write W, H, the fit and the residual, with a manifest of the run"))),
      saveMontage(makeAction(window, tr("&Montage of the basis…"), {},
                             tr("Save the parts side by side as a picture of exact size"))),
      copyPython(
          makeAction(window, tr("Copy as P&ython"), {}, tr("Copy a script that repeats the fit with scikit-learn"))),
      copyCommand(makeAction(window, tr("Copy as co&mmand"), QKeySequence("Ctrl+Shift+C"),
                             tr("Copy the line that makes this run without a window"))),
      paste(makeAction(window, tr("&Paste data"), QKeySequence::Paste,
                       tr("Open the table or the picture in the clipboard"))),
      m_study(study), m_exporter(exporter), m_window(window)
{
    listen();
    showSense();
}

void ExportActions::listen()
{
    connect(exportResults, &QAction::triggered, this, &ExportActions::showExportDialog);
    connect(saveMontage, &QAction::triggered, this, &ExportActions::showMontageDialog);
    connect(copyPython, &QAction::triggered, this, &ExportActions::copyAsPython);
    connect(copyCommand, &QAction::triggered, this, &ExportActions::copyAsCommand);
    connect(paste, &QAction::triggered, this, &ExportActions::pasteData);
    connect(&m_study, &Study::snapshotChanged, this, &ExportActions::showSense);
    connect(&m_study, &Study::datasetChanged, this, &ExportActions::showSense);
}

void ExportActions::showSense()
{
    const auto& snapshot = m_study.shown();
    exportResults->setEnabled(snapshot != nullptr);
    copyPython->setEnabled(snapshot != nullptr);
    copyCommand->setEnabled(m_study.dataset() != nullptr);
    saveMontage->setEnabled(snapshot && snapshot->dataset->features.kind == Axis::Kind::Pixels);
}

void ExportActions::showExportDialog()
{
    if (!m_dialog) {
        m_dialog = new ExportDialog(m_study, m_exporter, m_window);
        connect(m_dialog, &ExportDialog::written, this, [this](const ResultExport& what) {
            if (!what.forPython)
                return;
            m_start = QString::fromStdString((what.folder / "start.npz").string());
            m_startOf = what.snapshot->run;
        });
    }
    m_dialog->show();
    m_dialog->activateWindow();
}

void ExportActions::showMontageDialog()
{
    auto* dialog = new MontageDialog(m_study.shown(), m_window);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { askForMontagePath(dialog->snapshot(), dialog->wanted()); });
    dialog->open();
}

void ExportActions::askForMontagePath(const std::shared_ptr<const Snapshot>& snapshot, const ExactMontage& wanted)
{
    askForSavePath(m_window, tr("Save the montage"), Settings().lastFolder(), QStringLiteral("W-montage"),
                   {tr("PNG picture (*.png)"), tr("TIFF picture (*.tif)")},
                   [this, snapshot, wanted, order = orderOf(m_study.labels(), snapshot->order)](const QString& path) {
                       m_exporter.perform(path, [snapshot, wanted, order, path](const LoadControl& control) {
                           const QImage picture =
                               exactMontage(*snapshot->W, order, snapshot->dataset->features, wanted);
                           control.check(0.5);
                           savePicture(picture, path.toStdString());
                       });
                   });
}

void ExportActions::copyAsPython()
{
    const auto& snapshot = m_study.shown();
    const bool exported = !m_start.isEmpty() && m_startOf == snapshot->run;
    const QString start = exported ? m_start : QStringLiteral("start.npz");
    // What was made of the file is not what is in it.
    Dataset ofFile = *snapshot->dataset;
    if (!isPlain(m_study.plan()))
        ofFile.source.clear();
    QGuiApplication::clipboard()->setText(pythonSnippet(*snapshot, pythonFiles(ofFile, m_study.transposed(), start)));
    emit done(exported ? tr("Copied as Python")
                       : tr("Copied as Python; File > Export results writes the start.npz that it reads"));
}

void ExportActions::copyAsCommand()
{
    try {
        const auto& snapshot = m_study.shown();
        const QString line = commandLine({.dataset = m_study.dataset(),
                                          .plan = m_study.plan(),
                                          .options = snapshot ? snapshot->options : m_study.options(),
                                          .snapshot = snapshot});
        QGuiApplication::clipboard()->setText(line);
        emit done(tr("Copied: %1").arg(line));
    } catch (const Error& error) {
        emit refused(QString::fromStdString(error.what()));
    }
}

void ExportActions::pasteData()
{
    const QMimeData* clipboard = QGuiApplication::clipboard()->mimeData();
    const QList<QUrl> urls = clipboard ? clipboard->urls() : QList<QUrl>();
    if (!urls.isEmpty() && urls.first().isLocalFile()) {
        emit filePasted(urls.first().toLocalFile());
        return;
    }
    const std::optional<Pasted> pasted = clipboard ? pastedFrom(*clipboard) : std::nullopt;
    if (pasted)
        emit dataPasted(*pasted);
    else
        emit refused(tr("There is no table and no picture in the clipboard: copy cells of a spreadsheet, or a "
                        "picture, and paste again."));
}

} // namespace nmf::ui
