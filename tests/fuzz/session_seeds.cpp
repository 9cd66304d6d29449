/// Writes a few sessions for the fuzzer to begin with: session-seeds FOLDER. They have no run behind them, only what
/// one might have left.

#include "core/error.h"
#include "tests/fuzz/session_parts.h"
#include "ui/model/session.h"

#include <cstdio>
#include <limits>
#include <utility>

namespace
{

using namespace nmf;
using namespace nmf::ui;

Matrix<double> numbers(Index rows, Index columns)
{
    Matrix<double> values(rows, columns);
    for (Index i = 0; i < values.size(); ++i)
        values.data()[i] = static_cast<double>((7 * i) % 11) / 4;
    return values;
}

Dataset tableOf(const std::string& title, DataMatrix V)
{
    Dataset dataset;
    dataset.title = title;
    dataset.V = std::move(V);
    return dataset;
}

/// Two runs, of which the last is where it can go on.
SavedSession sessionOf(Dataset dataset, Options options)
{
    SavedSession session;
    const Index rows = dataset.V.rows(), columns = dataset.V.cols();
    session.dataset = std::make_shared<const Dataset>(std::move(dataset));
    session.options = options;
    session.runs = {{1, options, "an earlier one", {{0, 5, 0.5, 0.25, 5}}},
                    {3, options, "Run 3", {{0, 9, 0.5, 0, 9}, {1, 4, 0.25, 0.125, 4}}}};
    session.reached = Reached{.options = options,
                              .W = std::make_shared<const Matrix<double>>(numbers(rows, options.rank)),
                              .Ht = std::make_shared<const Matrix<double>>(numbers(columns, options.rank)),
                              .ended = Termination::Converged,
                              .endSentence = "It ended.",
                              .notes = {"one", "zwei ½"},
                              .iterationLimit = 70};
    session.names = {"nose", "ear"};
    session.view = {{"component", 1}, {"layout", "AAAA"}};
    return session;
}

SavedSession pictures()
{
    Dataset dataset = tableOf("pictures", numbers(12, 7));
    dataset.features = Axis::pixels(2, 3, 2);
    dataset.truth = std::make_shared<const Factors<double>>(Factors<double>{numbers(12, 2), numbers(7, 2)});
    dataset.notes = {"A note."};
    Options options{.rank = 3, .algorithm = {"sgd", {{"batch", 4}}}, .onW = {.l1 = 0.5}, .onH = {.l2 = 0.25}};
    SavedSession session = sessionOf(std::move(dataset), options);
    session.unknownMembers = {{"notes/later.txt", "of a later version"}};
    session.unknown = {{"later", 1}};
    return session;
}

SavedSession weightedWithLocks()
{
    Matrix<double> V = numbers(6, 5);
    V(1, 2) = std::numeric_limits<double>::quiet_NaN();
    Dataset dataset = tableOf("weighted", Matrix<float>(V.cast<float>()));
    dataset.features = Axis::named({"a", "b", "c", "d", "e", "f"});
    dataset.samples.kind = Axis::Kind::Ordered;
    dataset.samples.positions = {1, 1.5, 2, 4, 8};
    dataset.samples.unit = "s";
    dataset.weights = DataMatrix(numbers(6, 5));
    Options options{.rank = 2, .algorithm = {"hals"}, .nanUnknown = true, .heldOut = 0.25};
    options.start = std::make_shared<const Factors<double>>(Factors<double>{numbers(6, 2), numbers(5, 2)});
    options.lockW.components = {1};
    options.lockH.entries = std::make_shared<const Mask>(Mask::Constant(5, 2, true));
    return sessionOf(std::move(dataset), options);
}

SavedSession sparse()
{
    const SparseMatrix<double> V = numbers(9, 6).sparseView();
    Dataset dataset = tableOf("sparse", V);
    dataset.weights = DataMatrix(V);
    return sessionOf(std::move(dataset), {.rank = 2, .loss = {"kl"}, .algorithm = {"mu"}, .unstoredUnknown = true});
}

/// Of data that lie in a file, by a plan that has something to do.
SavedSession linked(const std::filesystem::path& file, const ImportPlan& plan, Index rows, Index columns)
{
    Dataset dataset = tableOf("linked", numbers(rows, columns));
    dataset.source = file.string();
    SavedSession session = sessionOf(std::move(dataset), {.rank = 2, .algorithm = {"hals"}});
    session.plan = plan;
    return session;
}

void write(const std::filesystem::path& target, const SavedSession& session, const session_parts::Folder& folder)
{
    const std::string file = sessionFile(session, Embedding::Never, folder.path()).bytes;
    const Archive archive(folder.write("seed.partscope", file), "a Partscope session");
    constexpr std::uint64_t most = 1 << 20;
    std::vector<ArchiveMember> members;
    for (const std::string& name : archive.members())
        members.push_back({name, archive.whole(name, most)});
    std::ofstream(target, std::ios::binary) << session_parts::joined(members);
    readSession(folder.path() / "seed.partscope");
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        std::fputs("session-seeds needs a folder.\n", stderr);
        return 1;
    }
    try {
        const std::filesystem::path target = arguments[1];
        const session_parts::Folder folder;
        const std::filesystem::path table = folder.path() / "table.csv", picture = folder.path() / "picture.pgm";
        using Pictures = ImportPlan::Pictures;
        write(target / "pictures", pictures(), folder);
        write(target / "weighted", weightedWithLocks(), folder);
        write(target / "sparse", sparse(), folder);
        write(target / "table",
              linked(table,
                     {.transpose = true, .missingUnknown = true, .normalisation = {"l2"}, .height = 2, .width = 4}, 8,
                     12),
              folder);
        write(
            target / "patches",
            linked(picture, {.pictures = Pictures::Patches, .patchSize = 4, .patchStride = 4, .patchCount = 5}, 16, 5),
            folder);
        write(target / "picture",
              linked(picture, {.repairs = {.zeros = {"floor", {{"floor", 0.5}}}}, .longestSide = 12}, 108, 1), folder);
    } catch (const Error& error) {
        std::fprintf(stderr, "session-seeds: %s\n", error.what());
        return 1;
    }
    return 0;
}
