#include "core/algorithms/algorithms.h"
#include "core/factorize.h"
#include "core/random_numbers.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

using namespace nmf;

namespace
{

/// Uniform entries: how fast an iteration is does not depend on what it fits.
template <class Scalar>
Matrix<Scalar> uniform(Index rows, Index columns, std::uint64_t seed)
{
    const RandomNumbers random(seed);
    Matrix<Scalar> V(rows, columns);
    for (Index i = 0; i < V.size(); ++i)
        V.data()[i] = static_cast<Scalar>(random.uniform(static_cast<std::uint64_t>(i)));
    return V;
}

template <class Scalar>
std::shared_ptr<const Dataset> dataset(Index rows, Index columns)
{
    auto result = std::make_shared<Dataset>();
    result->title = "uniform";
    result->V = DataMatrix(uniform<Scalar>(rows, columns, 1));
    return result;
}

double flopsOfProducts(const benchmark::State& state)
{
    return 4.0 * static_cast<double>(state.range(0)) * static_cast<double>(state.range(1)) *
           static_cast<double>(state.range(2));
}

void countRate(benchmark::State& state)
{
    state.counters["GF/s of the products"] = benchmark::Counter(
        1e-9 * flopsOfProducts(state) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// V·F and Vᵀ·F in large blocks on all cores, and nothing else: the machine's own rate.
template <class Scalar>
class BareProducts
{
public:
    explicit BareProducts(const benchmark::State& state)
        : m_V(uniform<Scalar>(state.range(0), state.range(1), 1)),
          m_W(uniform<Scalar>(state.range(0), state.range(2), 2)),
          m_Ht(uniform<Scalar>(state.range(1), state.range(2), 3)), m_C(m_W.rows(), m_W.cols()),
          m_D(m_Ht.rows(), m_Ht.cols())
    {
    }

    void operator()()
    {
        const Partition rows{m_W.rows(), (m_W.rows() + m_blocks.threads() - 1) / m_blocks.threads()};
        const Partition columns{m_Ht.rows(), (m_Ht.rows() + m_blocks.threads() - 1) / m_blocks.threads()};
        m_blocks.run(rows.count(), [&](Index b, int) {
            m_C.middleRows(rows.first(b), rows.size(b)).noalias() = m_V.middleRows(rows.first(b), rows.size(b)) * m_Ht;
        });
        m_blocks.run(columns.count(), [&](Index b, int) {
            m_D.middleRows(columns.first(b), columns.size(b)).noalias() =
                m_V.middleCols(columns.first(b), columns.size(b)).transpose() * m_W;
        });
        benchmark::DoNotOptimize(m_C.data());
        benchmark::DoNotOptimize(m_D.data());
    }

    /// Seconds for one call: the least of a few, each of several.
    double seconds()
    {
        using Clock = std::chrono::steady_clock;
        double least = 1e9;
        for (int trial = 0; trial < 5; ++trial) {
            int calls = 0;
            const auto start = Clock::now();
            double spent = 0;
            for (; spent < 0.05; spent = std::chrono::duration<double>(Clock::now() - start).count(), ++calls)
                (*this)();
            least = std::min(least, spent / calls);
        }
        return least;
    }

private:
    Matrix<Scalar> m_V, m_W, m_Ht, m_C, m_D;
    Blocks m_blocks;
};

template <class Scalar>
void products(benchmark::State& state)
{
    BareProducts<Scalar> bare(state);
    for (auto _ : state)
        bare();
    countRate(state);
}

/// Whole iterations of an algorithm.
template <class Scalar>
void iterate(benchmark::State& state, const std::string& algorithm)
{
    Options options;
    options.rank = state.range(2);
    options.algorithm.id = algorithm;
    options.initializer.id = "random";
    options.tolerance = 0;
    options.maxIterations = 0;
    options.precision = std::is_same_v<Scalar, float> ? Precision::Single : Precision::Double;
    const double bare = BareProducts<Scalar>(state).seconds();
    Run run(dataset<Scalar>(state.range(0), state.range(1)), options);
    run.advance();
    for (auto _ : state) {
        run.setLimits(run.iteration() + 1, 0, 0);
        run.advance();
    }
    countRate(state);
    state.counters["share of bare products"] =
        benchmark::Counter(bare * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void iteration(benchmark::State& state, const std::string& algorithm)
{
    iterate<double>(state, algorithm);
}

void iterationSingle(benchmark::State& state, const std::string& algorithm)
{
    iterate<float>(state, algorithm);
}

void shapes(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"m", "n", "k"})
        ->Args({64, 1797, 16})
        ->Args({361, 2429, 49})
        ->Args({2000, 2000, 20})
        ->Args({10304, 400, 49})
        ->Args({10000, 4000, 40})
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
}

} // namespace

BENCHMARK(products<double>)->Apply(shapes);
BENCHMARK(products<float>)->Apply(shapes);
BENCHMARK_CAPTURE(iteration, mu, std::string("mu"))->Apply(shapes);
BENCHMARK_CAPTURE(iteration, hals, std::string("hals"))->Apply(shapes);
BENCHMARK_CAPTURE(iteration, ehals, std::string("ehals"))->Apply(shapes);
BENCHMARK_CAPTURE(iterationSingle, hals, std::string("hals"))->Apply(shapes);

BENCHMARK_MAIN();
