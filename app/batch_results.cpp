#include "app/batch_results.h"

#include "app/batch_report.h"
#include "core/error.h"
#include "core/formats/formats.h"
#include "ui/model/basis_montage.h"
#include "ui/model/result_matrices.h"
#include "ui/model/session.h"

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

QImage basisPicture(const RunRequest& request, const Factors<double>& found, const Axis& features)
{
    if (request.basisPixel == 0)
        return basisMontage(found, features);
    return exactMontage(found.W, orderByEnergy(found), features, {.pixel = request.basisPixel});
}

/// W and H in the formats that were asked for (NPY is there anyway), with the fit where that was.
void writeMatrices(const std::filesystem::path& place, const RunRequest& request, const Dataset& dataset,
                   const Options& options, const Result& result)
{
    std::vector<std::string> formats = request.formats;
    std::erase_if(formats, [&](const std::string& id) { return id == "npy" && !request.writeFit; });
    if (formats.empty() && request.writeFit)
        formats.emplace_back("npy");
    if (formats.empty())
        return;
    const std::vector<ResultMatrix> factors{ResultMatrix::W, ResultMatrix::H};
    // The parts of a session keep their names where they are still the same.
    const bool same = request.session && (request.continueFor > 0 || (options.start && !request.startGiven));
    const std::vector<std::string> names = same ? request.session->names : std::vector<std::string>();
    const std::vector<NamedMatrix> matrices =
        resultMatrices(request.writeFit ? allResultMatrices() : factors, dataset, options, result.factors, {}, names);
    for (const std::string& id : formats)
        nmf::writeMatrices(*find(writers(), id), place, "factors", matrices);
}

} // namespace

void writeResults(const OutputFolder& folder, const std::string& prefix, const RunRequest& request,
                  const Dataset& dataset, const Options& options, const Result& result, const QByteArray& report)
{
    saveNpy(folder.path(prefix + "W.npy"), result.factors.W);
    saveNpy(folder.path(prefix + "H.npy"), result.factors.Ht.transpose());
    writeMatrices(folder.path(prefix), request, dataset, options, result);
    folder.write(prefix + "loss.csv", lossTable(result.history));
    folder.write(prefix + "report.json", report.toStdString());
    if (dataset.features.kind == Axis::Kind::Pixels)
        writePicture(folder, prefix + "basis.png", basisPicture(request, result.factors, dataset.features));
}

void requireWritable(const RunRequest& request, const Dataset& dataset, const Options& options)
{
    if (request.basisPixel > 0 && dataset.features.kind != Axis::Kind::Pixels)
        throw Error("--basis-pixel is about pictures of the parts, but the rows of " + dataset.title +
                    " are no pixels: leave it out.");
    if (request.writeFit)
        requireRoom(allResultMatrices(), dataset, options);
}

} // namespace nmf::ui
