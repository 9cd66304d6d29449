#pragma once

#include "core/options.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace nmf
{

/// What is known after an iteration. Iteration 0 is the start.
struct Record
{
    int iteration = 0;
    double objective = 0;     ///< what is minimised: ½‖V−WH‖²F, or the divergence, and the penalties
    double relativeError = 0; ///< ‖V−WH‖F / ‖V‖F
    double seconds = 0;       ///< of solving, since the start; waiting and reporting do not count
    /// The objective of V divided by its scale: a number where that of very large or very small data is none.
    double scaledObjective = 0;
};

/// Why a run ended. The first four are the rules of convergence, by the objective, by the gradient, by the step and by
/// the strongest components of the samples. NotFinite: an iteration came to no number and was taken back.
enum class Termination {
    Converged,
    ConvergedGradient,
    ConvergedStep,
    ConvergedLabels,
    IterationLimit,
    TimeLimit,
    HeldOutLimit,
    Stopped,
    NotFinite
};

/// A rule of convergence has ended the run.
bool isConverged(Termination termination);

/// The id for reports ("converged") and the sentence for people.
std::string idOf(Termination termination);
std::string sentence(Termination termination, const Options& options, const std::vector<Record>& history);

/// How well entries that were never fitted are predicted.
struct HeldOutFit
{
    Index entries = 0;
    double rootMeanSquare = 0; ///< √(Σω(v−x)² / Σω) of the factors as they are now
    double relativeError = 0;  ///< √(Σω(v−x)² / Σωv²)
    /// The root mean square at every iteration at which it was looked at; past the last record's where the run went
    /// back to better factors.
    std::vector<std::pair<int, double>> looks = {};
};

/// Where a run was: what it takes to go on from there.
struct Position
{
    Factors<double> factors;
    std::vector<Record> history;    ///< of every iteration from 0 on
    std::size_t comparableFrom = 0; ///< see Run::comparableFrom()
    bool betweenHalves = false;
};

class Run;

/// How a driver is watched and held. Both are called on the thread that calls advance().
struct Observer
{
    /// Before each half-iteration: returns at once to go on, or blocks as long as the run shall pause. It must return
    /// when the stop token is asked to stop.
    std::function<void(const Run&)> gate = {};
    /// After each half-iteration (and once for the start). After a whole iteration the last record is that of the
    /// factors.
    std::function<void(const Run&)> report = {};
};

/// One factorization in progress: the data, the options, the factors, and all that the algorithm must remember. It can
/// be advanced, left alone, and advanced again; the iterations come out the same.
class Run
{
public:
    /// Checks the options and the data; throws Error. Cheap: the start is computed by the first advance().
    Run(std::shared_ptr<const Dataset> dataset, Options options);
    ~Run();
    Run(Run&&) noexcept;
    Run& operator=(Run&&) noexcept;

    /// The one loop: iterates until a stopping rule of the options fires or the token is asked to stop. Where a rule
    /// has fired, entries that multiplicative rules keep just off zero are zero, and the last record is that of these
    /// factors; going on begins where the iterations were. With Options::patience the factors are, at any end, those
    /// that predicted the held-out entries best.
    Termination advance(std::stop_token stop = {}, const Observer& observer = {});

    /// Before the first advance(): takes up a run where it was, instead of computing a start. What the algorithm
    /// remembered besides the factors it gathers anew. Throws Error if that is no place for these data and options.
    void beginAt(const Position& position);

    /// Goes to where the iterations were before they ended; advance() does so too.
    void takeUp();

    const Dataset& dataset() const;
    const Options& options() const;
    /// For going on after a rule has fired: these rules from here on (see Options), and none of convergence besides.
    void setLimits(int maxIterations, double tolerance, double timeLimit);
    /// The same with all the rules of convergence that these options have.
    void setRules(const Options& rules);

    /// Goes on from the factors as they are with the algorithm of these options and what they ask of the factors
    /// (sameTerms). Throws Error if that cannot be.
    void setModel(const Options& model);

    bool started() const;       ///< the start has been computed
    int iteration() const;      ///< whole iterations made
    bool betweenHalves() const; ///< H has been moved, W not yet
    bool canHalve() const;      ///< the algorithm has two halves
    const std::vector<Record>& history() const;
    /// The first record with the present penalties: those before are of another objective.
    std::size_t comparableFrom() const;
    /// What happened on the way that the user should know, in sentences.
    const std::vector<std::string>& notes() const;
    /// How often the objective rose by more than rounding though the algorithm promises that it never does: 0, unless
    /// the program has a defect.
    int monotonicityViolations() const;
    /// The numbers of the factors as they are now, between the halves of an iteration too.
    Record current() const;

    /// What Options::heldOut asks for; empty if nothing is held out, or before the start.
    std::optional<HeldOutFit> heldOut() const;

    /// The factors now, unscaled, W m × k and Ht n × k. A copy: the run goes on.
    Factors<double> factors() const;

private:
    struct State;

    void change(const Options& changed);
    Termination iterate(const std::stop_token& stop, const Observer& observer);

    std::unique_ptr<State> m_state;
};

struct Result
{
    Factors<double> factors;
    std::vector<Record> history;
    Termination termination = Termination::Stopped;
    std::vector<std::string> notes = {}; ///< see Run::notes()
    std::optional<HeldOutFit> heldOut = {};
    int monotonicityViolations = 0; ///< see Run::monotonicityViolations()
};

/// A whole run at once.
Result factorize(std::shared_ptr<const Dataset> dataset, const Options& options, std::stop_token stop = {},
                 const Observer& observer = {});

} // namespace nmf
