#include "core/error.h"
#include "tests/support/test_data.h"
#include "ui/model/image_format.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

using nmf::Dataset;
using nmf::Index;

namespace
{

std::filesystem::path pathOf(const QString& relative)
{
    return std::filesystem::path((test_data::path("formats/") + relative).toStdU16String());
}

double numberOf(const QJsonValue& value)
{
    if (!value.isString())
        return value.toDouble();
    const double infinity = std::numeric_limits<double>::infinity();
    return value.toString() == u"nan" ? std::nan("") : value.toString() == u"inf" ? infinity : -infinity;
}

bool near(double value, double expected, double tolerance)
{
    if (std::isnan(expected) || std::isinf(expected))
        return std::isnan(expected) ? std::isnan(value) : value == expected;
    return std::abs(value - expected) <= tolerance * std::abs(expected);
}

/// Where the manifest leaves a choice: what Partscope does.
struct Decision
{
    enum What { Load, Refuse, LoadThenRefuse } what = Load;
    QString mentions = {}; ///< in a note, or in the refusal
    QList<int> shape = {}; ///< where it is not the one in the manifest
};

const std::map<QString, Decision>& decisions()
{
    static const std::map<QString, Decision> table{
        {"npy/vector_12.npy", {Decision::Load, "one column", {12, 1}}},
        {"npy/images_4x12x10_u1.npy", {Decision::Load, "4 images of 12 × 10", {120, 4}}},
        {"npz/several.npz", {Decision::Load, "“V” was read"}},
        {"npz/sparse_csr.npz", {Decision::Load, "scipy.sparse (csr)"}},
        {"npz/sparse_csc.npz", {Decision::Load, "scipy.sparse (csc)"}},
        {"npz/sparse_coo.npz", {Decision::Load, "scipy.sparse (coo)"}},
        {"npz/sparse_bsr.npz", {Decision::Refuse, "scipy.sparse (format “bsr”)"}},
        {"npz/sparse_csr_stored.npz", {Decision::Load, "kept sparse: 11 of its 48"}},
        {"mtx/duplicates.mtx", {Decision::Load, "added up: 1 of 12"}},
        {"mtx/coordinate_real.mtx.gz", {Decision::Load, "kept sparse"}},
        {"mat/v4_several.mat", {Decision::Load, "“V” was read"}},
        {"mat/v5_several.mat", {Decision::Load, "“X” was read"}},
        {"mat/v5_3d.mat", {Decision::Load, "4 images of 12 × 10", {120, 4}}},
        {"mat/v5_struct_only.mat", {Decision::Load, "“data.V” was read"}},
        {"mat/v73_sparse.mat", {Decision::Load, "kept sparse"}},
        {"h5/plain.h5", {Decision::Load, "“V”"}},
        {"idx/labels-idx1-ubyte", {Decision::Refuse, "labels, not images"}},
        {"idx/float32-idx2", {Decision::Load, "7 samples, one in a column", {5, 7}}},
        {"idx/int16-idx3", {Decision::Load, "4 images of 12 × 10", {120, 4}}},
        {"wav/mono16.wav", {Decision::Refuse, "cannot be read"}},
        {"wav/stereo16.wav", {Decision::Refuse, "cannot be read"}},
        {"wav/mono8.wav", {Decision::Refuse, "cannot be read"}},
        {"wav/mono24.wav", {Decision::Refuse, "cannot be read"}},
        {"wav/float32.wav", {Decision::Refuse, "cannot be read"}},
        {"csv/r_write_table.txt", {Decision::Load, "names the row"}},
        {"csv/plain.csv.gz", {Decision::Load, "separated by commas"}},
        {"csv/blank_cells.csv", {Decision::LoadThenRefuse}},
        {"csv/na_words.csv", {Decision::LoadThenRefuse}},
        {"csv/header_of_years.csv", {Decision::Load, "first line was read as numbers", {10, 6}}},
        {"csv/numeric_row_ids.csv", {Decision::Load, {}, {9, 7}}},
        {"images/exif_rotated.jpg", {Decision::Load, {}, {40 * 48, 1}}},
        {"images/four_pages.tif", {Decision::Load, "4 pages is a sample", {120, 4}}},
        {"images/four_pages_lzw.tif", {Decision::Load, "4 pages is a sample", {120, 4}}},
        {"images/float32.tif", {Decision::Load, "kept as they are", {120, 1}}},
        {"images/three_frames.gif", {Decision::Load, "3 pages is a sample", {120, 3}}},
        {"images/lossless.webp", {Decision::Load, {}, {120, 1}}},
        {"imagedirs/mixed_sizes", {Decision::Refuse, "m2.png has 10 × 12"}},
        {"imagedirs/mixed_depth", {Decision::Load, {}, {120, 3}}},
        {"imagedirs/one_corrupt", {Decision::Refuse, "q1.png"}},
        {"imagedirs/nested", {Decision::Load, {}, {120, 4}}},
        {"imagedirs/single", {Decision::Load, {}, {120, 1}}},
        {"edge/negative_rounding.npy", {Decision::LoadThenRefuse}},
        {"bad/extra_bytes.npy", {Decision::Load, "16 bytes after the array were ignored"}},
        {"bad/text_renamed.mat", {Decision::Load, "recognised by its content: Table of text"}},
        {"bad/text_renamed.npy", {Decision::Load, "recognised by its content: Table of text"}},
        {"bad/npy_renamed.csv", {Decision::Load, "recognised by its content: NumPy array"}},
        {"bad/crc_wrong.npz", {Decision::Refuse, "CRC"}},
        {"bad/above_maxval.pgm", {Decision::Refuse, "above the full scale 10"}},
        {"bad/truncated.jpg", {Decision::Refuse, "cut short"}},
        {"names/no_extension", {Decision::Load, "recognised by its content: NumPy array"}},
        {"names/dir.npy", {Decision::Refuse, "no pictures"}},
    };
    return table;
}

/// What a refusal must say, for files whose fault has a place or a name.
const std::map<QString, QString>& reasons()
{
    static const std::map<QString, QString> table{
        {"npy/scalar.npy", "single number"},
        {"npy/empty_0x5.npy", "(0, 5)"},
        {"npy/complex.npy", "<c16"},
        {"npy/object_pickled.npy", "pickle"},
        {"npy/strings.npy", "text"},
        {"npy/structured.npy", "structured"},
        {"bad/zero_bytes.npy", "empty"},
        {"bad/zero_bytes.csv", "empty"},
        {"bad/zero_bytes.png", "empty"},
        {"bad/truncated.npy", "280 bytes of numbers, but there are 256"},
        {"bad/truncated_header.npy", "header"},
        {"bad/only_magic.npy", "header"},
        {"bad/header_lies_1e12.npy", "there are 64"},
        {"bad/header_overflow.npy", "more than any file"},
        {"bad/header_negative.npy", "negative"},
        {"bad/header_length_lies.npy", "65535"},
        {"bad/header_no_shape.npy", "'shape' is missing"},
        {"bad/no_arrays.npz", "no NumPy array"},
        {"bad/member_truncated.npz", "V.npy"},
        {"bad/sparse_indices_out.npz", "entry 1 of “indices” is not from 0 to 5"},
        {"bad/sparse_shape_lies.npz", "“indptr” has 11 entries"},
        {"mtx/complex.mtx", "complex"},
        {"bad/no_banner.mtx", "%%MatrixMarket"},
        {"bad/only_banner.mtx", "sizes"},
        {"bad/too_few.mtx", "3 entries are announced, but there are at most 1"},
        {"bad/too_many.mtx", "line 4: there is more than the 1"},
        {"bad/index_out.mtx", "line 3: there is no row 4"},
        {"bad/index_zero.mtx", "line 3: there is no row 0"},
        {"bad/huge_tiny.mtx", "GB of memory"},
        {"bad/count_lies.mtx", "99999999999999 entries are announced"},
        {"bad/not_a_number.mtx", "line 3: “abc” is no number"},
        {"bad/negative_size.mtx", "line 2: the number of rows is negative"},
        {"bad/array_short.mtx", "9 entries are announced, but there are at most 2"},
        {"bad/ragged.csv", "line 3 has 2 cells, but the lines before have 3"},
        {"bad/word_in_numbers.csv", "line 3, column 2 holds “oops”"},
        {"bad/only_header.csv", "no rows of numbers"},
        {"bad/only_text.csv", "no numbers"},
        {"bad/only_blank_lines.csv", "blank lines"},
        {"bad/prose.txt", "no numbers"},
        {"bad/binary.csv", "line 1, byte 1"},
        {"bad/nul_inside.csv", "line 2, byte 3"},
        {"bad/huge_claim.png", "too large"},
        {"bad/huge_claim.pgm", "10000000000 bytes, but there are 10"},
        {"bad/truncated.pgm", "120 bytes, but there are 60"},
        {"bad/truncated_ascii.pgm", "cut short"},
        {"bad/unknown.xyz", ".csv .tsv"},
        {"bad/pdf.pdf", "PDF"},
        {"bad/not_gzip.gz", "no gzip file"},
        {"bad/truncated-idx3-ubyte.gz", "cut short"},
        {"bad/truncated-idx3-ubyte", "480 bytes, but there are 430"},
        {"bad/lies-idx3-ubyte", "18446181123756261375 bytes, but there are"},
        {"bad/magic-idx3-ubyte", "two bytes of zero"},
        {"bad/type-idx3-ubyte", "type 119"},
        {"bad/zero_bytes.mat", "empty"},
        {"bad/header_only.mat", "no variables"},
        {"mat/v5_complex.mat", "complex"},
        {"mat/v5_text_only.mat", "no matrix of numbers"},
        {"mat/v5_empty.mat", "empty"},
        {"bad/v73_truncated.mat", "damaged"},
        {"bad/does_not_exist.npy", "no file"},
        {"imagedirs/empty", "no pictures"},
        {"imagedirs/no_images", "no pictures"},
    };
    return table;
}

} // namespace

