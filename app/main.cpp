#include "app/batch.h"
#include "ui/window.h"

#include <QApplication>

#include <cstdio>

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

/// Whether a window can open; asked before Qt, which would abort.
bool hasDisplay()
{
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(variable))
            return true;
    return false;
}

int complain(const QString& sentence)
{
    std::fprintf(stderr, "partscope: %s\n", sentence.toUtf8().constData());
    return 1;
}

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
    if (!hasDisplay())
        return complain("There is no display for a window; partscope run INPUT --output DIR works without one.");
    const QApplication application(argc, argv);
    // Qt has taken its own options out.
    return nmf::ui::runWindow(QApplication::arguments().mid(1));
}
