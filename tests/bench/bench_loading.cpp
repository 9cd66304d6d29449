/// How long it takes to open each of the files and folders that are named on the command line, as the program opens
/// them. compare_loading.py makes such files and stands other programs beside.

#include "ui/model/image_format.h"

#include <benchmark/benchmark.h>

namespace
{

void open(benchmark::State& state, const std::string& path)
{
    for (auto _ : state) {
        const nmf::Dataset dataset = nmf::ui::open(path);
        benchmark::DoNotOptimize(dataset.V.rows());
        state.counters["rows"] = static_cast<double>(dataset.V.rows());
        state.counters["columns"] = static_cast<double>(dataset.V.cols());
    }
}

} // namespace

int main(int count, char** words)
{
    benchmark::Initialize(&count, words);
    for (int i = 1; i < count; ++i)
        benchmark::RegisterBenchmark(words[i], open, std::string(words[i]))
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->Iterations(1)
            ->Repetitions(3);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
