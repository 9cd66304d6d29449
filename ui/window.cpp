#include "ui/window.h"

#include "ui/main_window.h"

#include "ui/widgets/icons.h"
#include <QApplication>

namespace nmf::ui
{

int runWindow(const QStringList& arguments)
{
    QApplication::setWindowIcon(applicationIcon());
    MainWindow window;
    window.show();
    QStringList sources = arguments;
    const bool thenRun = sources.removeAll(QStringLiteral("--run")) > 0;
    if (!sources.isEmpty())
        window.open(sources.first(), thenRun);
    return QApplication::exec();
}

} // namespace nmf::ui
