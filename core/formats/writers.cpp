#include "core/formats/writers.h"

#include <cassert>

namespace nmf
{

const std::vector<Writer>& writers()
{
    static const std::vector<Writer> table{npyWriter(), csvWriter(), matWriter(), npzWriter()};
    return table;
}

std::vector<std::string> filesOf(const Writer& writer, const std::string& stem, std::span<const NamedMatrix> matrices)
{
    if (matrices.empty())
        return {};
    if (writer.holds == Writer::Holds::Several)
        return {stem + writer.suffix};
    std::vector<std::string> files;
    for (const NamedMatrix& matrix : matrices)
        files.push_back(matrix.name + writer.suffix);
    return files;
}

void writeMatrices(const Writer& writer, const std::filesystem::path& folder, const std::string& stem,
                   std::span<const NamedMatrix> matrices, const LoadControl& control)
{
    const std::vector<std::string> files = filesOf(writer, stem, matrices);
    if (writer.holds == Writer::Holds::Several && !files.empty())
        return writer.write(folder / files.front(), matrices, control);
    const auto count = static_cast<double>(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        LoadControl share{.stop = control.stop};
        if (control.progress)
            share.progress = [&](double fraction) { control.progress((static_cast<double>(i) + fraction) / count); };
        writer.write(folder / files[i], matrices.subspan(i, 1), share);
    }
}

} // namespace nmf
