#pragma once

#include "tests/support/promptly.h"
#include "tests/support/window_driver.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

namespace window_driver
{

/// Types a path into the file dialog that is open, and accepts.
inline void answerFileDialog(MainWindow& window, const QString& path)
{
    QFileDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = window.findChild<QFileDialog*>()) && dialog->isVisible());
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name);
    // A person does not type before the dialog has read its folder, which would select a file in it.
    QTest::qWait(250);
    // Typed key by key, a list of suggestions would come up and take the keys.
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(!window.findChild<QFileDialog*>());
}

/// Presses a button of the question with this name.
inline void answer(MainWindow& window, const QString& question, const QString& button)
{
    QMessageBox* box = nullptr;
    QTRY_VERIFY((box = window.findChild<QMessageBox*>(question)) && box->isVisible());
    for (QAbstractButton* candidate : box->buttons())
        if (QString(candidate->text()).remove('&') == button) {
            QTest::mouseClick(candidate, Qt::LeftButton);
            QTRY_VERIFY(!window.findChild<QMessageBox*>(question));
            return;
        }
    QFAIL(qPrintable("There is no button " + button));
}

} // namespace window_driver
