#pragma once

#include "ui/model/study.h"

#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidget>

namespace nmf::ui
{

/// The first thing there is: the built-in samples as pictures to click, what was open before, and ways to open
/// something else.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    void showRecent(const QStringList& sources);

signals:
    /// A file, a folder or a sample was clicked.
    void chosen(const QString& source);
    void openFileWanted();
    void openFolderWanted();

private:
    QWidget* makeCards();
    void makePictures();

    QList<QToolButton*> m_cards;
    QVBoxLayout* m_recent;
    Worker m_worker;
};

/// How a source is called in lists: "Bars", "faces.npy".
QString nameOfSource(const QString& source);

} // namespace nmf::ui
