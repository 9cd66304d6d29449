#include "ui/model/exporter.h"

#include "core/formats/formats.h"

namespace nmf::ui
{

namespace
{

std::vector<std::string> labels(const Axis& axis, Index count)
{
    std::vector<std::string> result;
    for (Index index = 0; index < count; ++index)
        result.push_back(axis.label(index));
    return result;
}

std::vector<std::string> componentNames(Index rank)
{
    std::vector<std::string> result;
    for (Index a = 0; a < rank; ++a)
        result.push_back("component " + std::to_string(a + 1));
    return result;
}

} // namespace

Exporter::Exporter(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::failed, this, &Exporter::failed);
    connect(&m_worker, &Worker::finished, this, &Exporter::begin);
}

Exporter::~Exporter()
{
    try {
        for (const Order& order : m_waiting)
            write(order);
    } catch (const std::exception&) {
        // There is no window left to say it in.
    }
}

void Exporter::save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path)
{
    m_waiting.push_back({std::move(snapshot), what, path});
    if (!m_worker.busy())
        begin();
}

void Exporter::begin()
{
    if (m_waiting.empty())
        return;
    const Order order = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_worker.start([this, order](const std::stop_token&, const Worker::Tell& tell) {
        write(order);
        tell([this, path = order.path] { emit saved(path); });
    });
}

void Exporter::write(const Order& order)
{
    const Snapshot& snapshot = *order.snapshot;
    const std::filesystem::path path = order.path.toStdString();
    const bool basis = order.what == What::Basis;
    const Matrix<double> values = basis ? *snapshot.W : Matrix<double>(snapshot.Ht->transpose());
    if (!order.path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive)) {
        saveNpy(path, values);
        return;
    }
    const std::vector<std::string> components = componentNames(snapshot.W->cols());
    if (basis)
        saveCsv(path, values, labels(snapshot.dataset->features, values.rows()), components);
    else
        saveCsv(path, values, components, labels(snapshot.dataset->samples, values.cols()));
}

} // namespace nmf::ui
