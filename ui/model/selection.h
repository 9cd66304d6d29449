#pragma once

#include <QObject>

#include <vector>

namespace nmf::ui
{

/// What the pointer is on; −1 for none.
struct Pointed
{
    int component = -1;
    int sample = -1;
    int feature = -1;

    bool nothing() const { return component < 0 && sample < 0 && feature < 0; }
    bool operator==(const Pointed&) const = default;
};

/// What the user has selected and points at, for all views: components (one of them the current one), a sample and a
/// feature; −1 for none. Which run is looked at is the study's to say.
class Selection : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The current component: the one that was selected last.
    int component() const { return m_components.empty() ? -1 : m_components.back(); }
    /// All that are selected, in the order in which they were.
    const std::vector<int>& components() const { return m_components; }
    int sample() const { return m_sample; }
    int feature() const { return m_feature; }
    const Pointed& pointed() const { return m_pointed; }

public slots:
    /// Selects this one alone.
    void selectComponent(int component);
    /// Selects these, each once; the last of them is the current one.
    void selectComponents(const std::vector<int>& components);
    /// Adds a component to those that are selected, or takes it out.
    void toggleComponent(int component);
    void selectSample(int sample);
    void selectFeature(int feature);
    void point(const nmf::ui::Pointed& pointed);
    void pointAtNothing() { point({}); }
    /// Components of another run are others; samples and features are the same.
    void clearComponents() { setComponents({}); }
    void clear();

signals:
    void componentChanged(int component);
    void componentsChanged(const std::vector<int>& components);
    void sampleChanged(int sample);
    void featureChanged(int feature);
    void pointedChanged(const nmf::ui::Pointed& pointed);

private:
    void setComponents(std::vector<int> components);

    std::vector<int> m_components; ///< the current one last
    int m_sample = -1;
    int m_feature = -1;
    Pointed m_pointed;
};

} // namespace nmf::ui
