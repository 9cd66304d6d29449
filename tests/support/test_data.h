#pragma once

#include <QFileInfo>
#include <QString>
#include <QTest>

/// The real data that tests read: PARTSCOPE_TEST_DATA in the environment names the folder.
namespace test_data
{

inline QString folder()
{
    return qEnvironmentVariable("PARTSCOPE_TEST_DATA", QStringLiteral("../shared/data"));
}

/// A file or folder among them.
inline QString path(const QString& name)
{
    return folder() + '/' + name;
}

inline bool there()
{
    return QFileInfo(folder()).isDir();
}

} // namespace test_data

/// Ends the test function, loudly, where there is no folder with test data. What is missing inside of it is a failure.
#define NEEDS_TEST_DATA()                                                                                              \
    do {                                                                                                               \
        if (!test_data::there())                                                                                       \
            QSKIP(qPrintable("There is no folder " + test_data::folder() +                                             \
                             " (PARTSCOPE_TEST_DATA names another): NOTHING was tested."));                            \
    } while (false)
