#pragma once

#include "core/factorize.h"
#include "ui/model/component_labels.h"
#include "ui/model/history.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace nmf::ui
{

/// A run as it was at one moment: what all views paint from. Immutable once published.
struct Snapshot
{
    std::uint64_t run = 0; ///< the run's number in this window, from 1
    std::shared_ptr<const Dataset> dataset;
    Options options;
    std::shared_ptr<const Matrix<double>> W, Ht;
    /// Hᵀ as it would be if every column of W had norm 1: of a component's size only the product of the two is
    /// determined.
    std::shared_ptr<const Matrix<double>> scaledHt;
    Record record;                  ///< of exactly these factors
    std::size_t comparableFrom = 0; ///< see Run::comparableFrom()
    bool betweenHalves = false;     ///< H has been moved, W not yet
    bool resting = false;           ///< the run holds here: it is paused or has ended
    std::vector<Index> order;       ///< components, the largest energy first (during a run: nearly)
    std::vector<double> shares;     ///< shares[a]: ‖w_a‖‖h_a‖ over the sum of all
    Index alive = 0;                ///< components that have a part in WH
    double sparsenessW = 0, sparsenessH = 0;
    double iterationsPerSecond = 0;
    std::optional<HeldOutFit> heldOut; ///< if entries are held out
    std::optional<Termination> ended;
    std::string endSentence;        ///< why it ended
    std::vector<std::string> notes; ///< what happened on the way that the user should know

    /// Of its matrices.
    std::size_t bytes() const
    {
        return sizeof(double) * static_cast<std::size_t>(W->size() + Ht->size() + scaledHt->size());
    }
};

/// The numbers of a run so far, for its curve.
struct RunHistory
{
    std::uint64_t number = 0;
    Options options;
    std::string title; ///< "Run 3: rank 49, hals, nndsvda"
    std::vector<Record> records;
    int wentBack = 0;                          ///< how often more of the records than the last were replaced
    std::shared_ptr<const Snapshot> last = {}; ///< as it was when something was last known of it
    std::string note = {};                     ///< the user's
    bool starred = false;                      ///< it is not forgotten when there are too many
    ComponentLabels labels = {};
};

/// The run now. Made on the solver's thread.
std::shared_ptr<Snapshot> snapshotOf(const Run& run, std::shared_ptr<const Dataset> dataset, std::uint64_t number);

/// The run as it was at a frame.
std::shared_ptr<Snapshot> snapshotOf(const Frame& frame, std::shared_ptr<const Dataset> dataset, const Options& options,
                                     std::uint64_t number);

/// An order by falling shares that moves a component only where it is clearly out of place, so that a picture that
/// changes many times a second does not flicker. Exact if there is no previous order of this size.
std::vector<Index> steadyOrder(std::vector<Index> previous, const std::vector<double>& shares);

std::string titleOf(std::uint64_t number, const Options& options);

/// Whether runs on the same data begin with the same factors.
bool haveSameStart(const Options& one, const Options& other);

} // namespace nmf::ui
