#include "ui/model/newcomers.h"

#include "core/error.h"
#include "ui/model/import.h"

#include <algorithm>

namespace nmf::ui
{

Newcomers newcomersOf(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Dataset> dataset,
                      const std::stop_token& stop)
{
    const Matrix<double>&W = *snapshot->W, &trained = *snapshot->scaledHt;
    if (dataset->V.rows() != W.rows())
        throw Error(dataset->title + " has " + std::to_string(dataset->V.rows()) + " features, but the basis has " +
                    std::to_string(W.rows()) + ": new samples need the same ones, in the same order.");
    Newcomers newcomers;
    newcomers.of = snapshot;
    newcomers.dataset = dataset;
    newcomers.found = transform(*dataset, W, snapshot->options, stop);
    // Beside many training samples a few new ones would not be seen.
    constexpr Index least = 50, times = 3;
    const Index most = std::max(least, times * newcomers.samples());
    newcomers.everyOther = std::max<Index>(1, (trained.rows() + most - 1) / most);
    const Index training = (trained.rows() + newcomers.everyOther - 1) / newcomers.everyOther;
    auto beside = std::make_shared<Matrix<double>>(newcomers.samples() + training, W.cols());
    beside->topRows(newcomers.samples()) = newcomers.found.Ht * W.colwise().norm().asDiagonal();
    for (Index row = newcomers.samples(); row < beside->rows(); ++row)
        beside->row(row) = trained.row(newcomers.trainingSample(row));
    newcomers.beside = std::move(beside);
    return newcomers;
}

Applier::Applier(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::failed, this, &Applier::failed);
}

void Applier::apply(std::shared_ptr<const Snapshot> snapshot, const ImportPlan& plan, const QString& source)
{
    m_worker.start([this, snapshot = std::move(snapshot), plan, source](const std::stop_token& stop,
                                                                        const Worker::Tell& tell) {
        requireSameForNewSamples(plan);
        if (!plan.weights.empty())
            throw Error("The weights of the training data tell nothing of new samples: use partscope transform with "
                        "weights of their own.");
        auto dataset = std::make_shared<const Dataset>(imported(source.toStdString(), plan, {.stop = stop}));
        auto newcomers = std::make_shared<const Newcomers>(newcomersOf(snapshot, dataset, stop));
        tell([this, newcomers] { emit applied(newcomers); });
    });
}

} // namespace nmf::ui
