#include "ui/model/component_labels.h"

#include <algorithm>

namespace nmf::ui
{

namespace
{

std::string entryOf(const std::vector<std::string>& list, Index at)
{
    return at >= 0 && at < static_cast<Index>(list.size()) ? list[static_cast<std::size_t>(at)] : std::string();
}

void setEntry(std::vector<std::string>& list, Index at, const std::string& text)
{
    if (static_cast<Index>(list.size()) <= at)
        list.resize(static_cast<std::size_t>(at) + 1);
    list[static_cast<std::size_t>(at)] = text;
    // Who takes a name back has never given it.
    while (!list.empty() && list.back().empty())
        list.pop_back();
}

} // namespace

bool hasName(const ComponentLabels& labels, Index component)
{
    return !entryOf(labels.names, component).empty();
}

std::string componentName(const ComponentLabels& labels, Index component)
{
    return hasName(labels, component) ? entryOf(labels.names, component) : std::to_string(component + 1);
}

std::string colorOf(const ComponentLabels& labels, Index component)
{
    return entryOf(labels.colors, component);
}

void setName(ComponentLabels& labels, Index component, const std::string& name)
{
    setEntry(labels.names, component, name);
}

void setColor(ComponentLabels& labels, Index component, const std::string& color)
{
    setEntry(labels.colors, component, color);
}

std::vector<Index> orderOf(const ComponentLabels& labels, std::vector<Index> byEnergy)
{
    return std::ranges::is_permutation(labels.order, byEnergy) ? labels.order : byEnergy;
}

ComponentLabels carried(const ComponentLabels& labels, const std::vector<Index>& origin)
{
    ComponentLabels result;
    for (std::size_t i = 0; i < origin.size(); ++i) {
        if (const std::string name = entryOf(labels.names, origin[i]); !name.empty())
            setName(result, static_cast<Index>(i), name);
        if (const std::string color = entryOf(labels.colors, origin[i]); !color.empty())
            setColor(result, static_cast<Index>(i), color);
    }
    if (labels.order.empty())
        return result;
    const auto add = [&](Index before) {
        for (std::size_t i = 0; i < origin.size(); ++i)
            if (origin[i] == before)
                result.order.push_back(static_cast<Index>(i));
    };
    for (const Index before : labels.order)
        add(before);
    add(-1);
    return result;
}

} // namespace nmf::ui
