#include "ui/panels/export_dialog.h"

#include "ui/window_files.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

QString describe(ResultMatrix matrix)
{
    switch (matrix) {
    case ResultMatrix::W:
        return ExportDialog::tr("Basis &W, features × rank");
    case ResultMatrix::H:
        return ExportDialog::tr("Coefficients &H, rank × samples");
    case ResultMatrix::Fit:
        return ExportDialog::tr("&Fit WH, features × samples");
    case ResultMatrix::Residual:
        break;
    }
    return ExportDialog::tr("&Residual V − WH, features × samples");
}

} // namespace

ExportDialog::ExportDialog(Study& study, Exporter& exporter, QWidget* parent)
    : QDialog(parent), m_study(study), m_exporter(exporter), m_writer(new QComboBox), m_scaling(new QComboBox),
      m_python(new QCheckBox(tr("Data, start and script for scikit-&learn"))), m_folder(new QLineEdit),
      m_files(new QLabel), m_progress(new QProgressBar)
{
    setObjectName("export-dialog");
    setWindowTitle(tr("Export results"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout(this);
    makeFields();
    // Made last, since the keys go from field to field as these are made.
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_export = buttons->addButton(tr("&Export"), QDialogButtonBox::ActionRole);
    m_close = buttons->button(QDialogButtonBox::Close);
    m_export->setObjectName("export");
    m_export->setToolTip(tr("Writes the files that are listed, all of them or none"));
    layout->addWidget(m_files);
    layout->addWidget(m_progress);
    layout->addWidget(buttons);
    m_export->setDefault(true); // which a button can be in a dialog only
    listen();
    showFiles();
    showBusy();
    setMinimumWidth(460);
    m_folder->setFocus();
}

void ExportDialog::makeFields()
{
    auto* form = new QFormLayout;
    static_cast<QVBoxLayout*>(layout())->addLayout(form);
    auto* boxes = new QVBoxLayout;
    for (const ResultMatrix matrix : allResultMatrices()) {
        auto* box = new QCheckBox(describe(matrix));
        box->setObjectName(QString::fromStdString("export-" + nameOf(matrix)));
        box->setToolTip(tr("Writes this matrix into a file of its own"));
        box->setChecked(matrix == ResultMatrix::W || matrix == ResultMatrix::H);
        boxes->addWidget(box);
        m_matrices.push_back(box);
    }
    form->addRow(tr("Matrices"), boxes);
    m_writer->setObjectName("export-format");
    m_writer->setAccessibleName(tr("Format"));
    m_writer->setToolTip(tr("What kind of files the matrices are written as"));
    for (const Writer& writer : writers()) {
        m_writer->addItem(QString::fromStdString(writer.facts.name + " (" + writer.suffix + ")"),
                          QString::fromStdString(writer.facts.id));
        m_writer->setItemData(m_writer->count() - 1, QString::fromStdString(writer.facts.summary), Qt::ToolTipRole);
    }
    m_writer->setCurrentIndex(std::max(0, m_writer->findData(m_settings.text("export/format", "npy"))));
    form->addRow(tr("F&ormat"), m_writer);
    m_scaling->setObjectName("export-scaling");
    m_scaling->setAccessibleName(tr("Scale"));
    m_scaling->addItems({tr("As solved"), tr("Every column of W has norm 1")});
    m_scaling->setToolTip(
        tr("Of a component's size only the product of its column of W and its row of H is determined"));
    form->addRow(tr("&Scale"), m_scaling);
    m_python->setObjectName("export-python");
    m_python->setToolTip(tr("The script repeats the fit; the transposes are written out in it"));
    form->addRow(QString(), m_python);
    form->addRow(tr("Fol&der"), makeFolderRow());
    m_files->setObjectName("export-files");
    m_files->setWordWrap(true);
    m_files->setAlignment(Qt::AlignTop);
    m_files->setMinimumHeight(3 * fontMetrics().lineSpacing()); // so that nothing moves as the list grows
    m_files->setTextFormat(Qt::PlainText);
    m_progress->setRange(0, 1000);
    m_progress->setAccessibleName(tr("Progress of the export"));
}

QWidget* ExportDialog::makeFolderRow()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    auto* choose = new QToolButton;
    choose->setText(tr("…"));
    choose->setToolTip(tr("Choose a folder"));
    layout->addWidget(m_folder, 1);
    layout->addWidget(choose);
    row->setFocusProxy(m_folder);
    m_folder->setObjectName("export-folder");
    m_folder->setAccessibleName(tr("Folder"));
    m_folder->setToolTip(tr("Where the files are written"));
    m_folder->setText(QDir::toNativeSeparators(m_settings.text("export/folder", m_settings.lastFolder())));
    connect(choose, &QToolButton::clicked, this, &ExportDialog::chooseFolder);
    return row;
}

void ExportDialog::listen()
{
    for (QCheckBox* box : m_matrices)
        connect(box, &QCheckBox::toggled, this, &ExportDialog::showFiles);
    connect(m_python, &QCheckBox::toggled, this, &ExportDialog::showFiles);
    connect(m_writer, &QComboBox::currentIndexChanged, this, &ExportDialog::showFiles);
    connect(m_folder, &QLineEdit::textChanged, this, &ExportDialog::showFiles);
    connect(&m_study, &Study::snapshotChanged, this, &ExportDialog::showBusy);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::begin);
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(&m_exporter, &Exporter::progress, this,
            [this](double fraction) { m_progress->setValue(static_cast<int>(1000 * fraction)); });
    connect(&m_exporter, &Exporter::saved, this, [this](const QString& place) {
        if (!m_writing || place != QString::fromStdString(m_underWay.folder.string()))
            return;
        emit written(m_underWay);
        accept();
    });
    connect(&m_exporter, &Exporter::busyChanged, this, [this] {
        m_writing = m_writing && m_exporter.busy();
        showBusy();
    });
}

