#pragma once

#include "core/factors.h"
#include "core/options.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace nmf::ui
{

/// Factors as a person has changed them. origin[i]: which component of those before the i-th is; −1 for a new one.
struct ComponentEdit
{
    Factors<double> factors;
    std::vector<Index> origin;
};

/// The factors as they are.
ComponentEdit unchanged(const Factors<double>& factors);

/// Throws Error if it is the only one.
ComponentEdit withoutComponent(const Factors<double>& factors, Index component);

/// The component and a copy of it, which share its coefficients in halves: WH stays as it is.
ComponentEdit withCopy(const Factors<double>& factors, Index component);

/// In place of the first of two components the best one for the sum of both, w₁h₁ + w₂h₂; the second is gone.
ComponentEdit merged(const Factors<double>& factors, Index first, Index second);

/// In place of a component the best two for its share and what nobody explains, [w h + V − WH]₊, in the sense of least
/// squares. Throws Error if one is enough for that, and Cancelled.
ComponentEdit split(std::shared_ptr<const Dataset> dataset, const Options& options, const Factors<double>& factors,
                    Index component, const std::stop_token& stop = {});

/// The sample whose known entries are explained worst, by Σω(v − x)².
Index worstExplained(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                     const std::stop_token& stop = {});

/// A new component in place of one: what the others leave of a sample, with the coefficients that suit what they leave
/// of all samples. Throws Error if they leave nothing of it, and Cancelled.
ComponentEdit begunFromRest(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                            Index component, Index sample, const std::stop_token& stop = {});
/// The same from the sample itself.
ComponentEdit begunFromSample(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, Index sample, const std::stop_token& stop = {});
/// The same within some features alone: from the mean over all samples of what the others leave there, Σω[v − x]₊ / Σω.
/// It is zero elsewhere.
ComponentEdit begunFromRegion(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, std::span<const Index> region, const std::stop_token& stop = {});

/// What to choose a region by, a column for each: the mean of what all components but one leave, of which one begun
/// from a region has a piece, and that of the data, Σωv / Σω. Throws Cancelled.
enum RegionPicture { LeftPicture, DataPicture, RegionPictures };
Matrix<double> regionPictures(const Dataset& dataset, const Options& options, const Factors<double>& factors,
                              Index component, const std::stop_token& stop = {});

/// An entry of a column, and what it shall be.
struct PaintedEntry
{
    Index row = 0;
    double value = 0;
};
ComponentEdit painted(const Factors<double>& factors, Index component, std::span<const PaintedEntry> entries);

/// What it takes to go on from an edit: the same options with its rank and its factors as the start. What was locked
/// stays so as far as it is still there.
Options optionsFor(const Options& before, const ComponentEdit& edit);

/// Locks a component's column, or lets it go.
void setLocked(FactorLock& lock, Index component, bool locked);

/// Lets no entry of a component's column move by more than this share of itself; 0: by as much as it will.
void setSoft(FactorLock& lock, Index component, double share);

/// Locks entries of a component's column in a factor with so many rows, or lets all of them go.
void lockEntries(FactorLock& lock, Index rows, Index rank, Index component, std::span<const PaintedEntry> entries);
void releaseEntries(FactorLock& lock, Index component);
/// Whether entries of a component are locked one by one.
bool hasLockedEntries(const FactorLock& lock, Index component);

} // namespace nmf::ui
