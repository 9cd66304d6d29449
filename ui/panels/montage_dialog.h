#pragma once

#include "ui/model/basis_montage.h"
#include "ui/model/snapshot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QSpinBox>

namespace nmf::ui
{

/// How a montage of the basis is saved: the exact size of its pixels, the gap, the columns, the colours.
class MontageDialog : public QDialog
{
    Q_OBJECT

public:
    explicit MontageDialog(std::shared_ptr<const Snapshot> snapshot, QWidget* parent = nullptr);

    ExactMontage wanted() const;
    const std::shared_ptr<const Snapshot>& snapshot() const { return m_snapshot; }

private:
    void showSize();

    std::shared_ptr<const Snapshot> m_snapshot;
    QSpinBox *m_pixel, *m_gap, *m_columns;
    QComboBox* m_colors;
    QCheckBox* m_shared;
    QLabel* m_size;
};

} // namespace nmf::ui
