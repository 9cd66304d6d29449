#pragma once

#include "core/faults.h"

#include <QVBoxLayout>
#include <QWidget>

namespace nmf::ui
{

/// Says what is wrong with options, with a button for each change that mends it. Takes no room while all is well.
class FaultList : public QWidget
{
    Q_OBJECT

public:
    explicit FaultList(QWidget* parent = nullptr);

    void setFaults(const std::vector<Fault>& faults);
    /// The buttons alone, for a fault that is told elsewhere.
    void setMends(const std::vector<Mend>& mends);

signals:
    /// The user wants it mended so.
    void chosen(const nmf::Mend& mend);

private:
    void clear();
    void addSentence(const Fault& fault);
    void addButton(const Mend& mend);

    QVBoxLayout* m_rows;
};

} // namespace nmf::ui
