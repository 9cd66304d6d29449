#include "ui/model/component_edits.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

/// The locks of components that are made of others.
FactorLock carried(const FactorLock& lock, const std::vector<Index>& origin)
{
    FactorLock result;
    const auto count = static_cast<Index>(origin.size());
    for (Index i = 0; i < count; ++i)
        if (const Index before = origin[static_cast<std::size_t>(i)]; before >= 0 && lock.holds(before))
            result.components.push_back(i);
        else if (const SoftLock* soft = before >= 0 ? lock.softly(before) : nullptr)
            result.soft.push_back({i, soft->share});
    if (!lock.entries)
        return result;
    Mask entries = Mask::Constant(lock.entries->rows(), count, false);
    for (Index i = 0; i < count; ++i)
        if (const Index before = origin[static_cast<std::size_t>(i)]; before >= 0)
            entries.col(i) = lock.entries->col(before);
    if (entries.any())
        result.entries = std::make_shared<const Mask>(std::move(entries));
    return result;
}

} // namespace

Options optionsFor(const Options& before, const ComponentEdit& edit)
{
    Options options = before;
    options.rank = edit.factors.rank();
    options.start = std::make_shared<const Factors<double>>(edit.factors);
    options.lockW = carried(before.lockW, edit.origin);
    options.lockH = carried(before.lockH, edit.origin);
    return options;
}

void setLocked(FactorLock& lock, Index component, bool locked)
{
    const auto place = std::ranges::lower_bound(lock.components, component);
    const bool held = place != lock.components.end() && *place == component;
    if (locked)
        setSoft(lock, component, 0);
    if (locked && !held)
        lock.components.insert(place, component);
    else if (!locked && held)
        lock.components.erase(place);
}

void setSoft(FactorLock& lock, Index component, double share)
{
    std::erase_if(lock.soft, [&](const SoftLock& soft) { return soft.component == component; });
    if (!(share > 0))
        return;
    setLocked(lock, component, false);
    lock.soft.push_back({component, share});
    std::ranges::sort(lock.soft, {}, &SoftLock::component);
}

void lockEntries(FactorLock& lock, Index rows, Index rank, Index component, std::span<const PaintedEntry> entries)
{
    Mask mask = lock.entries ? *lock.entries : Mask(Mask::Constant(rows, rank, false));
    for (const PaintedEntry& entry : entries)
        mask(entry.row, component) = true;
    lock.entries = std::make_shared<const Mask>(std::move(mask));
}

void releaseEntries(FactorLock& lock, Index component)
{
    if (!hasLockedEntries(lock, component))
        return;
    Mask mask = *lock.entries;
    mask.col(component).setConstant(false);
    lock.entries = mask.any() ? std::make_shared<const Mask>(std::move(mask)) : nullptr;
}

bool hasLockedEntries(const FactorLock& lock, Index component)
{
    return lock.entries && component < lock.entries->cols() && lock.entries->col(component).any();
}

} // namespace nmf::ui
