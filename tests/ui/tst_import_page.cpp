#include "tests/support/promptly.h"
#include "tests/support/test_data.h"
#include "tests/support/window_driver.h"
#include "ui/panels/import_dialog.h"
#include "ui/panels/importer.h"
#include "ui/plot/bar_grid.h"
#include "ui/plot/image_grid.h"
#include "ui/views/data_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QHelpEvent>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolTip>

#include <cmath>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;
using Pictures = ImportPlan::Pictures;

/// The page before a file is opened: when it comes, what it says, what it does, and what is remembered of it.
class TestImportPage : public QObject, WindowTest
{
    Q_OBJECT

    /// A study and what opens files for it, without the rest of the window, which takes longer to build.
    struct Desk
    {
        Study study;
        QWidget window;
        Importer importer{study, &window};
    };

    static ImportDialog* page(const QWidget& window) { return window.findChild<ImportDialog*>(); }

    /// The page, once it shows what it was given.
    static ImportDialog* shownPage(const QWidget& window)
    {
        const bool there = QTest::qWaitFor([&] {
            return page(window) && page(window)->isVisible() &&
                   !page(window)->findChild<QLabel*>("import-facts")->text().isEmpty();
        });
        return there ? page(window) : nullptr;
    }

    static void choose(QWidget* dialog, const QString& box, int index)
    {
        auto* field = dialog->findChild<QWidget*>(box);
        auto* combo = qobject_cast<QComboBox*>(field);
        if (!combo)
            combo = field->findChild<QComboBox*>();
        combo->setCurrentIndex(index);
        emit combo->activated(index);
    }

    static QString textOf(QWidget* dialog, const QString& label) { return dialog->findChild<QLabel*>(label)->text(); }

    QString m_negative = study_driver::written(m_folder, "negative.csv", "1,-2,3,1\n4,-5,6,2\n7,8,9,3\n1,1,2,5\n");

