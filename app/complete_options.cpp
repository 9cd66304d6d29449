#include "app/complete_options.h"

#include "app/batch_input.h"
#include "app/batch_results.h"
#include "core/algorithms/algorithms.h"
#include "core/losses/losses.h"
#include "core/partial_start.h"
#include "core/samples/samples.h"
#include "core/terms.h"

namespace nmf::ui
{

Options completeOptions(const RunRequest& request, const Dataset& dataset, const LoadControl& control)
{
    Options options = request.options;
    if (!request.session)
        options.unstoredUnknown = request.plan.repairs.zeros.id == "unknown" && dataset.V.isSparse();
    // What a built-in sample leaves out is known to be unknown.
    if (request.input.startsWith("sample:") && factsOf(dataset.V).nans > 0)
        options.nanUnknown = true;
    if (!request.lockedW.empty())
        options.lockW.entries = readLocks(request.lockedW, false, control);
    if (!request.lockedH.empty())
        options.lockH.entries = readLocks(request.lockedH, true, control);
    if (request.elasticNet)
        request.elasticNet->apply(options, dataset.V.rows(), dataset.V.cols());
    if (!request.start.empty()) {
        const GivenParts parts = loadParts(request.start);
        if (!request.rankGiven)
            options.rank = parts.count();
        options.start = startWithParts(dataset, parts, options, control.stop);
    } else if (!request.rankGiven && request.input.startsWith("sample:")) {
        options.rank = sampleNamed(request.input.mid(7).toStdString()).suggestedRank;
    }
    if (!request.solverGiven)
        options.algorithm = {automaticAlgorithm(find(losses(), options.loss.id)->make(options.loss.values),
                                                isWeighted(options, dataset), demandsOf(options)),
                             {}};
    requireWritable(request, dataset, options);
    return options;
}

} // namespace nmf::ui
