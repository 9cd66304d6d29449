#include "ui/views/start_page.h"

#include "core/samples/samples.h"
#include "ui/model/montage.h"
#include "ui/widgets/flow_layout.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>

namespace nmf::ui
{

namespace
{

constexpr QSize pictureSize{176, 132};

/// The sample at a glance, on a card of a fixed size.
QImage cardPicture(const Sample& sample)
{
    const Dataset dataset = sample.make(1);
    const QImage montage = montageOf(dataset, 8, 6);
    const QSize room = pictureSize * 2;
    const bool enlarging = montage.width() * 2 <= room.width();
    return montage.scaled(room, Qt::KeepAspectRatio, enlarging ? Qt::FastTransformation : Qt::SmoothTransformation);
}

} // namespace

QString nameOfSource(const QString& source)
{
    for (const Sample& sample : samples())
        if (source == QStringLiteral("sample:") + QString::fromStdString(sample.facts.id))
            return QString::fromStdString(sample.facts.name);
    if (const auto others = source.count('\n'); others > 0)
        return QObject::tr("%1 and %2 more").arg(nameOfSource(source.section('\n', 0, 0))).arg(others);
    // A folder's own name is often just "images": its parent tells more.
    const QFileInfo info(source);
    return info.dir().isRoot() ? info.fileName() : info.dir().dirName() + QStringLiteral("/") + info.fileName();
}

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_recent(new QVBoxLayout)
{
    auto* title = new QLabel(tr("See what your data are made of"));
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.8);
    title->setFont(large);
    auto* text = new QLabel(tr(
        "Drop a folder of images, a table (CSV, TSV), a NumPy array or a saved session on this window, or begin with a "
        "sample."));
    text->setWordWrap(true);
    auto* openFile = new QPushButton(tr("Open file…"));
    auto* openFolder = new QPushButton(tr("Open folder of images…"));
    openFile->setToolTip(tr("A table, an array, a picture, or a saved session"));
    openFolder->setToolTip(tr("Each picture in it is a sample"));
    connect(openFile, &QPushButton::clicked, this, &StartPage::openFileWanted);
    connect(openFolder, &QPushButton::clicked, this, &StartPage::openFolderWanted);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(openFile);
    buttons->addWidget(openFolder);
    buttons->addStretch();

    auto* content = new QVBoxLayout;
    content->setSpacing(14);
    content->addStretch(1);
    content->addWidget(title);
    content->addWidget(text);
    content->addLayout(buttons);
    content->addWidget(makeCards());
    content->addLayout(m_recent);
    content->addStretch(2);
    auto* row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(content, 8);
    row->addStretch(1);
    makePictures();
}

QWidget* StartPage::makeCards()
{
    auto* cards = new QWidget;
    auto* layout = new FlowLayout(16, cards);
    for (const Sample& sample : samples()) {
        const QString id = QStringLiteral("sample:") + QString::fromStdString(sample.facts.id);
        auto* button = new QToolButton;
        button->setObjectName(id);
        button->setText(QString::fromStdString(sample.facts.name));
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setIconSize(pictureSize);
        button->setToolTip(QString::fromStdString(sample.facts.summary));
        button->setAccessibleDescription(QString::fromStdString(sample.facts.summary));
        connect(button, &QToolButton::clicked, this, [this, id] { emit chosen(id); });
        auto* summary = new QLabel(QString::fromStdString(sample.facts.summary));
        summary->setWordWrap(true);
        summary->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
        summary->setFixedSize(pictureSize.width() + 16, summary->fontMetrics().lineSpacing() * 5);
        auto* card = new QWidget;
        auto* column = new QVBoxLayout(card);
        column->setContentsMargins({});
        column->addWidget(button, 0, Qt::AlignHCenter);
        column->addWidget(summary);
        layout->addWidget(card);
        m_cards << button;
    }
    return cards;
}

void StartPage::makePictures()
{
    m_worker.start([this](const std::stop_token& stop, const Worker::Tell& tell) {
        for (std::size_t index = 0; index < samples().size() && !stop.stop_requested(); ++index) {
            const QImage picture = cardPicture(samples()[index]);
            tell([this, index, picture] {
                m_cards[static_cast<qsizetype>(index)]->setIcon(QPixmap::fromImage(picture));
            });
        }
    });
}

void StartPage::showRecent(const QStringList& sources)
{
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (sources.isEmpty())
        return;
    m_recent->addWidget(new QLabel(tr("Recently open")));
    for (const QString& source : sources.mid(0, 5)) {
        auto* link = new QToolButton;
        link->setAutoRaise(true);
        link->setText(nameOfSource(source));
        link->setToolTip(source);
        connect(link, &QToolButton::clicked, this, [this, source] { emit chosen(source); });
        m_recent->addWidget(link);
    }
}

} // namespace nmf::ui