    /// Steep pictures of 8 × 6 pixels, one in a column, as the folder's "pictures.csv".
    QString pictures()
    {
        QByteArray text;
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 6; ++x)
                for (int j = 0; j < 9; ++j)
                    text += QByteArray::number(10 + 5 * std::sin(x * 0.9 + j) + y * 0.3 * (j % 3), 'f', 3) +
                            (j == 8 ? "\n" : ",");
        return study_driver::written(m_folder, "pictures.csv", text);
    }

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QVERIFY2(complaints().isEmpty(), qPrintable(complaints().join(' '))); }

    void whatNeedsNoDecisionIsOpenedAtOnce()
    {
        Desk desk;
        QSignalSpy opened(&desk.study, &Study::opened);
        desk.importer.open(m_good);
        QTRY_COMPARE(opened.count(), 1);
        QVERIFY(!page(desk.window));
        desk.importer.open("sample:bars");
        QTRY_COMPARE(opened.count(), 2);
        QVERIFY(!page(desk.window));
        desk.importer.openWithPreview(m_good);
        QVERIFY(shownPage(desk.window));
        QCOMPARE(page(desk.window)->findChild<QTableWidget*>()->rowCount(), 5);
    }

    void escapeLeavesEverythingAndEnterOpens()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        const auto dataset = window->study().dataset();
        QSignalSpy opened(&window->study(), &Study::opened);
        window->importFrom(m_negative);
        ImportDialog* dialog = shownPage(*window);
        QVERIFY(dialog);
        QTRY_VERIFY(textOf(dialog, "import-fault").contains("2 negative entries"));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!page(*window));
        QCOMPARE(window->study().dataset(), dataset);
        window->importFrom(m_negative);
        dialog = shownPage(*window);
        choose(dialog, "import-negative", 1);
        QTRY_VERIFY(textOf(dialog, "import-notes").contains("set to zero"));
        QVERIFY(!dialog->findChild<QLabel*>("import-fault")->isVisible());
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(opened.count(), 1);
        QTRY_VERIFY(!page(*window));
        QCOMPARE(window->study().dataFacts().negatives, Index{0});
        QCOMPARE(window->study().plan().repairs.negative.id, std::string("zero"));
    }

    void whatWasChosenIsRememberedForItsKind()
    {
        Desk desk;
        QSignalSpy opened(&desk.study, &Study::opened);
        desk.importer.open(m_negative);
        ImportDialog* dialog = shownPage(desk.window);
        choose(dialog, "import-negative", 3);
        dialog->findChild<QRadioButton*>("import-rows")->setChecked(true);
        dialog->setSilent(true);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(opened.count(), 1);
        // Nobody is asked again, and it is done all the same.
        desk.importer.open(m_good);
        QTRY_COMPARE(opened.count(), 2);
        QVERIFY(!page(desk.window));
        QCOMPARE(desk.study.dataset()->V.rows(), Index{4});
        desk.importer.open(m_negative);
        QTRY_COMPARE(opened.count(), 3);
        QCOMPARE(desk.study.dataset()->V(0, 1), 4.0);
        QCOMPARE(desk.study.dataset()->V(1, 0), 2.0);
        desk.importer.openWithPreview(m_negative);
        dialog = shownPage(desk.window);
        QVERIFY(dialog->silent() && dialog->plan().transpose);
        QCOMPARE(dialog->plan().repairs.negative.id, std::string("absolute"));
    }

    void whatIsOpenedAgainIsUnderstoodAsBefore()
    {
        const ImportPlan plan{.transpose = true,
                              .missingUnknown = true,
                              .repairs = {.negative = {"absolute"}, .zeros = {"floor", {{"floor", 0.5}}}},
                              .normalisation = {"l2", {{"features", 1}}},
                              .patchSeed = 7,
                              .samples = {.ordered = true, .unit = "s", .first = 2, .step = 0.5}};
        {
            Desk desk;
            QSignalSpy opened(&desk.study, &Study::opened);
            desk.study.open(m_negative, plan);
            QTRY_COMPARE(opened.count(), 1);
        }
        Desk desk;
        QSignalSpy opened(&desk.study, &Study::opened);
        desk.importer.reopen(m_negative);
        QTRY_COMPARE(opened.count(), 1);
        QVERIFY(!page(desk.window));
        QVERIFY(desk.study.plan() == plan);
    }

    void everyPartOfAPlanIsKept()
    {
        const ImportPlan plan{.member = "data.V",
                              .infiniteUnknown = true,
                              .height = 3,
                              .width = 4,
                              .channels = 2,
                              .columnMajor = true,
                              .pictures = Pictures::Pixels,
                              .bandsLast = true,
                              .patchSize = 5,
                              .patchStride = 6,
                              .patchCount = 7,
                              .otherSizes = ImportPlan::OtherSizes::Resize,
                              .longestSide = 9,
                              .features = {.ordered = true, .unit = "nm"},
                              .weights = "w.csv",
                              .exchanged = true};
        QVERIFY(importPlanOf(importReport(plan)) == plan);
        QVERIFY(importPlanOf({}) == ImportPlan());
        QVERIFY(importPlanOf({{"negative", "magic"}, {"patch_size", -3}, {"pictures", 5}, {"height", 1e300}}) ==
                ImportPlan());
    }

    void reloadDoesTheSameAgain()
    {
        const auto window = shownWindow();
        QSignalSpy opened(&window->study(), &Study::opened);
        const QString file = study_driver::written(m_folder, "changing.csv", "1,-2\n3,4\n5,6\n");
        window->study().open(file, ImportPlan{.transpose = true, .repairs = {.negative = {"absolute"}}});
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(window->study().dataset()->V(1, 0), 2.0);
        window->study().transpose();
        QTRY_COMPARE(window->study().dataset()->V.rows(), Index{3});
        study_driver::written(m_folder, "changing.csv", "1,-7\n3,4\n5,6\n");
        press(*window, Qt::Key_F5);
        QTRY_COMPARE(opened.count(), 2);
        QCOMPARE(window->study().dataset()->V(0, 1), 7.0);
        QCOMPARE(window->study().dataset()->V.rows(), Index{3});
    }

    void picturesAreGuessedAndShown()
    {
        Desk desk;
        desk.importer.open(pictures());
        ImportDialog* dialog = shownPage(desk.window);
        QVERIFY(dialog);
        QCOMPARE(dialog->plan().height, Index{8});
        QCOMPARE(dialog->plan().width, Index{6});
        QTRY_VERIFY(dialog->findChild<QLabel*>("import-picture")->isVisible());
        dialog->findChild<QComboBox*>("import-shape")->setCurrentIndex(0);
        QTRY_VERIFY(dialog->findChild<QTableWidget*>()->isVisible());
        dialog->findChild<QComboBox*>("import-shape")->setEditText("5 × 6");
        QTRY_VERIFY(textOf(dialog, "import-fault").contains("48 rows"));
        QVERIFY(!dialog->findChild<QPushButton*>("import-open")->isEnabled());
        dialog->findChild<QComboBox*>("import-shape")->setEditText("8 × 6");
        choose(dialog, "import-pictures", 1);
        dialog->findChild<QSpinBox*>("import-patch-size")->setValue(3);
        QTRY_VERIFY(textOf(dialog, "import-facts").startsWith("9 features"));
    }

    void oneOfSeveralMatricesIsChosen()
    {
        NEEDS_TEST_DATA();
        Desk desk;
        desk.importer.open(test_data::path("formats/npz/several.npz"));
        ImportDialog* dialog = shownPage(desk.window);
        QVERIFY(dialog);
        auto* members = dialog->findChild<QComboBox*>("import-member");
        QVERIFY(members->count() > 2);
        const QString before = textOf(dialog, "import-facts");
        for (int i = 1; i < members->count(); ++i)
            if (!textOf(dialog, "import-notes").contains("“" + members->itemData(i).toString() + "” was read")) {
                members->setCurrentIndex(i);
                QTRY_VERIFY(
                    textOf(dialog, "import-notes").contains("“" + members->itemData(i).toString() + "” was read"));
                QSignalSpy opened(&desk.study, &Study::opened);
                const std::string wanted = members->itemData(i).toString().toStdString();
                QTest::keyClick(dialog, Qt::Key_Return);
                QTRY_COMPARE(opened.count(), 1);
                QCOMPARE(desk.study.plan().member, wanted);
                return;
            }
    }

    void picturesOfOtherSizesMayBeResized()
    {
        QDir(m_folder.path()).mkpath("mixed");
        QImage image(6, 4, QImage::Format_Grayscale8);
        image.fill(Qt::gray);
        QVERIFY(image.save(m_folder.filePath("mixed/a.png")) &&
                image.copy(0, 0, 3, 4).save(m_folder.filePath("mixed/b.png")));
        Desk desk;
        desk.importer.open(m_folder.filePath("mixed"));
        ImportDialog* dialog = shownPage(desk.window);
        QVERIFY(dialog);
        QTRY_VERIFY2(textOf(dialog, "import-fault").contains("b.png has 4 × 3"),
                     qPrintable(textOf(dialog, "import-fault")));
        choose(dialog, "import-other-sizes", 1);
        QTRY_VERIFY(textOf(dialog, "import-notes").contains("cropped"));
        QSignalSpy opened(&desk.study, &Study::opened);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(desk.study.dataset()->V(0, 1), 0.0);
    }

    void weightsAreAttached()
    {
        const auto window = shownWindow();
        openNow(*window, m_good);
        QSignalSpy opened(&window->study(), &Study::opened);
        window->study().attachWeights(
            study_driver::written(m_folder, "weights.csv", "1,0,1,1\n1,1,1,1\n1,1,1,1\n1,1,1,1\n1,1,1,1\n"));
        QTRY_COMPARE(opened.count(), 1);
        QVERIFY(window->study().dataset()->weights);
        runToTheEnd(*window);
        // The unknown entry is said to be one, with what the model makes of it.
        auto* picture = window->findChild<QLabel*>("data-montage");
        QHelpEvent help(QEvent::ToolTip, picture->rect().center(), picture->mapToGlobal(picture->rect().center()));
        const QSize shown = picture->pixmap().deviceIndependentSize().toSize();
        const QPoint first((picture->width() - shown.width()) / 2 + shown.width() * 3 / 8,
                           (picture->height() - shown.height()) / 2 + shown.height() / 10);
        QHelpEvent unknown(QEvent::ToolTip, first, picture->mapToGlobal(first));
        QApplication::sendEvent(picture, &unknown);
        const Snapshot& snapshot = *window->study().snapshot();
        const double imputed = snapshot.W->row(0).dot(snapshot.Ht->row(1));
        QTRY_VERIFY2(QToolTip::text().contains("the model says " + QLocale().toString(imputed, 'g', 6)),
                     qPrintable(QToolTip::text()));
        QApplication::sendEvent(picture, &help);
        QTRY_VERIFY(!QToolTip::text().contains("unknown"));
        // What the platform without a display says of the window of the words.
        complaints().removeAll("This plugin does not support raise()");
        // Of another shape: one sentence, and what was open stays.
        window->study().attachWeights(study_driver::written(m_folder, "few.csv", "1,0\n1,1\n"));
        QTRY_VERIFY(messages(*window)->text().contains("2 × 2"));
        QVERIFY(window->study().dataset()->weights);
    }

    void coefficientsAreDrawnAsTheSamplesLie()
    {
        const auto window = shownWindow();
        QSignalSpy opened(&window->study(), &Study::opened);
        const auto openBy = [&](const ImportPlan& plan) {
            const auto count = opened.count();
            window->study().open(pictures(), plan);
            QTRY_COMPARE(opened.count(), count + 1);
            Options options = window->study().options();
            options.rank = 2;
            window->study().setOptions(options);
            runToTheEnd(*window);
        };
        openBy({.transpose = true, .height = 8, .width = 6, .pictures = Pictures::Pixels});
        auto* maps = window->findChild<ImageGrid*>("coefficients-maps");
        QTRY_VERIFY(maps->isVisible());
        QCOMPARE(maps->tileLayout().count, 2);
        openBy({.samples = {.ordered = true, .unit = "s"}});
        QTRY_VERIFY(window->findChild<BarGrid*>("coefficients-curves")->isVisible());
        choose(window.get(), "coefficients-look", 1);
        QTRY_VERIFY(window->findChild<QWidget*>("coefficients-curves")->isHidden());
    }
};

QTEST_MAIN(TestImportPage)
#include "tst_import_page.moc"
