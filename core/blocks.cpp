#include "core/blocks.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#ifdef NMF_OPENBLAS
extern "C" void openblas_set_num_threads(int threads);
#endif

namespace nmf
{

struct Blocks::Crew
{
    std::atomic<unsigned> round{0}; ///< goes up when there is work, or when it is time to leave
    std::atomic<Index> next{0};
    std::atomic<int> busy{0};
    Index count = 0;
    const std::function<void(Index, int)>* work = nullptr;
    bool leaving = false;
    std::mutex errorMutex;
    std::exception_ptr error;
    std::vector<std::jthread> helpers;

    void takeBlocks(int thread)
    {
        try {
            for (Index block = next.fetch_add(1); block < count; block = next.fetch_add(1))
                (*work)(block, thread);
        } catch (...) {
            const std::lock_guard lock(errorMutex);
            if (!error)
                error = std::current_exception();
            next = count;
        }
    }

    void help(int thread)
    {
        for (unsigned seen = 0;; ++seen) {
            round.wait(seen);
            if (leaving)
                return;
            takeBlocks(thread);
            if (busy.fetch_sub(1) == 1)
                busy.notify_one();
        }
    }

    void startRound()
    {
        round.fetch_add(1);
        round.notify_all();
    }
};

Blocks::Blocks(int threads) : m_crew(std::make_unique<Crew>())
{
#ifdef NMF_OPENBLAS
    // BLAS works inside a block, on one thread: its own threading would make the last bits depend on their number.
    openblas_set_num_threads(1);
#endif
    if (threads <= 0)
        threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    for (int thread = 1; thread < threads; ++thread)
        m_crew->helpers.emplace_back([crew = m_crew.get(), thread] { crew->help(thread); });
}

Blocks::~Blocks()
{
    m_crew->leaving = true;
    m_crew->startRound();
}

int Blocks::threads() const
{
    return static_cast<int>(m_crew->helpers.size()) + 1;
}

void Blocks::runAll(Index count, const std::function<void(Index block, int thread)>& work)
{
    if (count <= 1 || m_crew->helpers.empty()) {
        for (Index block = 0; block < count; ++block)
            work(block, 0);
        return;
    }
    m_crew->work = &work;
    m_crew->count = count;
    m_crew->next = 0;
    m_crew->busy = static_cast<int>(m_crew->helpers.size());
    m_crew->startRound();
    m_crew->takeBlocks(0);
    for (int busy = m_crew->busy; busy != 0; busy = m_crew->busy)
        m_crew->busy.wait(busy);
    if (m_crew->error)
        std::rethrow_exception(std::exchange(m_crew->error, nullptr));
}

Partition partition(Index rows)
{
    // Few large blocks keep the matrix products near their best speed; a multiple of eight shares out well over the
    // usual numbers of cores.
    constexpr Index largest = 256;
    const Index share = rows >= 1024 ? 8 : rows >= 256 ? 4 : rows >= 64 ? 2 : 1;
    const Index count = share * ((rows + share * largest - 1) / (share * largest));
    const Index step = (rows + count - 1) / std::max<Index>(count, 1);
    return {rows, std::max<Index>(8, (step + 7) / 8 * 8)};
}

} // namespace nmf
