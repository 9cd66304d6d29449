#pragma once

#include "ui/model/settings.h"
#include "ui/model/study.h"
#include "ui/model/worker.h"

#include <QPointer>
#include <QWidget>

namespace nmf::ui
{

class ImportDialog;

/// Opens what somebody points at, with a look at it before where something is to be decided. What was decided is
/// remembered for the next file of its kind.
class Importer : public QObject
{
    Q_OBJECT

public:
    /// The page comes up over `window`.
    Importer(Study& study, QWidget* window);

    /// With the page where it is needed and wanted.
    void open(const QString& source);
    /// By the plan that it was opened with before, if that is known.
    void reopen(const QString& source);
    /// With the page always.
    void openWithPreview(const QString& source);

private:
    void begin(const QString& source, bool always);
    void onPreview(const Preview& preview);
    void ask(const Preview& preview);
    void accept(ImportDialog& dialog);
    void onOpened(const QString& source);
    bool silentFor(const std::string& kind) const;
    /// The plan of a preview with what was chosen for the last file of its kind.
    ImportPlan accustomed(const Preview& preview) const;
    void rememberPlanOf(const QString& source);
    void remember(const std::string& kind, const ImportPlan& plan, bool silent);

    Study& m_study;
    QWidget* m_window;
    Settings m_settings;
    QPointer<ImportDialog> m_dialog;
    QString m_source; ///< of which a preview is awaited
    bool m_always = false;
    Worker m_looks; ///< last: joined before anything its jobs use is gone
};

} // namespace nmf::ui
