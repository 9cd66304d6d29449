#include "ui/model/snapshot.h"

namespace nmf::ui
{

std::shared_ptr<Snapshot> snapshotOf(const Run& run, std::shared_ptr<const Dataset> dataset, std::uint64_t number)
{
    Factors<double> factors = run.factors();
    const std::vector<Record>& history = run.history();
    auto snapshot = snapshotOf({.record = run.betweenHalves() ? run.current() : history.back(),
                                .W = std::make_shared<const Matrix<double>>(std::move(factors.W)),
                                .Ht = std::make_shared<const Matrix<double>>(std::move(factors.Ht))},
                               std::move(dataset), run.options(), number);
    snapshot->heldOut = run.heldOut();
    snapshot->comparableFrom = run.comparableFrom();
    snapshot->betweenHalves = run.betweenHalves();
    const double iterating = history.back().seconds - history.front().seconds;
    snapshot->iterationsPerSecond = iterating > 0 ? run.iteration() / iterating : 0;
    snapshot->resting = false;
    return snapshot;
}

} // namespace nmf::ui
