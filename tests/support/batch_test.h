#pragma once

#include "core/formats/formats.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// How the built program ended, and what it said.
struct Outcome
{
    int status = -1; ///< −1: ended by a signal; −2: not at all
    QString output, errors;

    QJsonObject report() const { return QJsonDocument::fromJson(output.toUtf8()).object(); }
};

inline QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

inline QStringList filesIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

inline QJsonObject reportIn(const QString& folder)
{
    return QJsonDocument::fromJson(contents(folder + "/report.json")).object();
}

inline nmf::Matrix<double> matrixIn(const QString& path)
{
    return *nmf::load(path.toStdString(), nmf::formats()).V.dense<double>();
}

/// Drives the built program, which PARTSCOPE_PROGRAM names, in a folder of its own, as somebody in a terminal does.
class BatchTest
{
protected:
    QString path(const QString& name) const { return m_folder.filePath(name); }

    void start(QProcess& process, const QStringList& arguments) const
    {
        process.setWorkingDirectory(m_folder.path());
        process.start(PARTSCOPE_PROGRAM, arguments);
        QVERIFY(process.waitForStarted());
    }

    static Outcome outcome(QProcess& process)
    {
        if (!process.waitForFinished(60000))
            return {-2, {}, "It does not end."};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
    }

    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        start(process, arguments);
        return outcome(process);
    }

    /// Leaves two small tables in the folder and nothing else.
    void beginWithTwoTables() const
    {
        QVERIFY(m_folder.isValid());
        for (const QString& name : filesIn(m_folder.path())) {
            if (QFileInfo(path(name)).isDir())
                QVERIFY(QDir(path(name)).removeRecursively());
            else
                QVERIFY(QFile::remove(path(name)));
        }
        writeFile(path("table.csv"), "gene,a,b,c\nBRCA1,1,2,3\nTP53,4,5,6.5\nMYC,7,8,10\nEGFR,2,0,1\n");
        writeFile(path("negative.csv"), "1,2\n3,-4\n");
    }

    QTemporaryDir m_folder;
};

/// The files that every run writes.
inline const QStringList resultFiles{"H.npy", "W.npy", "loss.csv", "report.json"};

/// Why a folder is not a whole set of results of one run; empty if it is.
inline QString flawOf(const QString& folder)
{
    for (const QString& file : resultFiles)
        if (!QFile::exists(folder + "/" + file))
            return "no " + file;
    const QJsonObject report = reportIn(folder);
    if (report["objective"].isUndefined())
        return "report.json is cut short";
    const auto rank = report["options"].toObject()["rank"].toInt();
    try {
        if (matrixIn(folder + "/W.npy").cols() != rank || matrixIn(folder + "/H.npy").rows() != rank)
            return "W, H and the report are of several runs";
    } catch (const std::exception& error) {
        return error.what();
    }
    const QByteArray table = contents(folder + "/loss.csv");
    if (!table.endsWith('\n') || table.count('\n') != report["iterations"].toInt() + 2)
        return "loss.csv is cut short";
    return {};
}
