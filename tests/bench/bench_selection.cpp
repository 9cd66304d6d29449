/// How long the window takes to answer one selection, one move of the pointer and one step through the past of a run,
/// painting and all, with 60 parts of 400 pixels and 10 000 samples. Each is to be below 16 ms.

#include "core/formats/formats.h"
#include "core/random_numbers.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QDockWidget>
#include <QSettings>
#include <QSlider>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace nmf;
using namespace nmf::ui;

namespace
{

constexpr Index pixels = 400, samplesCount = 10'000, rank = 60;

/// A window with data and a run of a few iterations.
class Bench
{
public:
    Bench()
    {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        Settings().setText("session/ask", "no");
        const RandomNumbers random(1);
        Matrix<double> V(pixels, samplesCount);
        for (Index i = 0; i < V.size(); ++i)
            V.data()[i] = random.uniform(static_cast<std::uint64_t>(i));
        const QString path = m_folder.filePath("V.npy");
        saveNpy(path.toStdString(), V);
        ImportPlan plan;
        plan.height = plan.width = 20;
        m_window.resize(1280, 800);
        m_window.show();
        study().open(path, plan);
        until([this] { return study().dataset() != nullptr; });
        Options options = study().options();
        options.rank = rank;
        options.initializer.id = "random";
        options.maxIterations = 20;
        study().setOptions(options);
        study().run();
        until([this] { return study().phase() == Study::Phase::Finished && study().shown(); });
        settle();
    }

    Study& study() { return m_window.study(); }
    Selection& selection() { return m_window.selection(); }
    void raise(const char* dock)
    {
        m_window.findChild<QDockWidget*>(dock)->raise();
        settle();
    }
    void addParts(int count)
    {
        selection().selectSample(0);
        m_window.findChild<QSlider*>("parts-first")->setValue(count);
    }
    /// All that is to be computed and painted now.
    static void settle() { QApplication::processEvents(); }

private:
    template <class Condition>
    static void until(const Condition& condition)
    {
        while (!condition())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    }

    QTemporaryDir m_folder;
    MainWindow m_window;
};

/// The docks that are raised: what is seen counts.
const std::vector<std::pair<const char*, const char*>> sights{
    {"coefficients", "loss"}, {"parts", "component"}, {"parts", "residuals"}};

void run(benchmark::State& state, Bench& bench, const std::function<void(Bench&, int)>& act)
{
    const auto& [below, beside] = sights[static_cast<std::size_t>(state.range(0))];
    bench.raise(below);
    bench.raise(beside);
    state.SetLabel(std::string(below) + ", " + beside);
    int turn = 0;
    for (auto _ : state) {
        act(bench, turn++);
        Bench::settle();
    }
}

void add(const char* name, Bench& bench, const std::function<void(Bench&, int)>& act)
{
    benchmark::RegisterBenchmark(name, [&bench, act](benchmark::State& state) { run(state, bench, act); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->DenseRange(0, static_cast<int>(sights.size()) - 1);
}

} // namespace

int main(int count, char** words)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(count, words);
    QCoreApplication::setApplicationName("Partscope benchmark");
    benchmark::Initialize(&count, words);
    Bench bench;
    add("select a sample", bench, [](Bench& on, int turn) { on.selection().selectSample(37 * turn % 10'000); });
    add("select a component", bench, [](Bench& on, int turn) { on.selection().selectComponent(turn % 60); });
    add("point at an entry", bench, [](Bench& on, int turn) {
        on.selection().point({.component = turn % 60, .sample = 37 * turn % 10'000, .feature = turn % 400});
    });
    add("add parts one at a time", bench, [](Bench& on, int turn) { on.addParts(turn % 61); });
    add("step through a run", bench,
        [](Bench& on, int turn) { on.study().showFrame(on.study().snapshot()->run, 1 + turn % 18); });
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
