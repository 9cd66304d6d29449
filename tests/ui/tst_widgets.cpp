#include "ui/widgets/elided_label.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_bar.h"

#include <QCursor>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

namespace nmf::ui
{

/// The message bar and the icons.
class TestWidgets : public QObject
{
    Q_OBJECT

private slots:
    void messageStaysUntilClosed();
    void informationHidesItself();
    void messageRunsItsAction();
    void everyIconHasADrawing_data();
    void everyIconHasADrawing();
    void aLineEndsWithinItsRoom();
};

void TestWidgets::aLineEndsWithinItsRoom()
{
    ElidedLabel label;
    const QString all = "each tile from 0 to its own maximum";
    label.setText(all);
    const int whole = label.fontMetrics().horizontalAdvance(all);
    label.resize(whole + 4, 20);
    QCOMPARE(label.shownText(), all);
    label.resize(whole / 2, 20);
    QVERIFY(label.shownText().endsWith(QChar(0x2026)));
    QVERIFY(label.fontMetrics().horizontalAdvance(label.shownText()) <= whole / 2);
    label.resize(label.fontMetrics().horizontalAdvance("m"), 20);
    QCOMPARE(label.shownText(), QString());
    QCOMPARE(label.text(), all);
}

void TestWidgets::messageStaysUntilClosed()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    QVERIFY(bar.isHidden());
    bar.setInformationSeconds(0.01);
    bar.showMessage(MessageBar::Kind::Error, "The file is empty.");
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), "The file is empty.");
    QVERIFY(bar.accessibleName().contains("The file is empty."));
    QTest::qWait(50);
    QVERIFY(bar.isVisible());
    QSignalSpy dismissed(&bar, &MessageBar::dismissed);
    QTest::mouseClick(bar.findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(bar.isHidden());
    QCOMPARE(dismissed.size(), 1);
}

void TestWidgets::informationHidesItself()
{
    QCursor::setPos(700, 500); // a message under the pointer stays
    QWidget window;
    MessageBar bar(&window);
    window.show();
    bar.setInformationSeconds(0.02);
    bar.showMessage(MessageBar::Kind::Information, "Saved.");
    QVERIFY(bar.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(bar.isHidden(), 2000);
}

void TestWidgets::messageRunsItsAction()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    int runs = 0;
    bar.showMessage(MessageBar::Kind::Warning, "Negative entries.", {{"Set to zero", [&] {
                                                                          ++runs;
                                                                          bar.showMessage(MessageBar::Kind::Error,
                                                                                          "Another.");
                                                                      }}});
    QTest::mouseClick(bar.findChild<QPushButton*>(), Qt::LeftButton);
    QCOMPARE(runs, 1);
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), "Another.");
}

void TestWidgets::everyIconHasADrawing_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"open", "samples", "run", "pause", "step", "half-step", "restart", "stop", "continue",
                             "save", "copy", "reset-view", "error", "warning", "info", "close"})
        QTest::newRow(name) << name;
}

void TestWidgets::everyIconHasADrawing()
{
    QFETCH(QString, name);
    QPalette palette;
    palette.setColor(QPalette::WindowText, QColor(10, 200, 30));
    const QImage picture = icon(name, palette).pixmap(24, 24).toImage();
    bool coloured = false;
    for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 24; ++x)
            coloured = coloured || picture.pixelColor(x, y) == QColor(10, 200, 30);
    QVERIFY(coloured);
    QVERIFY(picture != icon(name, palette).pixmap(24, 24, QIcon::Disabled).toImage());
    QVERIFY(!applicationIcon().pixmap(64, 64).isNull());
}

} // namespace nmf::ui

QTEST_MAIN(nmf::ui::TestWidgets)
#include "tst_widgets.moc"
