#pragma once

#include "core/matrix.h"

#include <algorithm>
#include <functional>
#include <memory>

namespace nmf
{

/// A few threads that share out numbered blocks. The blocks are laid out by the data and never by the number of
/// threads, and what is inside a block runs on one thread, so results have the same bits for any number of threads.
class Blocks
{
public:
    /// 0: as many threads as the machine has cores.
    explicit Blocks(int threads = 0);
    ~Blocks();
    Blocks(const Blocks&) = delete;
    Blocks& operator=(const Blocks&) = delete;

    int threads() const;

    /// Calls work(block, thread) for every block in [0, count), each once, and returns when all are done. `thread` is
    /// in [0, threads()) and names scratch memory. The calling thread works too. Not to be nested.
    template <class Work>
    void run(Index count, const Work& work)
    {
        // Held by reference, so that nothing is allocated.
        runAll(count, std::cref(work));
    }

private:
    void runAll(Index count, const std::function<void(Index block, int thread)>& work);

    struct Crew;
    std::unique_ptr<Crew> m_crew;
};

/// Where blocks begin: rows [first(b), first(b) + size(b)).
struct Partition
{
    Index rows = 0, step = 1;

    Index count() const { return (rows + step - 1) / step; }
    Index first(Index block) const { return block * step; }
    Index size(Index block) const { return std::min(step, rows - first(block)); }
};

/// The blocks for a factor of so many rows: chosen by the data alone.
Partition partition(Index rows);

} // namespace nmf
