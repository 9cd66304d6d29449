#include "ui/views/data_view.h"

#include "ui/model/montage.h"
#include "ui/model/readout.h"
#include "ui/views/data_table.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>

namespace nmf::ui
{

namespace
{

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

DataView::DataView(Study& study, Selection& selection, QWidget* parent)
    : QWidget(parent), m_study(study), m_selection(selection), m_title(new QLabel), m_facts(new QLabel),
      m_picture(new QLabel), m_look(new QComboBox), m_table(new QTableView), m_numbers(new DataTable(study, this)),
      m_limits(new QLabel), m_notes(new QLabel), m_loading(new QWidget), m_progress(new QProgressBar)
{
    auto* layout = new QVBoxLayout(this);
    for (QWidget* part : std::initializer_list<QWidget*>{m_loading, m_title, m_facts, m_look, m_picture})
        layout->addWidget(part);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_limits);
    layout->addWidget(m_notes);
    layout->addStretch();
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    for (QLabel* label : {m_title, m_facts, m_notes, m_limits}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_title->setObjectName("data-title");
    m_facts->setObjectName("data-facts");
    m_picture->setObjectName("data-montage");
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setMinimumHeight(1);
    m_picture->setMouseTracking(true);
    m_picture->installEventFilter(this);
    makeTable();
    makeLoading();
    connect(&study, &Study::datasetChanged, this, &DataView::showDataset);
    connect(&study, &Study::optionsChanged, this, &DataView::showGaps);
    showLoading();
    showDataset();
}

void DataView::makeTable()
{
    m_look->setObjectName("data-look");
    m_look->setAccessibleName(tr("How the data are shown"));
    m_look->addItems({tr("Picture"), tr("Numbers")});
    m_look->setToolTip(tr("The whole table at a glance, or its first rows and columns in numbers"));
    m_look->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(m_look, &QComboBox::activated, this, &DataView::showLook);
    constexpr int lowest = 200, widestNames = 96, cellWidth = 60;
    m_table->setObjectName("data-numbers");
    m_table->setAccessibleName(tr("The first rows and columns of the data"));
    m_table->setModel(m_numbers);
    m_table->setToolTip(tr("The first rows and columns of the data"));
    m_table->setMinimumHeight(lowest);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setWordWrap(false);
    m_table->horizontalHeader()->setDefaultSectionSize(cellWidth);
    m_table->verticalHeader()->setMaximumWidth(widestNames);
    m_table->verticalHeader()->setTextElideMode(Qt::ElideRight);
    m_table->horizontalHeader()->setTextElideMode(Qt::ElideRight);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
}

void DataView::makeLoading()
{
    auto* row = new QHBoxLayout(m_loading);
    row->setContentsMargins({});
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setToolTip(tr("Leaves what was open before"));
    row->addWidget(m_progress);
    row->addWidget(cancel);
    m_progress->setRange(0, 1000);
    m_progress->setAccessibleName(tr("Progress of loading"));
    connect(cancel, &QPushButton::clicked, &m_study, &Study::cancelLoading);
    connect(&m_study, &Study::loadingChanged, this, &DataView::showLoading);
    connect(&m_study, &Study::loadingProgress, this,
            [this](double fraction) { m_progress->setValue(static_cast<int>(1000 * fraction)); });
}

void DataView::showLoading()
{
    m_loading->setVisible(m_study.loading());
    m_progress->setValue(0);
}

void DataView::showDataset()
{
    m_gaps = m_study.gaps();
    showLook();
    const auto& dataset = m_study.dataset();
    if (!dataset) {
        m_title->setText(tr("No data"));
        m_facts->clear();
        m_notes->clear();
        m_picture->clear();
        return;
    }
    m_title->setText(QString::fromStdString(dataset->title));
    m_title->setToolTip(QString::fromStdString(dataset->source));
    m_facts->setText(factLines().join('\n'));
    QStringList notes;
    for (const std::string& note : dataset->notes)
        notes << QString::fromStdString(note);
    m_notes->setText(notes.join('\n'));
    m_notes->setVisible(!notes.isEmpty());
    m_picture->setToolTip(dataset->features.kind == Axis::Kind::Pixels ? tr("The first samples")
                                                                       : tr("The whole table; brighter is larger"));
    fitPicture();
}

QStringList DataView::factLines() const
{
    const Dataset& dataset = *m_study.dataset();
    const DataFacts& facts = m_study.dataFacts();
    const Index rows = dataset.V.rows(), columns = dataset.V.cols();
    const Index unlisted = m_gaps == Gaps::Unknown ? dataset.V.size() - dataset.V.stored() : 0;
    // Then the least of the values that are there is not known to be zero.
    const bool onlyUnlisted = unlisted > 0 && facts.zeros == unlisted && facts.minimum == 0;
    const auto percent = [&](Index some) {
        const double share = 100 * static_cast<double>(some) / std::max(1.0, static_cast<double>(dataset.V.size()));
        return QLocale().toString(share, 'f', 1);
    };
    QStringList lines{tr("V is %1 × %2: a column is a sample").arg(count(rows), count(columns)),
                      tr("rows: %1").arg(axisText(dataset.features, rows, tr("features"))),
                      tr("columns: %1").arg(axisText(dataset.samples, columns, tr("samples"))),
                      onlyUnlisted ? tr("values: up to %1").arg(numberText(facts.maximum))
                                   : tr("values: %1 to %2").arg(numberText(facts.minimum), numberText(facts.maximum)),
                      tr("zeros: %1 %").arg(percent(facts.zeros - unlisted))};
    if (unlisted > 0)
        lines << tr("unknown: %1 %, which the table does not list (striped)").arg(percent(unlisted));
    if (facts.nans > 0)
        lines << tr("missing: %1 (striped)").arg(count(facts.nans));
    if (facts.infinities > 0)
        lines << tr("infinite: %1").arg(count(facts.infinities));
    if (dataset.weights)
        lines << tr("with a table of weights");
    if (facts.negatives > 0)
        lines << tr("negative: %1").arg(count(facts.negatives));
    return lines;
}

void DataView::showGaps()
{
    if (m_gaps != m_study.gaps())
        showDataset();
}

void DataView::showLook()
{
    // Pictures are what pictures are looked at as.
    const auto& dataset = m_study.dataset();
    const bool choice = dataset && dataset->V.size() > 0 && dataset->features.kind != Axis::Kind::Pixels;
    const bool numbers = choice && m_look->currentIndex() == 1;
    m_look->setVisible(choice);
    m_picture->setVisible(!numbers);
    m_table->setVisible(numbers);
    m_limits->setText(m_numbers->limits());
    m_limits->setVisible(numbers && !m_limits->text().isEmpty());
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

Pointed DataView::placeAt(QPoint point) const
{
    const auto& dataset = m_study.dataset();
    const QImage& montage = m_study.montage();
    const QSize shown = m_picture->pixmap().deviceIndependentSize().toSize();
    if (!dataset || shown.isEmpty())
        return {};
    const QPoint inside =
        point - QPoint((m_picture->width() - shown.width()) / 2, (m_picture->height() - shown.height()) / 2);
    const QPoint cell(inside.x() * montage.width() / shown.width(), inside.y() * montage.height() / shown.height());
    const auto place = placeInMontage(*dataset, cell, Study::montageColumns, Study::montageRows, m_study.gaps());
    if (!place || !QRect(QPoint(), shown).contains(inside))
        return {};
    return {.sample = static_cast<int>(place->column), .feature = static_cast<int>(place->row)};
}

void DataView::select(const Pointed& place)
{
    if (place.nothing())
        return;
    m_selection.selectSample(place.sample);
    m_selection.selectFeature(place.feature);
}

bool DataView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_picture && event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = readout(placeAt(help->pos()), m_study);
        QToolTip::showText(help->globalPos(), text.isEmpty() ? m_picture->toolTip() : text, m_picture);
        return true;
    }
    if (watched == m_picture && event->type() == QEvent::MouseMove)
        m_selection.point(placeAt(static_cast<QMouseEvent*>(event)->pos()));
    if (watched == m_picture && event->type() == QEvent::Leave)
        m_selection.pointAtNothing();
    if (watched == m_picture && event->type() == QEvent::MouseButtonPress)
        select(placeAt(static_cast<QMouseEvent*>(event)->pos()));
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