/// Every file of the manifest gives what the manifest says.
class TestManifest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyFileGivesWhatTheManifestSays_data();
    void everyFileGivesWhatTheManifestSays();
    void factorsComeFromAnArchive();

private:
    void refuses(const QString& path, const QString& why);
    void refusesToFactorize(const Dataset& dataset, const QJsonObject& entry);
    void hasFacts(const Dataset& dataset, const QJsonObject& entry, double scale);
    void hasFirstNumbers(const Dataset& dataset, const QJsonObject& entry, double scale, double tolerance);
    void hasLabels(const Dataset& dataset, const QJsonObject& entry);
    void isImage(const Dataset& dataset, const QJsonObject& entry);
    void isColourImage(const Dataset& dataset, const QJsonObject& entry);
    void isFolder(const Dataset& dataset, const QJsonObject& entry);
    void isAsDecided(const Dataset& dataset, const QJsonObject& entry, const Decision& decision);
};

namespace
{

/// The file lists samples in its rows, which become columns.
bool isTurned(const QList<int>& shape, const QJsonArray& inFile)
{
    return shape.size() == 2 && inFile.size() == 2 && shape[0] != shape[1] && shape[0] == inFile[1].toInt() &&
           shape[1] == inFile[0].toInt();
}

void show(const std::string& message)
{
    for (const QString& argument : QCoreApplication::arguments())
        if (argument.startsWith(u"-v"))
            qInfo("%s", message.c_str());
}

} // namespace

