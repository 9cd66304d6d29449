#include "ui/model/exporter.h"

#include "core/error.h"
#include "ui/model/result_matrices.h"

#include <QFileInfo>

namespace nmf::ui
{

const Writer& writerFor(const QString& path)
{
    const std::string suffix = '.' + QFileInfo(path).suffix().toLower().toStdString();
    std::string known;
    for (const Writer& writer : writers()) {
        if (writer.suffix == suffix)
            return writer;
        known += (known.empty() ? "" : ", ") + writer.suffix;
    }
    throw Error("No kind of file is known for " + path.toStdString() + "; end the name in one of " + known + ".");
}

Exporter::Exporter(QObject* parent) : QObject(parent)
{
    connect(&m_worker, &Worker::failed, this, &Exporter::failed);
    connect(&m_worker, &Worker::finished, this, &Exporter::begin);
}

Exporter::~Exporter()
{
    std::stop_source leaving;
    leaving.request_stop();
    for (const Order& order : m_waiting) {
        try {
            order.job({.stop = leaving.get_token()});
        } catch (const std::exception&) {
            // There is no window left to say it in.
        }
    }
}

void Exporter::save(std::shared_ptr<const Snapshot> snapshot, What what, const QString& path,
                    const std::vector<std::string>& names)
{
    // Small, and never given up: who closes the window has asked for it.
    perform(path, [snapshot = std::move(snapshot), what, path, names](const LoadControl&) {
        const ResultMatrix matrix = what == What::Basis ? ResultMatrix::W : ResultMatrix::H;
        writerFor(path).write(
            path.toStdString(),
            resultMatrices({matrix}, *snapshot->dataset, snapshot->options, {*snapshot->W, *snapshot->Ht}, {}, names),
            {});
    });
}

void Exporter::perform(const QString& place, Job job)
{
    m_waiting.push_back({place, std::move(job)});
    if (!m_worker.busy())
        begin();
}

void Exporter::begin()
{
    if (m_waiting.empty()) {
        emit busyChanged();
        return;
    }
    const Order order = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_worker.start([this, order](const std::stop_token& stop, const Worker::Tell& tell) {
        double told = 0;
        constexpr double step = 0.01;
        order.job({.stop = stop, .progress = [&](double fraction) {
                       if (fraction < told + step)
                           return;
                       told = fraction;
                       tell([this, fraction] { emit progress(fraction); });
                   }});
        tell([this, place = order.place] { emit saved(place); });
    });
    emit busyChanged();
}

} // namespace nmf::ui
