#include "core/atomic_file.h"
#include "core/error.h"
#include "tests/support/refusal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using nmf::AtomicFile;

namespace
{

constexpr std::size_t bytesOfSave = 1 << 20;

/// What a save writes: bytes of which any piece tells whether it belongs to the whole.
std::string content(char kind, std::size_t bytes = bytesOfSave)
{
    std::string text(bytes, kind);
    text.back() = '.';
    return text;
}

void save(const std::string& path, const std::string& bytes)
{
    AtomicFile file(path);
    constexpr std::size_t piece = 1 << 16;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        file.write(std::string_view(bytes).substr(at, piece));
    file.commit();
}

/// As programs do that think of nothing.
void savePlainly(const std::string& path, const std::string& bytes)
{
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
}

using Save = void (*)(const std::string& path, const std::string& bytes);

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isWhole(const QByteArray& bytes)
{
    return bytes == QByteArray::fromStdString(content('a')) || bytes == QByteArray::fromStdString(content('b'));
}

/// A process that saves one thing after the other until it is killed.
pid_t startSaver(Save save, const std::string& path)
{
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    const std::string a = content('a'), b = content('b');
    for (bool odd = false;; odd = !odd)
        save(path, odd ? a : b);
}

/// How many of so many kills left a file that is neither the old nor the new one.
int damagedByKills(Save save, const QString& path, int kills)
{
    std::mt19937 random(7);
    int damaged = 0;
    for (int i = 0; i < kills; ++i) {
        savePlainly(path.toStdString(), content('a'));
        const pid_t child = startSaver(save, path.toStdString());
        ::usleep(2000 + static_cast<useconds_t>(random() % 8000));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        damaged += !isWhole(contents(path));
    }
    return damaged;
}

/// Lets no file of this process grow beyond so many bytes, as a full disk would, until it is destroyed.
class Limit
{
public:
    explicit Limit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit now{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~Limit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

private:
    rlimit m_before{};
};

} // namespace

/// Whatever happens while a file is saved, the old one or the new one is there, whole.
class TestAtomicFile : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aFileIsReplacedWhole();
    void withoutACommitNothingHasHappened();
    void aFullDiskLeavesTheOldFile();
    void aFullDiskMakesNoNewFile();
    void whereNothingCanBeWrittenIsASentence_data();
    void whereNothingCanBeWrittenIsASentence();
    void aLinkStaysALink();
    void rightsStayAsTheyWere();
    void killedItLeavesTheOldOrTheNewFile();

private:
    std::string path() const { return m_path.toStdString(); }
    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestAtomicFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath("kept.bin");
}

void TestAtomicFile::aFileIsReplacedWhole()
{
    for (const char kind : {'a', 'b'}) {
        save(path(), content(kind));
        QCOMPARE(contents(m_path), QByteArray::fromStdString(content(kind)));
        QCOMPARE(files(), QStringList{"kept.bin"});
    }
}

void TestAtomicFile::withoutACommitNothingHasHappened()
{
    {
        AtomicFile file(path());
        file.write(content('a'));
    }
    QCOMPARE(files(), QStringList());
}

void TestAtomicFile::aFullDiskLeavesTheOldFile()
{
    save(path(), content('a'));
    constexpr int steps = 48;
    for (int step = 0; step < steps; ++step) {
        QString said;
        {
            const Limit limit(bytesOfSave * static_cast<rlim_t>(step) / steps);
            said = refusal([&] { save(path(), content('b')); });
        }
        QVERIFY2(said.startsWith("There is no space left for kept.bin (") && said.endsWith("as it was."),
                 qPrintable(said));
        QCOMPARE(contents(m_path), QByteArray::fromStdString(content('a')));
        QCOMPARE(files(), QStringList{"kept.bin"});
    }
    save(path(), content('b'));
    QCOMPARE(contents(m_path), QByteArray::fromStdString(content('b')));
    // What the limit does to those who do not look.
    {
        const Limit limit(bytesOfSave / 2);
        savePlainly(path(), content('a'));
    }
    QVERIFY(!isWhole(contents(m_path)));
}

void TestAtomicFile::aFullDiskMakesNoNewFile()
{
    QString said;
    {
        const Limit limit(1000);
        said = refusal([&] { save(path(), content('b')); });
    }
    QVERIFY2(said.contains("no space") && said.endsWith("as before."), qPrintable(said));
    QCOMPARE(files(), QStringList());
}

void TestAtomicFile::whereNothingCanBeWrittenIsASentence_data()
{
    QTest::addColumn<QString>("place");
    QTest::newRow("a folder that is not there") << "no/such/file.bin";
    QTest::newRow("a folder") << "folder";
    QTest::newRow("a name that is too long") << QString(300, 'n');
    QTest::newRow("a file as folder") << "file/x.bin";
}

void TestAtomicFile::whereNothingCanBeWrittenIsASentence()
{
    QFETCH(QString, place);
    QVERIFY(QDir(m_folder->path()).mkdir("folder"));
    savePlainly(m_folder->filePath("file").toStdString(), "1");
    const QString said = refusal([&] { save(m_folder->filePath(place).toStdString(), content('a')); });
    QVERIFY2(said.endsWith('.') && said.contains(QFileInfo(place).fileName()) && !said.contains('\n'),
             qPrintable(said));
    QCOMPARE(files(), QStringList{"file"});
}

void TestAtomicFile::aLinkStaysALink()
{
    save(path(), content('a'));
    const QString link = m_folder->filePath("link.bin");
    QVERIFY(QFile::link("kept.bin", link));
    save(link.toStdString(), content('b'));
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(contents(m_path), QByteArray::fromStdString(content('b')));
}

void TestAtomicFile::rightsStayAsTheyWere()
{
    save(path(), content('a'));
    QCOMPARE(::chmod(path().c_str(), 0640), 0);
    save(path(), content('b'));
    struct stat facts
    {
    };
    QCOMPARE(::stat(path().c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777, mode_t{0640});
}

void TestAtomicFile::killedItLeavesTheOldOrTheNewFile()
{
    const int kills = qEnvironmentVariableIsSet("PARTSCOPE_LONG") ? 200 : 40;
    QCOMPARE(damagedByKills(save, m_path, kills), 0);
    // The kills come while something is written: they damage what is saved without care.
    int damaged = 0;
    for (int round = 0; damaged == 0 && round < 10; ++round)
        damaged = damagedByKills(savePlainly, m_path, kills);
    QVERIFY(damaged > 0);
}

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_atomic_file.moc"
