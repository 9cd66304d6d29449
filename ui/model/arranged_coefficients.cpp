#include "ui/model/arranged_coefficients.h"

#include <utility>

namespace nmf::ui
{

ArrangedCoefficients::ArrangedCoefficients(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::finished, this, [this] {
        if (m_next)
            begin();
    });
}

void ArrangedCoefficients::arrange(Request request)
{
    m_next = std::move(request);
    if (!m_worker.busy())
        begin();
}

void ArrangedCoefficients::forget()
{
    m_next.reset();
    if (m_worker.busy())
        m_worker.start([](const std::stop_token&, const Worker::Tell&) {});
}

void ArrangedCoefficients::begin()
{
    m_worker.start(
        [this, request = *std::exchange(m_next, std::nullopt)](const std::stop_token&, const Worker::Tell& tell) {
            Arranged result{.request = request, .Ht = request.Ht};
            if (request.scale != CoefficientScale::AsTheyAre)
                result.Ht = std::make_shared<const Matrix<double>>(scaledFor(request.scale, *request.Ht));
            result.samples = orderSamples(*request.dataset, *request.Ht, request.components, request.order);
            tell([this, result] { emit arranged(result); });
        });
}

} // namespace nmf::ui
