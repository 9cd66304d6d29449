#include "ui/panels/import_dialog.h"

#include "core/error.h"
#include "ui/model/montage.h"
#include "ui/panels/import_form.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QScrollArea>
#include <QVBoxLayout>

namespace nmf::ui
{

struct ImportDialog::Look
{
    QString facts;
    QStringList notes;
    QImage picture; ///< where there is one
    QStringList rows, columns;
    std::vector<QStringList> cells;
};

namespace
{

constexpr int shownRows = 8, shownColumns = 6, pictureWidth = 420, pictureHeight = 260;

QString count(Index value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

QString axisText(const Axis& axis, Index length)
{
    const QString first = QString::fromStdString(axis.label(0)), last = QString::fromStdString(axis.label(length - 1));
    switch (axis.kind) {
    case Axis::Kind::Pixels:
        return ImportDialog::tr("pixels, %1 high × %2 wide").arg(axis.height).arg(axis.width);
    case Axis::Kind::Ordered:
        return ImportDialog::tr("in order, from %1 to %2").arg(first, last);
    default:
        return axis.names.empty() ? ImportDialog::tr("counted") : ImportDialog::tr("%1 to %2").arg(first, last);
    }
}

/// The pictures that a table has in its columns, or else in its rows, or none.
QImage pictureOf(const Dataset& dataset, Gaps gaps)
{
    if (dataset.features.kind == Axis::Kind::Pixels)
        return montageOf(dataset, 8, 4, gaps);
    if (dataset.samples.kind != Axis::Kind::Pixels || dataset.V.isSparse())
        return {};
    // A few bands, spread over all.
    const Index bands = dataset.V.rows(), most = std::min<Index>(bands, 8);
    Dataset some;
    Matrix<double> lines(dataset.V.cols(), most);
    for (Index j = 0; j < dataset.V.cols(); ++j) {
        const Vector<double> column = dataset.V.column(j);
        for (Index i = 0; i < most; ++i)
            lines(j, i) = column(i * bands / most);
    }
    some.V = std::move(lines);
    some.features = dataset.samples;
    return montageOf(some, 4, 2);
}

} // namespace

ImportDialog::ImportDialog(Worker& worker, QWidget* parent)
    : QDialog(parent), m_worker(worker), m_form(new ImportForm), m_title(new QLabel), m_facts(new QLabel),
      m_picture(new QLabel), m_notes(new QLabel), m_fault(new QLabel), m_table(new QTableWidget),
      m_silent(new QCheckBox(tr("&Do not show this for files of this kind"))), m_open(nullptr)
{
    setObjectName("import");
    setWindowTitle(tr("Open with preview"));
    setAttribute(Qt::WA_DeleteOnClose);
    makePage();
    connect(m_form, &ImportForm::changed, this, &ImportDialog::lookAgain);
    m_pause.setSingleShot(true);
    m_pause.setInterval(120);
    connect(&m_pause, &QTimer::timeout, this, &ImportDialog::look);
    connect(&worker, &Worker::failed, this, &ImportDialog::complain);
}

void ImportDialog::makePage()
{
    auto* form = new QScrollArea;
    form->setWidgetResizable(true);
    form->setFrameShape(QFrame::NoFrame);
    form->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    form->setWidget(m_form);
    form->setMinimumWidth(380);
    auto* halves = new QHBoxLayout;
    halves->addWidget(form);
    halves->addWidget(makeLook(), 1);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_fault);
    layout->addLayout(halves, 1);
    layout->addLayout(makeButtons());
    m_fault->setWordWrap(true);
    m_fault->setObjectName("import-fault");
    m_fault->hide();
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_fault->setFont(bold);
    resize(900, 600);
}

QLayout* ImportDialog::makeButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel);
    m_open = buttons->button(QDialogButtonBox::Open);
    m_open->setDefault(true);
    m_open->setObjectName("import-open");
    m_silent->setObjectName("import-silent");
    m_silent->setToolTip(tr("What is chosen here is done with them; File > Open with preview shows it again"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* row = new QHBoxLayout;
    row->addWidget(m_silent, 1);
    row->addWidget(buttons);
    return row;
}

QWidget* ImportDialog::makeLook()
{
    auto* look = new QWidget;
    auto* layout = new QVBoxLayout(look);
    layout->setContentsMargins({});
    for (QLabel* label : {m_facts, m_notes}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
    }
    m_facts->setObjectName("import-facts");
    m_notes->setObjectName("import-notes");
    m_picture->setObjectName("import-picture");
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setAccessibleName(tr("The first pictures"));
    m_table->setObjectName("import-table");
    m_table->setAccessibleName(tr("The first rows and columns"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    layout->addWidget(m_facts);
    layout->addWidget(m_picture);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_notes);
    layout->addStretch();
    return look;
}

void ImportDialog::setPreview(const Preview& preview)
{
    m_preview = preview;
    m_title->setText(QString::fromStdString(preview.raw->title));
    m_form->setPreview(preview);
    look();
}

ImportPlan ImportDialog::plan() const
{
    return m_form->plan();
}

bool ImportDialog::silent() const
{
    return m_silent->isChecked();
}

void ImportDialog::setSilent(bool silent)
{
    m_silent->setChecked(silent);
}

void ImportDialog::lookAgain()
{
    m_pause.start();
}

void ImportDialog::look()
{
    const ImportPlan plan = m_form->plan();
    if (!readsAlike(plan, m_preview.plan)) {
        emit readingWanted(plan);
        return;
    }
    m_worker.start(
        [page = QPointer(this), raw = m_preview.raw, plan](const std::stop_token& stop, const Worker::Tell& tell) {
            const Dataset dataset = madeOf(*raw, plan, {.stop = stop});
            const DataFacts facts = factsOf(dataset.V);
            tell([page, look = lookAt(dataset, facts, plan),
                  fault = QString::fromStdString(faultOf(dataset, facts, plan))] {
                if (page)
                    page->present(look, fault);
            });
        });
}

ImportDialog::Look ImportDialog::lookAt(const Dataset& dataset, const DataFacts& facts, const ImportPlan& plan)
{
    // Of a sparse table zeros that are unknown stay where they are: a run passes them over.
    const Gaps gaps = dataset.V.isSparse() && plan.repairs.zeros.id == "unknown" ? Gaps::Unknown : Gaps::Zero;
    const Index rows = dataset.V.rows(), columns = dataset.V.cols();
    Look look;
    look.facts = tr("%1 features × %2 samples, from %3 to %4\nfeatures: %5\nsamples: %6")
                     .arg(count(rows), count(columns), QLocale().toString(facts.minimum, 'g', 5),
                          QLocale().toString(facts.maximum, 'g', 5), axisText(dataset.features, rows),
                          axisText(dataset.samples, columns));
    for (const std::string& note : dataset.notes)
        look.notes << QString::fromStdString(note);
    look.picture = pictureOf(dataset, gaps);
    for (Index j = 0; j < std::min<Index>(columns, shownColumns); ++j)
        look.columns << QString::fromStdString(dataset.samples.label(j));
    for (Index i = 0; i < std::min<Index>(rows, shownRows); ++i) {
        look.rows << QString::fromStdString(dataset.features.label(i));
        look.cells.emplace_back();
        for (Index j = 0; j < look.columns.size(); ++j)
            look.cells.back() << (isUnknown(dataset, i, j, gaps) ? tr("unknown")
                                                                 : QLocale().toString(dataset.V(i, j), 'g', 5));
    }
    return look;
}

void ImportDialog::present(const Look& look, const QString& fault)
{
    m_open->setEnabled(true);
    m_fault->setText(fault.isEmpty() ? QString::fromStdString(m_preview.fault) : fault);
    m_fault->setVisible(!m_fault->text().isEmpty());
    m_facts->setText(look.facts);
    m_notes->setText(look.notes.join('\n'));
    showPicture(look.picture);
    m_table->setVisible(look.picture.isNull());
    if (look.picture.isNull())
        showTable(look);
}

void ImportDialog::showPicture(const QImage& picture)
{
    m_picture->setVisible(!picture.isNull());
    if (picture.isNull())
        return;
    const double ratio = devicePixelRatioF();
    const QSize room = QSize(pictureWidth, pictureHeight) * ratio;
    const QSize target = picture.size().scaled(room, Qt::KeepAspectRatio);
    const bool enlarging = target.width() >= 2 * picture.width();
    QPixmap pixmap = QPixmap::fromImage(
        picture.scaled(target, Qt::KeepAspectRatio, enlarging ? Qt::FastTransformation : Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
}

void ImportDialog::showTable(const Look& look)
{
    m_table->setRowCount(static_cast<int>(look.rows.size()));
    m_table->setColumnCount(static_cast<int>(look.columns.size()));
    m_table->setVerticalHeaderLabels(look.rows);
    m_table->setHorizontalHeaderLabels(look.columns);
    for (int row = 0; row < m_table->rowCount(); ++row)
        for (int column = 0; column < m_table->columnCount(); ++column) {
            auto* item = new QTableWidgetItem(look.cells[static_cast<std::size_t>(row)][column]);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
}

void ImportDialog::complain(const QString& sentence)
{
    m_open->setEnabled(false);
    m_fault->setText(sentence);
    m_fault->show();
}

} // namespace nmf::ui
