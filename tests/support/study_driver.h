#pragma once

#include "tests/support/promptly.h"

#include "ui/model/study.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

/// A study driven as the window drives it.
namespace study_driver
{

using nmf::Options;
using nmf::ui::Study;

inline const QString bars = QStringLiteral("sample:bars");

/// Writes a file for a test and returns its path.
inline QString written(const QTemporaryDir& folder, const QString& name, const QByteArray& content)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("The test cannot write its files.");
    return file.fileName();
}

/// The files that studies are tried with.
struct Files
{
    QTemporaryDir folder;
    QString good = written(folder, "good.csv", "1,0,2,3\n0,4,1,0\n3,1,0,2\n2,2,2,1\n5,0,1,2\n");
    QString bad = written(folder, "bad.csv", "1,2,3\n4,word,6\n7,8,9\n");
    QString negative = written(folder, "negative.csv", "1,2,3\n4,-5,6\n7,8,9\n");
    QString large =
        written(folder, "large.csv", QByteArray("0.123456789,").repeated(1199).append("1\n").repeated(1200));
};

/// No rule ends a run with these.
inline Options endless(Options options)
{
    options.maxIterations = 10'000'000;
    options.tolerance = 0;
    return options;
}

inline void openNow(Study& study, const QString& source)
{
    QSignalSpy opened(&study, &Study::opened);
    study.open(source);
    QVERIFY2(opened.wait(20000), qPrintable(source));
}

/// Waits until the run holds and what it holds is shown.
inline void settle(Study& study)
{
    QTRY_VERIFY(study.phase() != Study::Phase::Running && study.snapshot() && study.snapshot()->resting);
    auto seen = study.snapshot();
    do {
        seen = study.snapshot();
        QTest::qWait(70);
    } while (seen != study.snapshot());
}

inline void runEndlessly(Study& study)
{
    study.setOptions(endless(study.options()));
    study.run();
    QTRY_VERIFY(study.snapshot() && study.snapshot()->record.iteration > 0);
}

/// Holds in the middle of a run that no rule would end.
inline void pauseInTheMiddle(Study& study)
{
    runEndlessly(study);
    study.pause();
    settle(study);
}

inline int iterationOf(const Study& study)
{
    return study.snapshot() ? study.snapshot()->record.iteration : -1;
}

} // namespace study_driver
