#include "ui/panels/newcomers_dialog.h"

#include "core/formats/writers.h"
#include "ui/model/settings.h"
#include "ui/plot/heatmap.h"
#include "ui/window_files.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

NewcomersDialog::NewcomersDialog(std::shared_ptr<const Newcomers> newcomers, Exporter& exporter, QWidget* parent)
    : QDialog(parent), m_newcomers(std::move(newcomers)), m_exporter(exporter)
{
    setObjectName("newcomers-dialog");
    setWindowTitle(tr("New samples"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(760, 420);
    auto* text = new QLabel(summary());
    text->setObjectName("newcomers-summary");
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* heatmap = new Heatmap;
    heatmap->setObjectName("newcomers");
    heatmap->setAxisNames(tr("component"), tr("sample"));
    heatmap->setColorMap(colorMap(Settings().text("coefficients/colors", "viridis")));
    heatmap->setColumnNames([this](Index column) { return sampleName(column); });
    heatmap->setMatrix(m_newcomers->beside, Heatmap::Orientation::Transposed, m_newcomers->of->order);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* save = buttons->addButton(tr("&Save coefficients…"), QDialogButtonBox::ActionRole);
    save->setObjectName("newcomers-save");
    save->setToolTip(tr("Writes the coefficients of the new samples, not those of the training ones"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(heatmap, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(save, &QPushButton::clicked, this, &NewcomersDialog::chooseFile);
}

QString NewcomersDialog::summary() const
{
    const Newcomers& all = *m_newcomers;
    const QString title = QString::fromStdString(all.dataset->title);
    QString text = all.samples() == 1
                       ? tr("The first column is the new sample of %1, the others are training samples").arg(title)
                       : tr("The first %1 columns are the new samples of %2, the others are training samples")
                             .arg(all.samples())
                             .arg(title);
    if (all.everyOther > 1)
        text += tr(" (one of every %1)").arg(all.everyOther);
    text += tr(". Relative error of the new %1, of the training samples %2.")
                .arg(all.found.relativeError, 0, 'g', 4)
                .arg(all.of->record.relativeError, 0, 'g', 4);
    if (all.found.unsolved > 0)
        text += tr(" Not solved to the last digits: %1 of the new.").arg(all.found.unsolved);
    return text + tr(" Scaled to a basis of norm 1.");
}

QString NewcomersDialog::sampleName(Index column) const
{
    const Newcomers& all = *m_newcomers;
    if (column < all.samples())
        return tr("new: %1").arg(QString::fromStdString(all.dataset->samples.label(column)));
    return QString::fromStdString(all.of->dataset->samples.label(all.trainingSample(column)));
}

void NewcomersDialog::chooseFile()
{
    askForSavePath(this, tr("Save the coefficients"), Settings().lastFolder(), QStringLiteral("H-new"), matrixFilters(),
                   [this](const QString& path) {
                       m_exporter.perform(path, [newcomers = m_newcomers, path](const LoadControl& control) {
                           NamedMatrix H{.name = "H", .values = newcomers->found.Ht.transpose()};
                           for (Index j = 0; j < newcomers->samples(); ++j)
                               H.columnNames.push_back(newcomers->dataset->samples.label(j));
                           writerFor(path).write(path.toStdString(), std::span(&H, 1), control);
                       });
                   });
}

} // namespace nmf::ui
