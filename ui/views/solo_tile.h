#pragma once

#include "core/matrix.h"
#include "ui/model/selection.h"
#include "ui/plot/tile_area.h"

#include <optional>
#include <vector>

namespace nmf::ui
{

/// Lets one tile fill its gallery: a double click or Return begins, the arrows lead to the next part, which is selected
/// in all views, Esc or another double click ends.
class SoloTile : public QObject
{
    Q_OBJECT

public:
    SoloTile(Selection& selection, QObject* parent);

    void watch(TileArea* gallery);
    /// Of these, in their order, what is to be shown: all, or the one.
    std::vector<Index> shownOf(const std::vector<Index>& order);
    bool active() const { return m_component >= 0; }

signals:
    /// Other tiles are to be shown.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(int component);
    /// To which place of the order a key leads.
    std::optional<std::ptrdiff_t> placeFor(int key) const;

    Selection& m_selection;
    int m_component = -1; ///< −1: all
    std::vector<Index> m_order;
};

} // namespace nmf::ui
