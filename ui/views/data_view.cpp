#include "ui/views/data_view.h"

#include "ui/model/montage.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QResizeEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

namespace nmf::ui
{

namespace
{

QString number(double value)
{
    return QLocale().toString(value, 'g', 6);
}

QString count(Index value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

/// "361 pixels (19 × 19)".
QString axisText(const Axis& axis, Index length, const QString& otherwise)
{
    QString noun = axis.noun.empty() ? otherwise : QString::fromStdString(axis.noun) + (length == 1 ? "" : "s");
    QString text = count(length) + " " + noun;
    if (axis.kind == Axis::Kind::Pixels)
        text += QStringLiteral(" (%1 wide × %2 high)").arg(axis.width).arg(axis.height);
    return text;
}

} // namespace

DataView::DataView(Study& study, QWidget* parent)
    : QWidget(parent), m_study(study), m_title(new QLabel), m_facts(new QLabel), m_picture(new QLabel),
      m_notes(new QLabel), m_loading(new QWidget), m_progress(new QProgressBar)
{
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_loading);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addWidget(m_picture);
    layout->addWidget(m_notes);
    layout->addStretch();
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    for (QLabel* label : {m_title, m_facts, m_notes}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_title->setObjectName("data-title");
    m_facts->setObjectName("data-facts");
    m_picture->setObjectName("data-montage");
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setMinimumHeight(1);
    m_picture->installEventFilter(this);

    auto* row = new QHBoxLayout(m_loading);
    row->setContentsMargins({});
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setToolTip(tr("Leaves what was open before"));
    row->addWidget(m_progress);
    row->addWidget(cancel);
    m_progress->setRange(0, 1000);
    m_progress->setAccessibleName(tr("Progress of loading"));
    connect(cancel, &QPushButton::clicked, &study, &Study::cancelLoading);
    connect(&study, &Study::loadingChanged, this, &DataView::showLoading);
    connect(&study, &Study::loadingProgress, this,
            [this](double fraction) { m_progress->setValue(static_cast<int>(1000 * fraction)); });
    connect(&study, &Study::datasetChanged, this, &DataView::showDataset);
    showLoading();
    showDataset();
}

void DataView::showLoading()
{
    m_loading->setVisible(m_study.loading());
    m_progress->setValue(0);
}

void DataView::showDataset()
{
    const auto& dataset = m_study.dataset();
    if (!dataset) {
        m_title->setText(tr("No data"));
        m_facts->clear();
        m_notes->clear();
        m_picture->clear();
        return;
    }
    const DataFacts& facts = m_study.dataFacts();
    m_title->setText(QString::fromStdString(dataset->title));
    m_title->setToolTip(QString::fromStdString(dataset->source));
    const double zeros =
        dataset->V.size() > 0 ? 100.0 * static_cast<double>(facts.zeros) / static_cast<double>(dataset->V.size()) : 0;
    QStringList lines{tr("V is %1 × %2: a column is a sample").arg(count(dataset->V.rows()), count(dataset->V.cols())),
                      tr("rows: %1").arg(axisText(dataset->features, dataset->V.rows(), tr("features"))),
                      tr("columns: %1").arg(axisText(dataset->samples, dataset->V.cols(), tr("samples"))),
                      tr("values: %1 to %2").arg(number(facts.minimum), number(facts.maximum)),
                      tr("zeros: %1 %").arg(QLocale().toString(zeros, 'f', 1))};
    if (facts.nans > 0)
        lines << tr("missing: %1").arg(count(facts.nans));
    if (facts.infinities > 0)
        lines << tr("infinite: %1").arg(count(facts.infinities));
    if (dataset->weights)
        lines << tr("with a table of weights");
    if (facts.negatives > 0)
        lines << tr("negative: %1").arg(count(facts.negatives));
    m_facts->setText(lines.join('\n'));
    QStringList notes;
    for (const std::string& note : dataset->notes)
        notes << QString::fromStdString(note);
    m_notes->setText(notes.join('\n'));
    m_notes->setVisible(!notes.isEmpty());
    m_picture->setToolTip(dataset->features.kind == Axis::Kind::Pixels ? tr("The first samples")
                                                                       : tr("The whole table; brighter is larger"));
    fitPicture();
}

void DataView::fitPicture()
{
    const QImage& montage = m_study.montage();
    if (montage.isNull()) {
        m_picture->clear();
        return;
    }
    const int width = std::max(50, this->width() - 24);
    const double ratio = devicePixelRatioF();
    const QSize target = montage.size().scaled(QSize(width, width) * ratio, Qt::KeepAspectRatio);
    const bool enlarging = target.width() >= 2 * montage.width();
    QPixmap pixmap = QPixmap::fromImage(
        montage.scaled(target, Qt::KeepAspectRatio, enlarging ? Qt::FastTransformation : Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
}

QString DataView::textAt(QPoint point) const
{
    const auto& dataset = m_study.dataset();
    const QImage& montage = m_study.montage();
    const QSize shown = m_picture->pixmap().deviceIndependentSize().toSize();
    if (!dataset || shown.isEmpty())
        return {};
    const QPoint inside =
        point - QPoint((m_picture->width() - shown.width()) / 2, (m_picture->height() - shown.height()) / 2);
    const QPoint cell(inside.x() * montage.width() / shown.width(), inside.y() * montage.height() / shown.height());
    const auto place = placeInMontage(*dataset, cell, Study::montageColumns, Study::montageRows);
    if (!place || !QRect(QPoint(), shown).contains(inside))
        return {};
    const QString where = QStringLiteral("%1, %2: ")
                              .arg(QString::fromStdString(dataset->samples.label(place->column)),
                                   QString::fromStdString(dataset->features.label(place->row)));
    if (!isUnknown(*dataset, place->row, place->column))
        return where + number(dataset->V(place->row, place->column));
    const auto& snapshot = m_study.shown();
    if (!snapshot || snapshot->dataset != dataset)
        return where + tr("unknown");
    const double imputed = snapshot->W->row(place->row).dot(snapshot->Ht->row(place->column));
    return where + tr("unknown; the model says %1").arg(number(imputed));
}

bool DataView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_picture && event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = textAt(help->pos());
        QToolTip::showText(help->globalPos(), text.isEmpty() ? m_picture->toolTip() : text, m_picture);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QSize DataView::figureSize() const
{
    constexpr int comfortable = 240;
    const QSize own = m_study.montage().size();
    const int enlarged = std::max(1, comfortable / std::max({1, own.width(), own.height()}));
    return (own * enlarged).expandedTo({1, 1});
}

void DataView::paintFigure(QPainter& painter, QSize size)
{
    painter.fillRect(QRect(QPoint(0, 0), size), Qt::white);
    const QImage& montage = m_study.montage();
    // As squares in every format: programs that show SVG and PDF blur pictures that they enlarge themselves.
    const int sharp = std::max(1, 4 * size.width() / std::max(1, montage.width()));
    if (!montage.isNull())
        painter.drawImage(QRect(QPoint(0, 0), size), montage.scaled(montage.size() * sharp));
}

void DataView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != width())
        fitPicture();
}

} // namespace nmf::ui
