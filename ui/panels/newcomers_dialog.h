#pragma once

#include "ui/model/exporter.h"
#include "ui/model/newcomers.h"

#include <QDialog>

namespace nmf::ui
{

/// New samples beside training ones, as columns of one heatmap: the same components, the same colours.
class NewcomersDialog : public QDialog
{
    Q_OBJECT

public:
    NewcomersDialog(std::shared_ptr<const Newcomers> newcomers, Exporter& exporter, QWidget* parent = nullptr);

private:
    QString summary() const;
    QString sampleName(Index column) const;
    void chooseFile();

    std::shared_ptr<const Newcomers> m_newcomers;
    Exporter& m_exporter;
};

} // namespace nmf::ui
