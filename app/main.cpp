#include "app/batch.h"
#include "ui/window.h"

#include <QApplication>

namespace
{

QStringList argumentsWithoutName(int count, char** values)
{
    QStringList arguments;
    for (int i = 1; i < count; ++i)
        arguments.append(QString::fromLocal8Bit(values[i]));
    return arguments;
}

void ignoreMessage(QtMsgType, const QMessageLogContext&, const QString&) {}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication::setOrganizationName("Partscope");
    QCoreApplication::setApplicationName("Partscope");
    QCoreApplication::setApplicationVersion(PARTSCOPE_VERSION);
    const QStringList arguments = argumentsWithoutName(argc, argv);
    if (nmf::ui::isBatch(arguments)) {
        // Standard error is for our one line; what Qt mutters about a file or the locale is said there better.
        qInstallMessageHandler(ignoreMessage);
        const QCoreApplication application(argc, argv);
        return nmf::ui::runBatch(arguments);
    }
    const QApplication application(argc, argv);
    return nmf::ui::runWindow(arguments);
}
