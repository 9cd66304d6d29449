#include "ui/window.h"

#include "ui/main_window.h"
#include "ui/model/preferences.h"
#include "ui/session_actions.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/outlined_style.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>

namespace nmf::ui
{

namespace
{

struct Wishes
{
    QString source;
    QString screenshot;
    bool run = false;
};

/// What the arguments ask for; false, with a line on standard error, if they make no sense.
bool understand(const QStringList& arguments, Wishes& wishes)
{
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        QString problem;
        if (argument == "--run")
            wishes.run = true;
        else if (argument == "--screenshot" && i + 1 < arguments.size())
            wishes.screenshot = arguments[++i];
        else if (argument == "--screenshot")
            problem = QObject::tr("--screenshot needs the name of a PNG file after it.");
        else if (argument.startsWith('-'))
            problem = QObject::tr("There is no option %1; partscope --help lists what there is.").arg(argument);
        else if (!wishes.source.isEmpty())
            problem = QObject::tr("One file or folder can be opened at a time: %1 is the second.").arg(argument);
        else
            wishes.source = argument;
        if (!problem.isEmpty()) {
            std::fprintf(stderr, "partscope: %s\n", qPrintable(problem));
            return false;
        }
    }
    if (!wishes.screenshot.isEmpty())
        wishes.run = true;
    return true;
}

/// Saves a picture of the window when its run has ended and it has painted that.
void photographWhenDone(MainWindow& window, const QString& path)
{
    QObject::connect(&window.study(), &Study::phaseChanged, &window, [&window, path] {
        if (window.study().phase() != Study::Phase::Finished)
            return;
        QTimer::singleShot(300, &window, [&window, path] {
            const bool saved = window.grab().save(path);
            if (!saved)
                std::fprintf(stderr, "The picture could not be written to %s.\n", qPrintable(path));
            QApplication::exit(saved ? 0 : 1);
        });
    });
    QObject::connect(&window.study(), &Study::message, &window, [](Study::Message kind, const QString& text) {
        std::fprintf(stderr, "%s\n", qPrintable(text));
        if (kind == Study::Message::Error)
            QApplication::exit(1);
    });
}

} // namespace

int runWindow(const QStringList& arguments)
{
    Wishes wishes;
    if (!understand(arguments, wishes))
        return 1;
    QApplication::setWindowIcon(applicationIcon());
    QApplication::setStyle(new OutlinedStyle);
    MainWindow window;
    if (!wishes.screenshot.isEmpty()) {
        window.setWindowState(Qt::WindowNoState);
        window.resize(1280, 800);
        photographWhenDone(window, wishes.screenshot);
    }
    window.show();
    const QString last = sourceAtStart(Settings());
    const bool asked = !wishes.source.isEmpty();
    // What was lost comes before what was open last, and after what was asked for.
    const bool offered = !asked && window.sessions().offerLeftovers();
    if (asked && wishes.screenshot.isEmpty())
        QObject::connect(
            &window.study(), &Study::opened, &window, [&window] { window.sessions().offerLeftovers(); },
            Qt::SingleShotConnection);
    if (asked)
        wishes.run ? window.open(wishes.source, true) : window.importFrom(wishes.source);
    else if (!offered && !last.isEmpty())
        wishes.run ? window.open(last, true) : window.reopen(last);
    return QApplication::exec();
}

} // namespace nmf::ui
