#pragma once

#include "ui/model/known_column.h"
#include "ui/model/snapshot.h"
#include "ui/model/worker.h"

#include <QObject>

#include <map>
#include <optional>
#include <set>

namespace nmf::ui
{

/// What a part is in a sample. Weights are for columns of W of norm 1, so that they compare: a weight is the norm of
/// what the part adds.
struct SamplePart
{
    Index component = 0;
    double weight = 0; ///< as it is now
    double found = 0;  ///< as the run has it
    bool on = true;    ///< takes part in the sum
};

/// What the user has changed of a sample's sum.
struct PartEdits
{
    std::map<Index, double> weights = {}; ///< of components, instead of those found
    std::set<Index> off = {};             ///< components that are left out
    std::optional<Index> first = {};      ///< only so many of the largest are added

    bool operator==(const PartEdits&) const = default;
};

/// One sample as a weighted sum of parts: V_j ≈ Σ weight · part.
struct Reconstruction
{
    std::shared_ptr<const Snapshot> snapshot;
    Index sample = 0;
    std::vector<SamplePart> parts; ///< the largest found first
    KnownColumn column;            ///< V_j
    Vector<double> model;          ///< the sum of the parts that are on
    double error = 0;              ///< relative, over the known entries
    double foundError = 0;         ///< of all parts as the run has them

    /// V_j, the model and V_j − model with NaN for what is unknown.
    Vector<double> knownColumn() const;
    Vector<double> knownModel() const;
    Vector<double> residual() const;
};

/// Takes a product of W and a vector; no more of V than the one column.
Reconstruction reconstructionOf(std::shared_ptr<const Snapshot> snapshot, Index sample, const PartEdits& edits = {},
                                const std::vector<Index>& orderBefore = {});

/// The best weights for one sample, W as it is, of the components that are not left out. Throws Error where the
/// penalties on H have no such answer for one sample, and Cancelled.
std::map<Index, double> bestWeights(const Snapshot& snapshot, Index sample, const std::set<Index>& off,
                                    const std::stop_token& stop = {});

/// Makes reconstructions: at once where that is quick, else off the window's thread, the newest that was asked for.
class Reconstructor : public QObject
{
    Q_OBJECT

public:
    explicit Reconstructor(QObject* parent = nullptr);

    void ask(std::shared_ptr<const Snapshot> snapshot, Index sample, const PartEdits& edits);
    void solve(std::shared_ptr<const Snapshot> snapshot, Index sample, const std::set<Index>& off);
    /// Nothing that was asked for is told any more.
    void forget();

signals:
    void made(const std::shared_ptr<const nmf::ui::Reconstruction>& reconstruction);
    void solved(const std::map<nmf::Index, double>& weights);
    void failed(const QString& message);

private:
    using Asked = std::function<Reconstruction()>;

    void tell(Reconstruction reconstruction);
    void startNext();

    std::vector<Index> m_order; ///< of the parts as they were last told
    Asked m_next;
    // Last: stopped and joined before anything their jobs use is gone.
    Worker m_maker, m_solver;
};

} // namespace nmf::ui
