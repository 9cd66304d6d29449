#include "ui/figure_actions.h"

#include "core/error.h"
#include "ui/model/settings.h"
#include "ui/window_files.h"

#include <QApplication>

namespace nmf::ui
{

FigureActions::FigureActions(std::vector<View> views, QWidget* window)
    : QObject(window), copy(new QAction(tr("&Copy figure"), window)), save(new QMenu(tr("Save f&igure"), window)),
      m_views(std::move(views)), m_window(window)
{
    copy->setShortcut(QKeySequence::Copy);
    copy->setStatusTip(tr("Copy the view that has the focus, as a picture and as a table"));
    connect(copy, &QAction::triggered, this, &FigureActions::copyView);
    for (const View& view : m_views)
        save->addAction(view.name + QStringLiteral("…"), this, [this, view] { chooseFile(view); });
}

const View& FigureActions::viewInFocus() const
{
    for (const View& view : m_views)
        if (view.widget->isAncestorOf(QApplication::focusWidget()) || view.widget == QApplication::focusWidget())
            return view;
    return m_views.front();
}

void FigureActions::copyView()
{
    const View& view = viewInFocus();
    const bool numbers = copyFigure(*view.figure());
    emit told(
        (numbers ? tr("Copied: %1, as a picture and as a table") : tr("Copied: %1, as a picture")).arg(view.name));
}

void FigureActions::chooseFile(const View& view)
{
    askForFigurePath(m_window, tr("Save %1").arg(view.name), Settings().lastFolder(), view.name,
                     [this, view](const QString& path, double scale) { saveView(view, path, scale); });
}

void FigureActions::saveView(const View& view, const QString& path, double scale)
{
    try {
        view.figure()->save(path, scale);
        emit told(tr("Saved %1").arg(path));
    } catch (const Error& error) {
        emit refused(QString::fromStdString(error.what()));
    }
}

} // namespace nmf::ui
