/// Reads what the fuzzer makes up as the members of a session. What comes back is a session that holds together and can
/// be saved and opened again, or a sentence: anything else is a finding.

#include "core/error.h"
#include "tests/fuzz/session_parts.h"
#include "ui/model/session.h"

#include <cstdio>
#include <cstdlib>

namespace
{

using namespace nmf;
using namespace nmf::ui;

void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "A session was read that does not hold together: %s.\n", what);
    std::abort();
}

void requireWhole(const SavedSession& session)
{
    const Dataset& dataset = *session.dataset;
    const Index rows = dataset.V.rows(), columns = dataset.V.cols();
    require(rows > 0 && columns > 0, "it has no data");
    for (const auto& [axis, length] : {std::pair(&dataset.features, rows), std::pair(&dataset.samples, columns)}) {
        require(axis->names.empty() || static_cast<Index>(axis->names.size()) == length, "names");
        require(axis->positions.empty() || static_cast<Index>(axis->positions.size()) == length, "positions");
        require(axis->kind != Axis::Kind::Pixels || axis->height * axis->width * axis->channels == length, "pixels");
        axis->label(length - 1);
    }
    if (dataset.weights)
        require(dataset.weights->rows() == rows && dataset.weights->cols() == columns, "weights");
    factsOf(dataset.V);
    if (!session.reached)
        return;
    const Position position = session.position();
    require(position.factors.W.rows() == rows && position.factors.Ht.rows() == columns, "factors");
    require(position.factors.W.cols() == position.factors.Ht.cols(), "components");
    require(!position.history.empty(), "the last run");
}

/// What was read is saved and read again, twice: then it is the same file.
void requireKept(const SavedSession& session, const session_parts::Folder& folder)
{
    try {
        const std::string once = sessionFile(session, Embedding::Always, folder.path()).bytes;
        const SavedSession again = readSession(folder.write("again.partscope", once));
        require(sessionFile(again, Embedding::Always, folder.path()).bytes == once, "saved again it is another one");
    } catch (const Error& error) {
        require(false, error.what());
    }
    std::filesystem::remove(folder.path() / "again.partscope");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    static const session_parts::Folder folder;
    try {
        const std::string archive = archiveOf(session_parts::parted({reinterpret_cast<const char*>(bytes), size}));
        const SavedSession session = readSession(folder.write("attempt.partscope", archive));
        requireWhole(session);
        requireKept(session, folder);
    } catch (const Error&) {
    }
    return 0;
}