void TestManifest::initTestCase()
{
    NEEDS_TEST_DATA();
}

void TestManifest::everyFileGivesWhatTheManifestSays_data()
{
    QTest::addColumn<QJsonObject>("entry");
    QFile file(test_data::path("formats/manifest.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray files = QJsonDocument::fromJson(file.readAll()).object().value("files").toArray();
    QVERIFY(files.size() > 200);
    for (const QJsonValue& entry : files)
        QTest::newRow(qPrintable(entry["path"].toString())) << entry.toObject();
}

void TestManifest::everyFileGivesWhatTheManifestSays()
{
    QFETCH(QJsonObject, entry);
    const QString path = entry["path"].toString(), expect = entry["expect"].toString();
    const auto decided = decisions().find(path);
    const std::optional<Decision> decision =
        decided == decisions().end() ? std::nullopt : std::optional(decided->second);
    if (decision && decision->what == Decision::Refuse)
        return refuses(path, decision->mentions);
    if (expect == u"refuse" && !decision) {
        const auto reason = reasons().find(path);
        return refuses(path, reason == reasons().end() ? QString() : reason->second);
    }
    QVERIFY2(expect != u"choice" || decision, "a choice that this test does not know");

    Dataset dataset;
    try {
        dataset = nmf::ui::open(pathOf(path));
    } catch (const nmf::Error& error) {
        QFAIL(error.what());
    }
    for (const std::string& note : dataset.notes)
        show(note);
    if (decision)
        isAsDecided(dataset, entry, *decision);
    else if (expect == u"load" || expect == u"load_then_nmf_refuses")
        hasFacts(dataset, entry, 1);
    else if (expect == u"load_images")
        isFolder(dataset, entry);
    else if (expect == u"load_image")
        isImage(dataset, entry);
    else if (expect == u"load_image_colour")
        isColourImage(dataset, entry);
    else if (expect == u"load_directory")
        isFolder(dataset, entry);
    else
        QFAIL("an expectation that this test does not know");
    if (expect == u"load_then_nmf_refuses" || (decision && decision->what == Decision::LoadThenRefuse))
        refusesToFactorize(dataset, entry);
}

void TestManifest::refuses(const QString& path, const QString& why)
{
    std::string message;
    try {
        nmf::ui::open(pathOf(path));
    } catch (const nmf::Error& error) {
        message = error.what();
    }
    QVERIFY2(!message.empty(), "was loaded, but must be refused");
    show(message);
    const QString text = QString::fromStdString(message);
    QVERIFY2(text.contains(path.section(u'/', -1)), message.c_str());
    QVERIFY2(text.contains(why), qPrintable(text + " does not say: " + why));
    static const QRegularExpression nextSentence("[.!?] +[A-Z]");
    QVERIFY2(text.endsWith(u'.') && !text.contains(nextSentence) && !text.contains(u'\n'), message.c_str());
}

void TestManifest::refusesToFactorize(const Dataset& dataset, const QJsonObject& entry)
{
    QString text;
    try {
        nmf::requireFactorizable(dataset);
    } catch (const nmf::Error& error) {
        text = QString::fromUtf8(error.what());
    }
    show(text.toStdString());
    QVERIFY2(!text.isEmpty(), "can be factorized, but must not be");
    QStringList places;
    for (const char* key : {"nonfinite_at", "negative_at"})
        for (const QJsonValue& at : entry[key].toArray())
            places << QStringLiteral("row %1, column %2").arg(at[0].toInt() + 1).arg(at[1].toInt() + 1);
    QVERIFY(!places.isEmpty());
    QVERIFY2(std::any_of(places.begin(), places.end(), [&](const QString& place) { return text.contains(place); }),
             qPrintable(text + " names none of: " + places.join("; ")));
}

void TestManifest::hasFirstNumbers(const Dataset& dataset, const QJsonObject& entry, double scale, double tolerance)
{
    const QJsonArray first = entry["first"].toArray(), column = entry["first_column"].toArray();
    const bool image = dataset.features.kind == nmf::Axis::Kind::Pixels;
    const Index across = image ? dataset.features.width : dataset.V.cols();
    const auto at = [&](Index row, Index col) {
        return image ? dataset.V(row * across + col, 0) : dataset.V(row, col);
    };
    if (entry["shape"].toArray().size() == 3 && entry["path"].toString().startsWith(u"mat/")) {
        // Counted from the last dimension on: the first pixels of all images.
        for (Index i = 0; i < first.size(); ++i)
            QCOMPARE(dataset.V(i / dataset.V.cols(), i % dataset.V.cols()), numberOf(first[i]));
        return;
    }
    for (Index i = 0; i < first.size(); ++i)
        QVERIFY2(near(at(i / across, i % across), numberOf(first[i]) / scale, tolerance),
                 qPrintable(QString("entry %1 is %2").arg(i).arg(at(i / across, i % across))));
    for (Index i = 0; i < column.size(); ++i)
        QVERIFY2(near(at(i, 0), numberOf(column[i]) / scale, tolerance),
                 qPrintable(QString("column 0, row %1").arg(i)));
    if (entry.contains("last"))
        QVERIFY(
            near(dataset.V(dataset.V.rows() - 1, dataset.V.cols() - 1), numberOf(entry["last"]) / scale, tolerance));
}

void TestManifest::hasLabels(const Dataset& dataset, const QJsonObject& entry)
{
    const auto agree = [&](const char* key, const nmf::Axis& axis) {
        const QJsonArray labels = entry[key].toArray();
        QCOMPARE(static_cast<qsizetype>(axis.names.size()), labels.size());
        for (qsizetype i = 0; i < labels.size(); ++i)
            QCOMPARE(QString::fromStdString(axis.names[static_cast<std::size_t>(i)]), labels[i].toString());
    };
    if (!entry.contains("width") && !entry["path"].toString().startsWith(u"image")) {
        agree("row_labels", dataset.features);
        agree("column_labels", dataset.samples);
    }
}

void TestManifest::hasFacts(const Dataset& dataset, const QJsonObject& entry, double scale)
{
    const double tolerance = entry["tolerance"].toDouble(1e-12);
    const nmf::DataFacts facts = nmf::factsOf(dataset.V);
    if (const QJsonArray shape = entry["shape"].toArray(); shape.size() == 2) {
        QCOMPARE(dataset.V.rows(), Index(shape[0].toInt()));
        QCOMPARE(dataset.V.cols(), Index(shape[1].toInt()));
    }
    QVERIFY(entry.contains("sum"));
    QVERIFY2(near(facts.sum, numberOf(entry["sum"]) / scale, tolerance),
             qPrintable(QString::number(facts.sum, 'g', 17)));
    if (entry.contains("min"))
        QVERIFY(near(facts.minimum, numberOf(entry["min"]) / scale, tolerance));
    if (entry.contains("max"))
        QVERIFY(near(facts.maximum, numberOf(entry["max"]) / scale, tolerance));
    if (entry.contains("nonzeros"))
        QCOMPARE(dataset.V.size() - facts.zeros - facts.nans - facts.infinities, Index(entry["nonzeros"].toInt()));
    QCOMPARE(facts.nans, Index(entry["nan_count"].toInt()));
    QCOMPARE(facts.infinities, Index(entry["inf_count"].toInt()));
    QCOMPARE(facts.negatives, Index(entry["negative_count"].toInt()));
    hasFirstNumbers(dataset, entry, scale, tolerance);
    hasLabels(dataset, entry);
}

void TestManifest::isImage(const Dataset& dataset, const QJsonObject& entry)
{
    QCOMPARE(dataset.features.height, Index(entry["height"].toInt()));
    QCOMPARE(dataset.features.width, Index(entry["width"].toInt()));
    QCOMPARE(dataset.V.cols(), Index(1));
    QCOMPARE(dataset.V.rows(), dataset.features.height * dataset.features.width);
    if (!entry.contains("mean_gray"))
        return hasFacts(dataset, entry, entry["full_scale"].toDouble(255));
    const double mean = nmf::factsOf(dataset.V).sum / static_cast<double>(dataset.V.rows()) * 255;
    QVERIFY2(std::abs(mean - entry["mean_gray"].toDouble()) <= entry["tolerance"].toDouble(),
             qPrintable(QString::number(mean)));
}

void TestManifest::isColourImage(const Dataset& dataset, const QJsonObject& entry)
{
    QCOMPARE(dataset.features.height, Index(entry["height"].toInt()));
    QCOMPARE(dataset.features.width, Index(entry["width"].toInt()));
    const QJsonArray sums = entry["channel_sums"].toArray();
    const double gray = 0.299 * sums[0].toDouble() + 0.587 * sums[1].toDouble() + 0.114 * sums[2].toDouble();
    const double sum = nmf::factsOf(dataset.V).sum * entry["full_scale"].toDouble(255);
    QVERIFY2(near(sum, entry["gray_rec601_sum"].toDouble(gray), 1e-9), qPrintable(QString::number(sum, 'g', 12)));
    if (entry.contains("gray_exact"))
        hasFacts(dataset, entry["gray_exact"].toObject(), 255);
}

void TestManifest::isFolder(const Dataset& dataset, const QJsonObject& entry)
{
    QCOMPARE(dataset.V.rows(), Index(entry["features"].toInt()));
    QCOMPARE(dataset.V.cols(), Index(entry["samples"].toInt()));
    QVERIFY(dataset.samples.names.empty() || Index(dataset.samples.names.size()) == dataset.V.cols());
    const QJsonArray columnSums = entry["column_sums"].toArray();
    for (Index j = 0; j < columnSums.size(); ++j)
        QCOMPARE(dataset.V.column(j).sum(), columnSums[j].toDouble());
    const QJsonObject sums = entry["sum_by_file"].toObject();
    for (Index j = 0; j < dataset.V.cols() && !sums.isEmpty(); ++j) {
        const QString name = QString::fromStdString(dataset.samples.names[static_cast<std::size_t>(j)]);
        QCOMPARE(name, QString("img%1.png").arg(j + 1));
        QVERIFY(near(dataset.V.column(j).sum() * 255, sums[name].toDouble(), 1e-12));
    }
}

void TestManifest::isAsDecided(const Dataset& dataset, const QJsonObject& entry, const Decision& decision)
{
    if (!decision.shape.isEmpty()) {
        QCOMPARE(dataset.V.rows(), Index(decision.shape[0]));
        QCOMPARE(dataset.V.cols(), Index(decision.shape[1]));
    }
    const bool said = std::any_of(dataset.notes.begin(), dataset.notes.end(), [&](const std::string& note) {
        return QString::fromStdString(note).contains(decision.mentions);
    });
    QVERIFY2(said || decision.mentions.isEmpty(), qPrintable("no note says: " + decision.mentions));

    if (const QJsonObject members = entry["members"].toObject(); !members.isEmpty())
        hasFacts(dataset, members[members.contains("V") ? "V" : "X"].toObject(), 1);
    else if (entry.contains("channel_sums"))
        isColourImage(dataset, entry);
    else if (entry.contains("sum"))
        hasFacts(isTurned(decision.shape, entry["shape"].toArray()) ? dataset.transposed() : dataset, entry, 1);
    const QJsonArray sums = entry["sums"].toArray();
    for (Index j = 0; j < sums.size(); ++j)
        QVERIFY(near(dataset.V.column(j).sum() * 255, sums[j].toDouble(), 1e-12));
    if (entry.contains("stored")) {
        QCOMPARE(dataset.features.height, Index(entry["stored"][1].toInt()));
        QCOMPARE(dataset.features.width, Index(entry["stored"][0].toInt()));
    }
    for (Index j = 0; j < dataset.V.cols() && entry.contains("column_sum_0_1"); ++j)
        QVERIFY(near(dataset.V.column(j).sum(), entry["column_sum_0_1"].toDouble(), 1e-12));
}

void TestManifest::factorsComeFromAnArchive()
{
    const nmf::Factors<double> factors = nmf::loadFactors(pathOf("npz/several.npz"));
    QCOMPARE(factors.W.rows(), Index(7));
    QCOMPARE(factors.rank(), Index(3));
    QCOMPARE(factors.Ht.rows(), Index(5));
    QCOMPARE(factors.W.sum(), 105.0);
    QCOMPARE(factors.Ht(4, 2), 3.5);
    QCOMPARE(factors.Ht(0, 1), 1.25);
    for (const char* file : {"npz/one_stored.npz", "bad/truncated.npz", "bad/no_arrays.npz", "npy/c_f8.npy"})
        QVERIFY_EXCEPTION_THROWN(nmf::loadFactors(pathOf(file)), nmf::Error);
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