void ExportDialog::chooseFolder()
{
    askForFolder(this, m_folder->text(), [this](const QString& path) { m_folder->setText(path); });
}

ResultExport ExportDialog::wanted() const
{
    ResultExport wanted{.snapshot = m_study.shown(), .matrices = {}, .names = m_study.labels().names};
    for (std::size_t i = 0; i < m_matrices.size(); ++i)
        if (m_matrices[i]->isChecked())
            wanted.matrices.push_back(allResultMatrices()[i]);
    wanted.writer = m_writer->currentData().toString().toStdString();
    wanted.scaling = m_scaling->currentIndex() == 0 ? Scaling::AsSolved : Scaling::UnitBasis;
    wanted.forPython = m_python->isChecked();
    wanted.folder = QFileInfo(m_folder->text()).absoluteFilePath().toStdString();
    return wanted;
}

void ExportDialog::begin()
{
    m_settings.setText("export/format", m_writer->currentData().toString());
    m_settings.setText("export/folder", m_folder->text());
    m_underWay = wanted();
    m_writing = true;
    m_progress->setValue(0);
    m_exporter.perform(QString::fromStdString(m_underWay.folder.string()),
                       [what = m_underWay](const LoadControl& control) { write(what, control); });
}

void ExportDialog::showFiles()
{
    const ResultExport chosen = wanted();
    const QDir folder(m_folder->text());
    QStringList files, replaced;
    for (const std::string& file : filesOf(chosen)) {
        files << QString::fromStdString(file);
        if (!m_folder->text().isEmpty() && folder.exists(files.last()))
            replaced << files.last();
    }
    m_files->setText(tr("Writes %1.").arg(files.join(", ")) +
                     (replaced.isEmpty() ? QString() : "\n" + tr("Replaces %1.").arg(replaced.join(", "))));
    showBusy();
}

void ExportDialog::showBusy()
{
    m_progress->setVisible(m_writing);
    m_close->setText(m_writing ? tr("Cancel") : tr("Close"));
    const bool any =
        m_python->isChecked() || std::ranges::any_of(m_matrices, [](const QCheckBox* box) { return box->isChecked(); });
    m_export->setEnabled(!m_writing && any && m_study.shown() && !m_folder->text().isEmpty());
}

void ExportDialog::reject()
{
    if (m_writing)
        m_exporter.cancel();
    else
        QDialog::reject();
}

} // namespace nmf::ui
