#include "ui/model/selection.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

void Selection::setComponents(std::vector<int> components)
{
    if (components == m_components)
        return;
    const int before = component();
    m_components = std::move(components);
    emit componentsChanged(m_components);
    if (component() != before)
        emit componentChanged(component());
}

void Selection::selectComponent(int component)
{
    setComponents(component < 0 ? std::vector<int>() : std::vector{component});
}

void Selection::selectComponents(const std::vector<int>& components)
{
    std::vector<int> each;
    for (const int component : components) {
        std::erase(each, component);
        if (component >= 0)
            each.push_back(component);
    }
    setComponents(std::move(each));
}

void Selection::toggleComponent(int component)
{
    if (component < 0)
        return;
    std::vector<int> components = m_components;
    if (std::erase(components, component) == 0)
        components.push_back(component);
    setComponents(std::move(components));
}

void Selection::selectSample(int sample)
{
    if (std::exchange(m_sample, sample) != sample)
        emit sampleChanged(sample);
}

void Selection::selectFeature(int feature)
{
    if (std::exchange(m_feature, feature) != feature)
        emit featureChanged(feature);
}

void Selection::point(const Pointed& pointed)
{
    if (std::exchange(m_pointed, pointed) != pointed)
        emit pointedChanged(pointed);
}

void Selection::clear()
{
    clearComponents();
    selectSample(-1);
    selectFeature(-1);
    pointAtNothing();
}

} // namespace nmf::ui
