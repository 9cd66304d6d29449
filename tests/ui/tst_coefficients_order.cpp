#include "tests/support/own_settings.h"
#include "tests/support/study_driver.h"

#include "ui/views/coefficients_view.h"

#include <QComboBox>
#include <QStandardItemModel>

using namespace nmf;
using namespace nmf::ui;
using namespace study_driver;

/// The order of the samples in the heatmap of H.
class TestCoefficientsOrder : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static void choose(QComboBox* box, int index)
    {
        box->setCurrentIndex(index);
        emit box->activated(index);
    }

    /// The names of the columns from left to right.
    static QStringList columns(CoefficientsView& view) { return view.table().header.mid(1); }

private slots:
    void initTestCase()
    {
        useOwnSettings(m_folder);
        QLocale::setDefault(QLocale::c());
    }

    void samplesAreReorderedAndNumbersRescaled()
    {
        Study study;
        Selection selection;
        CoefficientsView view(study, selection);
        view.resize(700, 400);
        view.show();
        openNow(study, written(m_folder, "groups.csv", "g,B_2,A_10,B_1,A_9\nx,5,0,4,1\ny,0,3,1,6\nz,1,0,2,0\n"));
        Options options = study.options();
        options.rank = 2;
        options.maxIterations = 50;
        study.setOptions(options);
        study.run();
        QTRY_COMPARE(study.phase(), Study::Phase::Finished);
        settle(study);
        auto* order = view.findChild<QComboBox*>("coefficients-order");
        QTRY_COMPARE(columns(view), QStringList({"B_2", "A_10", "B_1", "A_9"}));
        choose(order, 3); // by name
        QTRY_COMPARE(columns(view), QStringList({"A_9", "A_10", "B_1", "B_2"}));
        choose(order, 4); // by group
        QTRY_COMPARE(columns(view), QStringList({"A_10", "A_9", "B_2", "B_1"}));
        choose(order, 2); // clustered: like beside like
        QTRY_VERIFY(columns(view) == QStringList({"B_2", "B_1", "A_10", "A_9"}) ||
                    columns(view) == QStringList({"B_2", "B_1", "A_9", "A_10"}));
        // What is clicked is the sample, wherever it stands.
        auto* heatmap = view.findChild<Heatmap*>("coefficients");
        auto* canvas = heatmap->findChild<QWidget*>();
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->mapFromParent(heatmap->positionOf(0, 3).toPoint()));
        QCOMPARE(selection.sample(), 3);
        choose(view.findChild<QComboBox*>("coefficients-normalisation"), 1);
        QTRY_COMPARE(heatmap->valueRange().high, 1.0);
        choose(view.findChild<QComboBox*>("coefficients-normalisation"), 0);
        choose(order, 0);
        QTRY_COMPARE(columns(view), QStringList({"B_2", "A_10", "B_1", "A_9"}));
    }

    void whatTheDataDoNotHaveCannotBeChosen()
    {
        Study study;
        Selection selection;
        CoefficientsView view(study, selection);
        view.show();
        openNow(study, written(m_folder, "plain.csv", "1,2,3\n3,1,2\n"));
        Options options = study.options();
        options.rank = 1;
        study.setOptions(options);
        study.run();
        QTRY_COMPARE(study.phase(), Study::Phase::Finished);
        settle(study);
        auto* items = qobject_cast<QStandardItemModel*>(view.findChild<QComboBox*>("coefficients-order")->model());
        QTRY_VERIFY(!items->item(3)->isEnabled());
        QVERIFY(!items->item(4)->isEnabled() && items->item(1)->isEnabled() && items->item(2)->isEnabled());
    }
};

QTEST_MAIN(TestCoefficientsOrder)
#include "tst_coefficients_order.moc"
