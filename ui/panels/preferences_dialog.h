#pragma once

#include "ui/model/preferences.h"

#include <QActionGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFormLayout>
#include <QSpinBox>

namespace nmf::ui
{

/// What the user prefers, to be changed beside the window; each change holds at once.
class PreferencesDialog : public QDialog
{
    Q_OBJECT

public:
    /// `themes`: actions of which one holds.
    explicit PreferencesDialog(QActionGroup& themes, QWidget* parent = nullptr);

    void setPreferences(const Preferences& preferences);
    Preferences preferences() const;

signals:
    /// By the user.
    void changed(const nmf::ui::Preferences& preferences);

private:
    void addThemes(QActionGroup& themes);
    QComboBox* colorBox(const QString& title, const QString& id, const QString& help);
    QSpinBox* numberBox(const QString& title, const QString& id, const QString& help);
    void addRow(const QString& title, QWidget* field, const QString& id, const QString& help);
    void tell();

    QFormLayout* m_form;
    QComboBox *m_theme, *m_basisColors, *m_coefficientsColors;
    QCheckBox* m_reopen;
    QSpinBox *m_autosave, *m_history, *m_threads;
    bool m_showing = false;
};

} // namespace nmf::ui
