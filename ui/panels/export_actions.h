#pragma once

#include "ui/model/exporter.h"
#include "ui/model/result_export.h"
#include "ui/model/study.h"

#include <QAction>
#include <QPointer>
#include <QWidget>

#include <cstdint>

namespace nmf::ui
{

class ExportDialog;

/// What carries results out and data in, as actions for menus: they know their keys and when they make sense.
class ExportActions : public QObject
{
    Q_OBJECT

public:
    ExportActions(Study& study, Exporter& exporter, QWidget* window);

    QAction* exportResults;
    QAction* saveMontage;
    QAction* copyPython;
    QAction* copyCommand;
    QAction* paste;

signals:
    /// A sentence for the status line.
    void done(const QString& text);
    /// A sentence on what cannot be.
    void refused(const QString& text);
    /// A file was pasted, to be opened as if it had been dropped.
    void filePasted(const QString& path);
    /// A table or a picture was pasted, to be opened.
    void dataPasted(const nmf::ui::Pasted& pasted);

private:
    void listen();
    void showExportDialog();
    void showMontageDialog();
    void askForMontagePath(const std::shared_ptr<const Snapshot>& snapshot, const struct ExactMontage& wanted);
    void copyAsPython();
    void copyAsCommand();
    void pasteData();
    void showSense();

    Study& m_study;
    Exporter& m_exporter;
    QWidget* m_window;
    QPointer<ExportDialog> m_dialog;
    QString m_start;           ///< start.npz as it was exported last
    std::uint64_t m_startOf{}; ///< the run whose start that is
};

} // namespace nmf::ui
