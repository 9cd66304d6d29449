#include "ui/window.h"

#include "ui/main_window.h"

#include <QApplication>
#include <QIcon>

namespace nmf::ui
{

int runWindow(const QStringList& arguments)
{
    QApplication::setWindowIcon(QIcon(":/icons/partscope.svg"));
    MainWindow window;
    window.show();
    QStringList sources = arguments;
    const bool thenRun = sources.removeAll(QStringLiteral("--run")) > 0;
    if (!sources.isEmpty())
        window.open(sources.first(), thenRun);
    return QApplication::exec();
}

} // namespace nmf::ui
