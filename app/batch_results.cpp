#include "app/batch_results.h"

#include "app/batch_report.h"
#include "core/error.h"
#include "core/formats/formats.h"
#include "ui/model/basis_montage.h"

#include <QBuffer>

namespace nmf::ui
{

namespace
{

void writePicture(const OutputFolder& folder, const std::string& name, const QImage& picture)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (!picture.save(&buffer, "PNG"))
        throw Error("The picture " + name + " could not be encoded: is the memory full?");
    folder.write(name, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

} // namespace

void writeResults(const OutputFolder& folder, const std::string& prefix, const Dataset& dataset, const Result& result,
                  const QByteArray& report)
{
    saveNpy(folder.path(prefix + "W.npy"), result.factors.W);
    saveNpy(folder.path(prefix + "H.npy"), result.factors.Ht.transpose());
    folder.write(prefix + "loss.csv", lossTable(result.history));
    folder.write(prefix + "report.json", report.toStdString());
    if (dataset.features.kind == Axis::Kind::Pixels)
        writePicture(folder, prefix + "basis.png", basisMontage(result.factors, dataset.features));
}

} // namespace nmf::ui
