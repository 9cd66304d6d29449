#pragma once

#include "ui/model/selection.h"
#include "ui/model/snapshot.h"
#include "ui/plot/composite_image.h"

#include <QListWidget>
#include <QWidget>

#include <vector>

namespace nmf::ui
{

/// The selected parts, up to eight of them, in one picture, and the list in which they are ticked: to tick a part is to
/// select it, here as in the other views.
class CompositeView : public QWidget
{
    Q_OBJECT

public:
    explicit CompositeView(Selection& selection, QWidget* parent = nullptr);

    void show(const std::shared_ptr<const Snapshot>& snapshot);
    /// Selects the largest parts beside the current one when the next are shown, if so few are selected that there is
    /// nothing to see together.
    void begin() { m_begins = true; }
    Figure* figure() { return m_image; }

private:
    void fill(int parts);
    void choose(const std::vector<Index>& order);
    void tick(const QListWidgetItem* item);
    /// Gives colours to what is selected; who has one keeps it.
    void color();
    void mark();
    void markItem(int part, bool full);
    void draw();

    Selection& m_selection;
    CompositeImage* m_image;
    QListWidget* m_list;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<int> m_parts; ///< the part that has each colour; −1 for none
    bool m_begins = false;
};

} // namespace nmf::ui
