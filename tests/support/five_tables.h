#pragma once

#include "tests/support/test_data.h"
#include "tests/support/window_driver.h"

/// Faces, genes, words, ratings and spectra: what the views of one result must all show.
namespace five_tables
{

using namespace nmf::ui;

struct Table
{
    QString name, path;
    nmf::ImportPlan plan = {};
};

inline std::vector<Table> all()
{
    nmf::ImportPlan faces, ratings, spectra;
    faces.height = faces.width = 19;
    ratings.repairs.zeros.id = "unknown";
    spectra.pictures = nmf::ImportPlan::Pictures::Pixels;
    spectra.height = spectra.width = 100;
    spectra.columnMajor = true;
    spectra.features.ordered = true;
    return {{"faces", "faces/cbcl/cbcl_361x2429_uint8.npy", faces},
            {"genes", "genes/golub/golub_5000x38_expression.csv"},
            {"words", "text/bbc/bbc_9635x2225_csc.npz"},
            {"ratings", "ratings/movielens-latest-small/ratings.csv", ratings},
            {"spectra", "hyperspectral/jasper/jasperRidge2_R198.mat", spectra}};
}

inline void addRows()
{
    QTest::addColumn<int>("table");
    const std::vector<Table> tables = all();
    for (std::size_t i = 0; i < tables.size(); ++i)
        QTest::newRow(qPrintable(tables[i].name)) << static_cast<int>(i);
}

/// Opens it and makes a few iterations.
inline void openAndRun(MainWindow& window, int number, nmf::Index rank = 5)
{
    const Table table = all()[static_cast<std::size_t>(number)];
    Study& study = window.study();
    QSignalSpy opened(&study, &Study::opened);
    study.open(test_data::path(table.path), table.plan);
    QVERIFY2(opened.wait(60000), qPrintable(table.path));
    nmf::Options options = study.options();
    options.rank = rank;
    options.initializer.id = "random";
    options.maxIterations = 4;
    study.setOptions(options);
    study.run();
    QTRY_COMPARE(study.phase(), Study::Phase::Finished);
    QTRY_VERIFY(study.shown() && study.shown()->resting);
}

} // namespace five_tables
