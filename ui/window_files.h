#pragma once

#include <QStringList>
#include <QWidget>

#include <functional>

namespace nmf::ui
{

using UsePath = std::function<void(const QString& path)>;

/// Ask for a path in a dialog that does not block; `use` is called if one is chosen.
void askForFile(QWidget* parent, const QString& folder, UsePath use);
void askForFolder(QWidget* parent, const QString& folder, UsePath use);
/// The ending follows the chosen filter, "Table (*.csv)".
void askForSavePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                    const QStringList& filters, UsePath use);

} // namespace nmf::ui
