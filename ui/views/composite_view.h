#pragma once

#include "ui/model/selection.h"
#include "ui/model/snapshot.h"
#include "ui/plot/composite_image.h"

#include <QListWidget>
#include <QWidget>

#include <vector>

namespace nmf::ui
{

/// Up to eight parts in one picture, and the list in which they are ticked.
class CompositeView : public QWidget
{
    Q_OBJECT

public:
    explicit CompositeView(Selection& selection, QWidget* parent = nullptr);

    void show(const std::shared_ptr<const Snapshot>& snapshot);
    Figure* figure() { return m_image; }

private:
    /// A list of so many parts, the largest of the order ticked.
    void fill(const std::vector<Index>& order);
    void tick(const QListWidgetItem* item);
    void mark();
    void draw();

    CompositeImage* m_image;
    QListWidget* m_list;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<int> m_parts; ///< the part that has each colour; −1 for none
};

} // namespace nmf::ui
