#pragma once

#include <QJsonObject>
#include <QMainWindow>

namespace nmf::ui
{

class Selection;
class Study;

/// What a session keeps of the window: what is selected, and how the docks lie.
QJsonObject viewState(const QMainWindow& window, const Selection& selection);
/// Shows a window as a session has it. What of it does not belong to the study as it is, is left as it is.
void showViewState(const QJsonObject& state, QMainWindow& window, Selection& selection, const Study& study);

} // namespace nmf::ui
