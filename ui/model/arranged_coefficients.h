#pragma once

#include "core/sample_order.h"
#include "ui/model/worker.h"

#include <QObject>

#include <optional>

namespace nmf::ui
{

/// H as a view wants it: the samples in an order, the numbers on a scale. Made on a thread of its own, since many
/// samples take a while; where news come more quickly than that, the last is made.
class ArrangedCoefficients : public QObject
{
    Q_OBJECT

public:
    struct Request
    {
        std::shared_ptr<const Dataset> dataset;
        std::shared_ptr<const Matrix<double>> Ht;
        std::vector<Index> components; ///< their order
        SampleOrder order = SampleOrder::AsTheyCome;
        CoefficientScale scale = CoefficientScale::AsTheyAre;
    };

    struct Arranged
    {
        Request request;
        std::shared_ptr<const Matrix<double>> Ht;
        OrderedSamples samples = {};
    };

    explicit ArrangedCoefficients(QObject* parent = nullptr);

    /// Nothing has to be made for it.
    static bool isPlain(const Request& request)
    {
        return request.order == SampleOrder::AsTheyCome && request.scale == CoefficientScale::AsTheyAre;
    }

    void arrange(Request request);
    /// What was asked for is not wanted any more.
    void forget();

signals:
    void arranged(const nmf::ui::ArrangedCoefficients::Arranged& result);

private:
    void begin();

    std::optional<Request> m_next;
    Worker m_worker; ///< last: stopped and joined before anything its job uses is gone
};

} // namespace nmf::ui
