#pragma once

#include "core/import_plan.h"
#include "core/options.h"
#include "ui/model/options_report.h"

#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace nmf::ui
{

class Arguments;
struct SavedSession;

/// Penalties as scikit-learn takes them: what they weigh depends on the size of the data.
struct ElasticNet
{
    double onW = 0, onH = 0, l1Ratio = 0; ///< alpha_W, alpha_H, l1_ratio

    /// Puts them into the options, for V with so many rows and columns.
    void apply(Options& options, Index rows, Index columns) const;
};

/// What `partscope run` is asked to do.
struct RunRequest
{
    QString input;
    Options options;
    std::optional<ElasticNet> elasticNet = {}; ///< instead of the options' penalties
    bool rankGiven = false, startGiven = false, solverGiven = false, zerosGiven = false;
    int restarts = 1;
    std::vector<Index> ranks = {}; ///< of --ranks; empty for one rank
    int heldOutBlocks = 0;         ///< into how many groups rows and columns are held out; 0 for none
    bool quiet = false, json = false;
    bool compare = false;          ///< with other models of the same rank
    std::filesystem::path classes; ///< a text with what is known of each sample; empty for none
    ImportPlan plan;               ///< how INPUT becomes a table
    std::filesystem::path start;   ///< an npz with W and H; empty for none
    /// Tables of the shapes of W and H that tell what stays as the start gives it; empty for none.
    std::filesystem::path lockedW, lockedH;
    std::filesystem::path output;          ///< empty for none
    std::vector<std::string> formats = {}; ///< ids of writers() that OUTPUT is written in, besides W.npy and H.npy
    bool writeFit = false;                 ///< W H and the residual too
    int basisPixel = 0;                    ///< how many pixels of basis.png a pixel of a part is wide; 0: as fits
    std::shared_ptr<const SavedSession> session = {}; ///< if INPUT is one
    int continueFor = 0;                              ///< so many iterations more from where it is; 0 for a new run
    std::filesystem::path sessionFile = {};           ///< of --session; empty for none
};

/// What `partscope transform` is asked to do.
struct TransformRequest
{
    std::filesystem::path model; ///< a folder of results, a session, or an npz with W
    QString input;
    std::optional<Choice> loss = {};        ///< without it that of the model
    std::optional<double> l1 = {}, l2 = {}; ///< the same of the penalties on H
    Options options;                        ///< what is unknown, and the threads
    bool quiet = false, json = false, zerosGiven = false;
    ImportPlan plan;              ///< how INPUT becomes a table
    std::filesystem::path output; ///< empty for none
};

/// What `partscope info` is asked to do.
struct InfoRequest
{
    QString input;
    ImportPlan plan; ///< how INPUT becomes a table
    bool json = false, zerosGiven = false;
};

/// What `partscope samples` is asked to do.
struct SamplesRequest
{
    QString sample; ///< empty: list them
    std::filesystem::path output;
};

/// Each reads the arguments after its command. Empty: --help was asked for, and has been printed. Throws Error.
std::optional<RunRequest> runRequest(const QStringList& arguments);
std::optional<TransformRequest> transformRequest(const QStringList& arguments);
std::optional<InfoRequest> infoRequest(const QStringList& arguments);
std::optional<SamplesRequest> samplesRequest(const QStringList& arguments);

/// Throws Error where what looks at whole tables is asked for, and not all of the table counts alike: which may be
/// known only when INPUT has been read.
void requireWholeTable(const RunRequest& request);

/// The options that say what is minimised, how, and of what table: of each command that factorizes.
void addModelOptions(Arguments& arguments);
/// Throws Error.
void readModelOptions(const Arguments& arguments, RunRequest& request);

/// The ranks of "2:12" or "2,4,8". Throws Error.
std::vector<Index> ranksOf(const std::string& text);

/// The loss that is written so (see textOf). Throws Error.
Choice lossOf(const std::string& text);

/// A path as the system has it.
std::filesystem::path pathOf(const QString& text);

} // namespace nmf::ui
