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

void write(const Snapshot& snapshot, Exporter::What what, const std::filesystem::path& path)
{
    const bool basis = what == Exporter::What::Basis;
    const Matrix<double> values = basis ? *snapshot.W : Matrix<double>(snapshot.Ht->transpose());
    if (path.extension() == ".csv") {
        const std::vector<std::string> components = componentNames(snapshot.W->cols());
        if (basis)
            saveCsv(path, values, labels(snapshot.dataset->features, values.rows()), components);
        else
            saveCsv(path, values, components, labels(snapshot.dataset->samples, values.cols()));
    } else {
        saveNpy(path, values);
    }
}

} // namespace

Exporter::Exporter(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::failed, this, &Exporter::failed);
}

void Exporter::save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path)
{
    m_worker.start(
        [this, snapshot = std::move(snapshot), what, path](const std::stop_token&, const Worker::Tell& tell) {
            write(*snapshot, what, path.toStdString());
            tell([this, path] { emit saved(path); });
        });
}

} // namespace nmf::ui
