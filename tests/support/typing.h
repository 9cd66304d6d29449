#pragma once

#include <QTest>
#include <QWidget>

/// Replaces what a field holds, as a person does, and ends with Return.
inline void type(QWidget* box, const QString& text)
{
    QVERIFY(box);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(box, text);
    QTest::keyClick(box, Qt::Key_Return);
}
