#include "core/algorithms/algorithms.h"
#include "core/factorize.h"
#include "core/random_numbers.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

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

/// So many entries in every column, wherever they fall.
template <class Scalar>
std::shared_ptr<const Dataset> sparseDataset(Index rows, Index columns, Index perColumn)
{
    const RandomNumbers random(1);
    std::vector<Eigen::Triplet<Scalar, int>> entries;
    entries.reserve(static_cast<std::size_t>(columns * perColumn));
    for (Index j = 0; j < columns; ++j)
        for (Index e = 0; e < perColumn; ++e) {
            const auto at = static_cast<std::uint64_t>(2 * (j * perColumn + e));
            entries.emplace_back(static_cast<int>(random.uniform(at) * static_cast<double>(rows)), static_cast<int>(j),
                                 static_cast<Scalar>(0.5 + random.uniform(at + 1)));
        }
    SparseMatrix<Scalar> V(rows, columns);
    V.setFromTriplets(entries.begin(), entries.end());
    auto result = std::make_shared<Dataset>();
    result->title = "scattered";
    result->V = DataMatrix(std::move(V));
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

/// Whole iterations of an algorithm, in one run: what its beginning and its end cost is not counted.
template <class Scalar>
void iterate(benchmark::State& state, const std::shared_ptr<const Dataset>& data, const std::string& algorithm,
             const std::string& loss)
{
    Options options;
    options.rank = state.range(2);
    options.algorithm.id = algorithm;
    options.loss.id = loss;
    options.initializer.id = "random";
    options.tolerance = 0;
    options.maxIterations = 0;
    options.precision = std::is_same_v<Scalar, float> ? Precision::Single : Precision::Double;
    Run run(data, options);
    run.advance();
    run.setLimits(std::numeric_limits<int>::max(), 0, 0);
    std::stop_source source;
    run.advance(source.get_token(), {.gate = [&](const Run& now) {
                    if (!now.betweenHalves() && !state.KeepRunning())
                        source.request_stop();
                }});
}

/// Beside V·F and Vᵀ·F alone, which an iteration for the Frobenius loss cannot do without.
template <class Scalar>
void iterateDense(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    const double bare = BareProducts<Scalar>(state).seconds();
    iterate<Scalar>(state, dataset<Scalar>(state.range(0), state.range(1)), algorithm, loss);
    countRate(state);
    state.counters["share of bare products"] =
        benchmark::Counter(bare * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

/// With the bytes that the two products read: each entry, its index, and a row of the factor.
template <class Scalar>
void iterateSparse(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    const auto data = sparseDataset<Scalar>(state.range(0), state.range(1), state.range(3));
    iterate<Scalar>(state, data, algorithm, loss);
    const double entry = sizeof(Scalar) * (1 + static_cast<double>(state.range(2))) + sizeof(int);
    state.counters["GB/s of the products"] = benchmark::Counter(2e-9 * entry * static_cast<double>(data->V.stored()) *
                                                                    static_cast<double>(state.iterations()),
                                                                benchmark::Counter::kIsRate);
}

void iteration(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    iterateDense<double>(state, algorithm, loss);
}

void iterationSingle(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    iterateDense<float>(state, algorithm, loss);
}

void sparseIteration(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    iterateSparse<double>(state, algorithm, loss);
}

void sparseIterationSingle(benchmark::State& state, const std::string& algorithm, const std::string& loss)
{
    iterateSparse<float>(state, algorithm, loss);
}

/// Reads an array that no cache holds, on all cores: the machine's own rate.
void reading(benchmark::State& state)
{
    const Vector<double> array = Vector<double>::Ones(state.range(0) << 17);
    Blocks blocks;
    const Partition parts{array.size(), (array.size() + blocks.threads() - 1) / blocks.threads()};
    std::vector<double> sums(static_cast<std::size_t>(parts.count()));
    for (auto _ : state) {
        blocks.run(parts.count(), [&](Index b, int) {
            sums[static_cast<std::size_t>(b)] = array.segment(parts.first(b), parts.size(b)).sum();
        });
        benchmark::DoNotOptimize(sums.data());
    }
    state.counters["GB/s"] =
        benchmark::Counter(8e-9 * static_cast<double>(array.size() * state.iterations()), benchmark::Counter::kIsRate);
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

void sparseShapes(benchmark::internal::Benchmark* benchmark)
{
    benchmark->ArgNames({"m", "n", "k", "entries in a column"})
        ->Args({9635, 2225, 20, 128})
        ->Args({20000, 10000, 20, 100})
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
}

} // namespace

BENCHMARK(products<double>)->Apply(shapes);
BENCHMARK(products<float>)->Apply(shapes);
BENCHMARK_CAPTURE(iteration, mu, "mu", "frobenius")->Apply(shapes);
BENCHMARK_CAPTURE(iteration, hals, "hals", "frobenius")->Apply(shapes);
BENCHMARK_CAPTURE(iteration, ehals, "ehals", "frobenius")->Apply(shapes);
BENCHMARK_CAPTURE(iterationSingle, hals, "hals", "frobenius")->Apply(shapes);
BENCHMARK_CAPTURE(iterationSingle, ehals, "ehals", "frobenius")->Apply(shapes);
BENCHMARK_CAPTURE(iteration, kl_mu, "mu", "kl")->Apply(shapes);
BENCHMARK_CAPTURE(iteration, kl_klcdx, "klcdx", "kl")->Apply(shapes);
BENCHMARK_CAPTURE(iterationSingle, kl_mu, "mu", "kl")->Apply(shapes);
BENCHMARK(reading)->ArgName("MB")->Arg(512)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sparseIteration, hals, "hals", "frobenius")->Apply(sparseShapes);
BENCHMARK_CAPTURE(sparseIteration, ehals, "ehals", "frobenius")->Apply(sparseShapes);
BENCHMARK_CAPTURE(sparseIterationSingle, ehals, "ehals", "frobenius")->Apply(sparseShapes);
BENCHMARK_CAPTURE(sparseIteration, kl_mu, "mu", "kl")->Apply(sparseShapes);
BENCHMARK_CAPTURE(sparseIteration, kl_klcdx, "klcdx", "kl")->Apply(sparseShapes);

BENCHMARK_MAIN();
