#pragma once

#include "core/samples/samples.h"
#include "tests/support/own_settings.h"
#include "tests/support/refusal.h"
#include "tests/support/session_files.h"
#include "ui/model/session.h"

#include <QTest>

#include <cstring>
#include <random>

/// Sessions to be saved, and a folder for them.
namespace saved_sessions
{

using namespace nmf;
using namespace nmf::ui;

/// What a run of a few iterations has come to.
inline SavedSession sessionOf(std::shared_ptr<const Dataset> dataset, Options options)
{
    options.maxIterations = 7;
    const Result result = factorize(dataset, options);
    const auto factors = std::make_shared<const Factors<double>>(result.factors);
    SavedSession session;
    session.dataset = std::move(dataset);
    session.options = options;
    session.runs = {{1, options, "an earlier one", {{0, 5, 0.5, 0.25, 5}}},
                    {3, options, "Run 3: ärgerlich", result.history}};
    session.reached = Reached{.options = options,
                              .W = {factors, &factors->W},
                              .Ht = {factors, &factors->Ht},
                              .comparableFrom = 2,
                              .ended = result.termination,
                              .endSentence = "It ended.",
                              .notes = {"one", "zwei ½"},
                              .iterationLimit = 70};
    session.names = {"nose", "ear"};
    session.view = {{"component", 1}, {"layout", "AAAA"}};
    session.savedAs = "/somewhere/x.partscope";
    return session;
}

inline std::shared_ptr<const Dataset> bars()
{
    return std::make_shared<const Dataset>(sampleNamed("bars").make(1));
}

inline Options plain()
{
    return {.rank = 4, .algorithm = {"hals"}};
}

inline SavedSession barsSession()
{
    return sessionOf(bars(), plain());
}

inline std::shared_ptr<const Dataset> sparseData(bool single)
{
    SparseMatrix<double> values(30, 20);
    std::mt19937 random(3);
    for (int j = 0; j < 20; ++j)
        for (int i = static_cast<int>(random() % 3); i < 30; i += 1 + static_cast<int>(random() % 5))
            values.insert(i, j) = 0.1 + static_cast<double>(random() % 1000) / 77;
    values.coeffRef(2, 3) = 0;
    auto dataset = std::make_shared<Dataset>();
    dataset->title = "sparse";
    dataset->V = single ? DataMatrix(SparseMatrix<float>(values.cast<float>())) : DataMatrix(values);
    return dataset;
}

/// To the last bit, and missing entries too.
inline bool same(const Matrix<double>& one, const Matrix<double>& other)
{
    return one.rows() == other.rows() && one.cols() == other.cols() &&
           std::memcmp(one.data(), other.data(), static_cast<std::size_t>(one.size()) * sizeof(double)) == 0;
}

inline bool same(const Axis& one, const Axis& other)
{
    return one.kind == other.kind && one.noun == other.noun && one.names == other.names &&
           one.positions == other.positions && one.unit == other.unit && one.height == other.height &&
           one.width == other.width && one.channels == other.channels;
}

/// What tests of saved sessions share.
class SessionFolder
{
protected:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    void save(const SavedSession& session, const QString& name, Embedding embedding = Embedding::Small) const
    {
        writeSession(session, embedding, path(name).toStdString());
    }
    SavedSession open(const QString& name, const QString& data = {}) const
    {
        return readSession(path(name).toStdString(), {}, data.toStdString());
    }
    QString refusalOf(const QString& name) const
    {
        return refusal([&] { open(name); });
    }

    QTemporaryDir m_folder;
};

} // namespace saved_sessions
