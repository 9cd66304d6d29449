#include "ui/readout_line.h"

#include "ui/model/readout.h"

namespace nmf::ui
{

ReadoutLine::ReadoutLine(const Study& study, const Selection& selection, QStatusBar* bar)
    : QObject(bar), m_study(study), m_selection(selection), m_text(new QLabel)
{
    m_text->setObjectName("readout");
    m_text->setTextFormat(Qt::PlainText);
    // Long names are no demand on the window.
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    bar->addWidget(m_text, 2);
    connect(&selection, &Selection::pointedChanged, this, &ReadoutLine::show);
    connect(&selection, &Selection::componentChanged, this, &ReadoutLine::show);
    connect(&selection, &Selection::sampleChanged, this, &ReadoutLine::show);
    connect(&selection, &Selection::featureChanged, this, &ReadoutLine::show);
    // The line is for reading: while numbers change many times a second, five times are enough.
    m_pause.setSingleShot(true);
    m_pause.setInterval(200);
    connect(&m_pause, &QTimer::timeout, this, &ReadoutLine::show);
    connect(&study, &Study::shownChanged, this, [this] {
        if (!m_pause.isActive())
            m_pause.start();
    });
}

void ReadoutLine::show()
{
    const Pointed selected{m_selection.component(), m_selection.sample(), m_selection.feature()};
    const QString text = readout(m_selection.pointed().nothing() ? selected : m_selection.pointed(), m_study);
    m_text->setText(text);
    m_text->setToolTip(text);
}

} // namespace nmf::ui
