#include "tests/support/window_driver.h"
#include "ui/panels/model_bar.h"

#include <QComboBox>
#include <QSpinBox>

using namespace nmf;
using namespace nmf::ui;
using namespace window_driver;

namespace
{

QComboBox* startBox(const MainWindow& window)
{
    for (QComboBox* box : window.findChild<ModelBar*>()->findChildren<QComboBox*>())
        if (box->accessibleName() == "Initialisation")
            return box;
    return nullptr;
}

/// A window whose run goes on from factors that were edited.
std::unique_ptr<MainWindow> edited()
{
    auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    window->editor().beginFromWorst(1);
    [&] { QTRY_VERIFY(window->study().options().start); }();
    return window;
}

} // namespace

/// The tool bar that says with what a run begins.
class TestModelBar : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void aGivenStartIsSaidToBe();
    void anInitialisationLeadsBack_data();
    void anInitialisationLeadsBack();
    void anEditedSeedIsOfUseAgain();
};

void TestModelBar::aGivenStartIsSaidToBe()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    runToTheEnd(*window);
    const QString usual = startBox(*window)->currentText();
    const int count = startBox(*window)->count();
    window->editor().beginFromWorst(1);
    QTRY_COMPARE(startBox(*window)->currentText(), QString("given factors"));
    QVERIFY(startBox(*window)->toolTip().contains("Choose an initialisation"));
    // Undone, the run begins as it did.
    QTRY_VERIFY(rests(*window));
    window->editor().undo();
    QTRY_COMPARE(startBox(*window)->currentText(), usual);
    QCOMPARE(startBox(*window)->count(), count);
}

void TestModelBar::anInitialisationLeadsBack_data()
{
    QTest::addColumn<bool>("same");
    QTest::newRow("the one that was chosen before") << true;
    QTest::newRow("another") << false;
}

void TestModelBar::anInitialisationLeadsBack()
{
    QFETCH(bool, same);
    const auto window = edited();
    window->editor().setLocked(Side::Basis, 0, true);
    QTRY_VERIFY(!window->study().options().lockW.none());
    QComboBox* box = startBox(*window);
    const QString chosen = QString::fromStdString(window->study().options().initializer.id);
    const int index = same ? box->findData(chosen) : box->findData("random");
    QVERIFY(index >= 0);
    box->setCurrentIndex(index);
    emit box->activated(index);
    QVERIFY(!window->study().options().start);
    QVERIFY(window->study().options().lockW.none());
    QCOMPARE(window->study().options().initializer.id, same ? chosen.toStdString() : std::string("random"));
    QCOMPARE(box->currentIndex(), index);
    QCOMPARE(box->findText("given factors"), -1);
    QVERIFY(messages(*window)->text().contains("Runs begin from the initialisation again"));
}

void TestModelBar::anEditedSeedIsOfUseAgain()
{
    const auto window = edited();
    const auto* seed = window->findChild<QSpinBox*>("seed");
    QComboBox* box = startBox(*window);
    QVERIFY(!seed->isEnabled());
    box->setCurrentIndex(box->findData("random"));
    emit box->activated(box->currentIndex());
    QVERIFY(seed->isEnabled());
}

QTEST_MAIN(TestModelBar)
#include "tst_model_bar.moc"
