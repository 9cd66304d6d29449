#include "ui/panels/fault_list.h"

#include "ui/widgets/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace nmf::ui
{

FaultList::FaultList(QWidget* parent) : QWidget(parent), m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins({});
    m_rows->setSpacing(4);
    hide();
}

void FaultList::clear()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        // It may be the button whose click is being handled.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    hide();
}

void FaultList::setFaults(const std::vector<Fault>& faults)
{
    clear();
    for (const Fault& fault : faults) {
        addSentence(fault);
        for (const Mend& mend : fault.mends)
            addButton(mend);
    }
    setVisible(!faults.empty());
}

void FaultList::setMends(const std::vector<Mend>& mends)
{
    clear();
    for (const Mend& mend : mends)
        addButton(mend);
    setVisible(!mends.empty());
}

void FaultList::addSentence(const Fault& fault)
{
    const bool impossible = fault.severity == Fault::Severity::Impossible;
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    auto* sign = new QLabel;
    const int side = fontMetrics().height();
    sign->setPixmap(icon(impossible ? "error" : "warning", palette()).pixmap(side, side));
    sign->setToolTip(impossible ? tr("No run can be made so") : tr("A run can be made so, but not a good one"));
    auto* sentence = new QLabel(QString::fromStdString(fault.sentence));
    sentence->setObjectName("fault");
    sentence->setWordWrap(true);
    sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(sign, 0, Qt::AlignTop);
    layout->addWidget(sentence, 1);
    m_rows->addWidget(row);
}

void FaultList::addButton(const Mend& mend)
{
    auto* button = new QPushButton(QString::fromStdString(mend.text));
    button->setObjectName("mend");
    button->setToolTip(tr("Mends it so: %1").arg(button->text()));
    // A long text is no demand on the panel: the tooltip shows it whole.
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(button, &QPushButton::clicked, this, [this, mend] { emit chosen(mend); });
    m_rows->addWidget(button);
}

} // namespace nmf::ui
