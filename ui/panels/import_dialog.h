#pragma once

#include "ui/model/preview.h"
#include "ui/model/worker.h"

#include <QCheckBox>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QTimer>

namespace nmf::ui
{

class ImportForm;

/// One page before anything is computed: what a file holds as it is understood, and what is done with it. Enter opens
/// it so, Esc leaves it.
class ImportDialog : public QDialog
{
    Q_OBJECT

public:
    /// What the plan makes of the data is computed by `worker`, which outlives the page: nobody waits for it.
    explicit ImportDialog(Worker& worker, QWidget* parent = nullptr);

    /// Shows what was read.
    void setPreview(const Preview& preview);
    const Preview& preview() const { return m_preview; }
    ImportPlan plan() const;

    /// Whether the page is left out for files of this kind from now on.
    bool silent() const;
    void setSilent(bool silent);

signals:
    /// The plan reads the file in another way than it was read.
    void readingWanted(const nmf::ImportPlan& plan);

private:
    /// What the plan makes of the data, for the eye.
    struct Look;
    static Look lookAt(const Dataset& dataset, const DataFacts& facts, const ImportPlan& plan);

    void makePage();
    QLayout* makeButtons();
    QWidget* makeLook();
    void lookAgain();
    void look();
    void present(const Look& look, const QString& fault);
    void showTable(const Look& look);
    void showPicture(const QImage& picture);
    void complain(const QString& sentence);

    Worker& m_worker;
    Preview m_preview;
    ImportForm* m_form;
    QLabel *m_title, *m_facts, *m_picture, *m_notes, *m_fault;
    QTableWidget* m_table;
    QCheckBox* m_silent;
    QPushButton* m_open;
    QTimer m_pause;
};

} // namespace nmf::ui
