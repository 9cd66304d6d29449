#pragma once

#include <QStringList>
#include <QWidget>

#include <functional>

namespace nmf::ui
{

using UsePath = std::function<void(const QString& path)>;

using UseFigurePath = std::function<void(const QString& path, double scale)>;

/// Ask for a path in a dialog that does not block; `use` is called if one is chosen.
void askForFile(QWidget* parent, const QString& folder, UsePath use);
void askForFolder(QWidget* parent, const QString& folder, UsePath use);
/// The ending follows the chosen filter, "Table (*.csv)".
void askForSavePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                    const QStringList& filters, UsePath use);
/// The same for a figure: the filter says how many pixels there are for each of the screen's.
void askForFigurePath(QWidget* parent, const QString& title, const QString& folder, const QString& name,
                      UseFigurePath use);
/// The kinds of file that a matrix is saved as, for askForSavePath.
QStringList matrixFilters();

} // namespace nmf::ui
