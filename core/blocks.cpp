#include "core/blocks.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

#ifdef NMF_OPENBLAS
extern "C" void openblas_set_num_threads(int threads);
#endif

namespace nmf
{

namespace
{

/// Until the value is another one. A round of blocks often takes less time than to wake a thread: so it stays awake for
/// a moment.
template <class Value>
void waitForChange(const std::atomic<Value>& value, Value seen)
{
    constexpr int moment = 2000;
    for (int i = 0; i < moment; ++i) {
        if (value.load(std::memory_order_acquire) != seen)
            return;
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    value.wait(seen);
}

} // namespace

/// Where a thread runs now; −1 if that is not known.
int processorNow()
{
#ifdef __linux__
    return sched_getcpu();
#else
    return -1;
#endif
}

/// Moves this thread to the processor that is so many after another one; then it may run anywhere again. The system
/// starts a thread where it was made, and leaves it there for milliseconds while both are busy: a small problem is
/// solved by then.
void moveBeside(int processor, int distance)
{
#ifdef __linux__
    cpu_set_t allowed;
    if (processor < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2)
        return;
    for (int left = distance % CPU_COUNT(&allowed); left > 0;) {
        processor = (processor + 1) % CPU_SETSIZE;
        left -= CPU_ISSET(processor, &allowed) ? 1 : 0;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    if (sched_setaffinity(0, sizeof one, &one) == 0)
        sched_setaffinity(0, sizeof allowed, &allowed);
#else
    static_cast<void>(processor);
    static_cast<void>(distance);
#endif
}

/// A round is over when its blocks are done; a helper that slept through it is not waited for. So the next block to
/// take is kept together with the number of its round, and whoever is late takes nothing. Each thread has a share of
/// its own, the same in every round over as many blocks, whose numbers then lie in its processor's caches; who is
/// through with it takes of the others'.
struct Blocks::Crew
{
    struct alignas(64) Share
    {
        std::atomic<std::uint64_t> ticket{0}; ///< the round, and in the lower half the next block
    };

    explicit Crew(int threads) : shares(static_cast<std::size_t>(threads)) {}

    std::vector<Share> shares;
    std::atomic<std::uint32_t> round{0}; ///< goes up when there is work, or when it is time to leave
    std::atomic<std::uint32_t> count{0}, done{0};
    std::atomic<const std::function<void(Index, int)>*> work{nullptr};
    std::atomic<bool> leaving{false}, failed{false};
    std::exception_ptr error;
    std::mutex errorMutex;
    std::vector<std::jthread> helpers;

    /// Here, so that the helpers leave too when the system grants no more of them.
    ~Crew() { leave(); }

    /// Where a share of so many blocks begins, and the one before it ends.
    std::uint32_t firstOf(std::size_t share, std::uint32_t blocks) const
    {
        return static_cast<std::uint32_t>(std::uint64_t{blocks} * share / shares.size());
    }

    void takeBlocks(int thread)
    {
        const auto own = static_cast<std::size_t>(thread);
        for (std::size_t i = 0; i < shares.size(); ++i)
            takeShare((own + i) % shares.size(), thread);
    }

    void takeShare(std::size_t share, int thread)
    {
        std::atomic<std::uint64_t>& ticket = shares[share].ticket;
        for (std::uint64_t seen = ticket;;) {
            const auto block = static_cast<std::uint32_t>(seen);
            const std::uint32_t all = count, end = firstOf(share + 1, all);
            const auto* const task = work.load();
            if (block >= end)
                return;
            // It succeeds only while the round lasts that these were read in.
            if (!ticket.compare_exchange_weak(seen, seen + 1))
                continue;
            perform(*task, block, thread);
            if (done.fetch_add(1) + 1 == all)
                done.notify_one();
            seen = ticket;
        }
    }

    void perform(const std::function<void(Index, int)>& task, Index block, int thread)
    {
        if (failed)
            return;
        try {
            task(block, thread);
        } catch (...) {
            const std::lock_guard lock(errorMutex);
            if (!failed.exchange(true))
                error = std::current_exception();
        }
    }

    void help(int thread)
    {
        for (std::uint32_t seen = 0; !leaving;) {
            waitForChange(round, seen);
            seen = round;
            takeBlocks(thread);
        }
    }

    void perform(std::uint32_t blocks, const std::function<void(Index, int)>& task)
    {
        count = 0;
        done = 0;
        work = &task;
        for (std::size_t share = 0; share < shares.size(); ++share)
            shares[share].ticket = ((static_cast<std::uint64_t>(round) + 1) << 32) + firstOf(share, blocks);
        count = blocks;
        round.fetch_add(1);
        round.notify_all();
        takeBlocks(0);
        for (std::uint32_t reached = done; reached != blocks; reached = done)
            waitForChange(done, reached);
        if (failed.exchange(false))
            std::rethrow_exception(std::exchange(error, nullptr));
    }

    void leave()
    {
        leaving = true;
        round.fetch_add(1);
        round.notify_all();
    }
};

Blocks::Blocks(int threads)
{
    if (threads <= 0)
        threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    m_crew = std::make_unique<Crew>(threads);
#ifdef NMF_OPENBLAS
    // BLAS works inside a block, on one thread: its own threading would make the last bits depend on their number.
    openblas_set_num_threads(1);
#endif
    const int here = processorNow();
    for (int thread = 1; thread < threads; ++thread)
        m_crew->helpers.emplace_back([crew = m_crew.get(), thread, here] {
            moveBeside(here, thread);
            crew->help(thread);
        });
}

Blocks::~Blocks() = default;

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
    m_crew->perform(static_cast<std::uint32_t>(count), work);
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
