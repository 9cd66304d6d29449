#include "tests/support/window_driver.h"
#include "ui/model/preferences.h"
#include "ui/plot/image_grid.h"
#include "ui/session_actions.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QSpinBox>

using namespace nmf::ui;
using namespace window_driver;

namespace
{

/// The field of the open preferences with this name.
template <class Field>
Field* field(MainWindow& window, const char* name)
{
    const QDialog* dialog = window.findChild<QDialog*>("preferences");
    if (!dialog->isVisible())
        press(window, Qt::Key_Comma, Qt::ControlModifier);
    return dialog->isVisible() ? dialog->findChild<Field*>(name) : nullptr;
}

void choose(QComboBox* box, const QString& text)
{
    QVERIFY(box && box->findText(text) >= 0);
    box->setCurrentIndex(box->findText(text));
    emit box->activated(box->currentIndex());
}

} // namespace

/// Each preference changes what it says, now and after the next start.
class TestPreferences : public QObject, WindowTest
{
    Q_OBJECT

private slots:
    void initTestCase() { prepare(); }
    void init() { beginAfresh(); }
    void cleanup() { QCOMPARE(complaints(), QStringList()); }

    void whatIsKeptIsReadAgain();
    void whatMakesNoSenseIsAsUsual();
    void theThemeIsThatOfTheMenu();
    void coloursAreThoseOfTheViews();
    void workIsKeptAsOftenAsIsPreferred();
    void threadsAreThoseOfTheModelButNotOfARunThatGoesOn();
    void theStartOpensWhatWasOpenLastIfThatIsPreferred();
    void memoryForTheCourseOfARunIsAsMuchAsIsPreferred();
};

void TestPreferences::whatIsKeptIsReadAgain()
{
    const Preferences wanted{.reopensLast = false,
                             .autosaveSeconds = 17,
                             .historyMegabytes = 512,
                             .threads = 3,
                             .basisColors = "magma",
                             .coefficientsColors = "cividis"};
    Settings settings;
    QVERIFY(!(preferencesOf(settings) == wanted));
    keep(settings, wanted);
    QVERIFY(preferencesOf(settings) == wanted);
}

void TestPreferences::whatMakesNoSenseIsAsUsual()
{
    Settings settings;
    settings.setText("session/autosave-seconds", "0");
    settings.setText("history/megabytes", "much");
    settings.setText("run/threads", "-2");
    QVERIFY(preferencesOf(settings) == Preferences{});
}

void TestPreferences::theThemeIsThatOfTheMenu()
{
    const QPalette before = QApplication::palette();
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* box = field<QComboBox>(*window, "prefer-theme");
    choose(box, "Dark");
    QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < 128);
    QVERIFY(actionNamed(*window, "Dark")->isChecked());
    actionNamed(*window, "Light")->trigger();
    QVERIFY(QApplication::palette().color(QPalette::Window).lightness() > 128);
    QCOMPARE(box->currentText(), QString("Light"));
    QCOMPARE(Settings().text("theme", {}), QString("1"));
    QApplication::setPalette(before);
}

void TestPreferences::coloursAreThoseOfTheViews()
{
    const auto window = shownWindow();
    openByCard(*window, "bars");
    auto* ofBasis = window->findChild<QComboBox*>("basis-colors");
    choose(field<QComboBox>(*window, "prefer-basis-colors"), "Magma");
    QCOMPARE(ofBasis->currentText(), QString("Magma"));
    choose(field<QComboBox>(*window, "prefer-coefficients-colors"), "Cividis");
    QCOMPARE(window->findChild<QComboBox*>("coefficients-colors")->currentText(), QString("Cividis"));
    // What a view chooses is preferred from then on.
    choose(ofBasis, "Plasma");
    window->findChild<QDialog*>("preferences")->close();
    QCOMPARE(field<QComboBox>(*window, "prefer-basis-colors")->currentText(), QString("Plasma"));
    const auto next = shownWindow();
    QCOMPARE(next->findChild<QComboBox*>("basis-colors")->currentText(), QString("Plasma"));
    QCOMPARE(next->findChild<QComboBox*>("coefficients-colors")->currentText(), QString("Cividis"));
}

void TestPreferences::workIsKeptAsOftenAsIsPreferred()
{
    const auto window = shownWindow();
    QCOMPARE(window->sessions().keeper().autosaveSeconds(), 60.0);
    field<QSpinBox>(*window, "prefer-autosave")->setValue(15);
    QCOMPARE(window->sessions().keeper().autosaveSeconds(), 15.0);
    const auto next = shownWindow();
    QCOMPARE(next->sessions().keeper().autosaveSeconds(), 15.0);
}

void TestPreferences::threadsAreThoseOfTheModelButNotOfARunThatGoesOn()
{
    const auto window = shownWindow();
    runBarsEndlessly(*window);
    const auto run = window->study().snapshot()->run;
    field<QSpinBox>(*window, "prefer-threads")->setValue(1);
    QCOMPARE(window->study().options().threads, 0);
    window->study().stop();
    QTRY_COMPARE(window->study().phase(), Study::Phase::Finished);
    QCOMPARE(window->study().options().threads, 1);
    QCOMPARE(window->study().snapshot()->run, run);
    QCOMPARE(window->findChild<QSpinBox*>("threads")->value(), 1);
    const auto next = shownWindow();
    QCOMPARE(next->study().options().threads, 1);
}

void TestPreferences::theStartOpensWhatWasOpenLastIfThatIsPreferred()
{
    const auto window = shownWindow();
    QVERIFY(sourceAtStart(Settings()).isEmpty());
    openNow(*window, m_good);
    QCOMPARE(sourceAtStart(Settings()), m_good);
    auto* box = field<QCheckBox>(*window, "prefer-reopen");
    QVERIFY(box->isChecked());
    box->click();
    QVERIFY(sourceAtStart(Settings()).isEmpty());
    box->click();
    QCOMPARE(sourceAtStart(Settings()), m_good);
    Settings().addRecentSource(m_folder.filePath("gone.csv"));
    QVERIFY(sourceAtStart(Settings()).isEmpty());
}

void TestPreferences::memoryForTheCourseOfARunIsAsMuchAsIsPreferred()
{
    const auto window = shownWindow();
    QCOMPARE(window->study().history().budget(), std::size_t{256} << 20);
    field<QSpinBox>(*window, "prefer-history")->setValue(1024);
    QCOMPARE(preferencesOf(Settings()).historyMegabytes, 1024);
    QCOMPARE(window->study().history().budget(), std::size_t{1024} << 20);
    const auto next = shownWindow();
    QCOMPARE(next->study().history().budget(), std::size_t{1024} << 20);
}

QTEST_MAIN(TestPreferences)
#include "tst_preferences.moc"
