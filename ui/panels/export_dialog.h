#pragma once

#include "ui/model/exporter.h"
#include "ui/model/result_export.h"
#include "ui/model/settings.h"
#include "ui/model/study.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

#include <vector>

namespace nmf::ui
{

/// Which results are written, as what, and into which folder. Stays open while they are written, so that they can be
/// given up; the window goes on meanwhile.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    ExportDialog(Study& study, Exporter& exporter, QWidget* parent = nullptr);

    /// What is chosen, of the factors as they are now.
    ResultExport wanted() const;

public slots:
    void reject() override;

signals:
    /// All of it has been written.
    void written(const nmf::ui::ResultExport& what);

private:
    void makeFields();
    QWidget* makeFolderRow();
    void listen();
    void chooseFolder();
    void begin();
    void showFiles();
    void showBusy();

    Study& m_study;
    Exporter& m_exporter;
    Settings m_settings;
    std::vector<QCheckBox*> m_matrices; ///< as allResultMatrices()
    QComboBox* m_writer;
    QComboBox* m_scaling;
    QCheckBox* m_python;
    QLineEdit* m_folder;
    QLabel* m_files;
    QProgressBar* m_progress;
    QPushButton* m_export;
    QPushButton* m_close;
    ResultExport m_underWay;
    bool m_writing = false;
};

} // namespace nmf::ui
