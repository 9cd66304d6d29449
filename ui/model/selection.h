#pragma once

#include <QObject>

namespace nmf::ui
{

/// What the user points at, for all views: a component and a sample; −1 for none.
class Selection : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    int component() const { return m_component; }
    int sample() const { return m_sample; }

public slots:
    void selectComponent(int component)
    {
        if (component == m_component)
            return;
        m_component = component;
        emit componentChanged(component);
    }
    void selectSample(int sample)
    {
        if (sample == m_sample)
            return;
        m_sample = sample;
        emit sampleChanged(sample);
    }
    void clear()
    {
        selectComponent(-1);
        selectSample(-1);
    }

signals:
    void componentChanged(int component);
    void sampleChanged(int sample);

private:
    int m_component = -1;
    int m_sample = -1;
};

} // namespace nmf::ui
