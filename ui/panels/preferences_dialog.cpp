#include "ui/panels/preferences_dialog.h"

#include "ui/plot/color_maps.h"

#include <QDialogButtonBox>

#include <algorithm>
#include <thread>

namespace nmf::ui
{

PreferencesDialog::PreferencesDialog(QActionGroup& themes, QWidget* parent)
    : QDialog(parent), m_form(new QFormLayout(this)), m_reopen(new QCheckBox(tr("&Open what was open last")))
{
    setObjectName("preferences");
    setWindowTitle(tr("Preferences"));
    addThemes(themes);
    m_basisColors = colorBox(tr("Colours of the &basis"), "prefer-basis-colors",
                             tr("What the parts are painted in, now and after the next start"));
    m_coefficientsColors = colorBox(tr("Colours of the &coefficients"), "prefer-coefficients-colors",
                                    tr("What the coefficients are painted in, now and after the next start"));
    addRow(tr("At the start"), m_reopen, "prefer-reopen",
           tr("Else the program begins on the start page; what a file manager asks for is opened anyhow"));
    m_autosave = numberBox(tr("Keep unsaved &work every"), "prefer-autosave",
                           tr("How often results that are not saved are kept in case that the program is ended"));
    m_autosave->setRange(Preferences::leastAutosave, Preferences::mostAutosave);
    m_autosave->setSuffix(tr(" s"));
    m_history = numberBox(tr("&Memory for the course of a run"), "prefer-history",
                          tr("How much memory the factors of earlier iterations may take, to go back to them"));
    m_history->setRange(Preferences::leastHistory, Preferences::mostHistory);
    m_history->setSuffix(tr(" MB"));
    m_threads =
        numberBox(tr("T&hreads"), "prefer-threads",
                  tr("On how many cores to compute, unless the model says otherwise; a run that goes on is left "
                     "as it is"));
    m_threads->setRange(0, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    m_threads->setSpecialValueText(tr("all cores"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_reopen, &QCheckBox::toggled, this, &PreferencesDialog::tell);
    for (QSpinBox* box : {m_autosave, m_history, m_threads})
        connect(box, &QSpinBox::valueChanged, this, &PreferencesDialog::tell);
    for (QComboBox* box : {m_basisColors, m_coefficientsColors})
        connect(box, &QComboBox::activated, this, &PreferencesDialog::tell);
}

void PreferencesDialog::addRow(const QString& title, QWidget* field, const QString& id, const QString& help)
{
    field->setObjectName(id);
    field->setAccessibleName(QString(title).remove('&'));
    field->setToolTip(help);
    m_form->addRow(title, field);
    m_form->labelForField(field)->setToolTip(help);
}

void PreferencesDialog::addThemes(QActionGroup& themes)
{
    m_theme = new QComboBox;
    for (const QAction* action : themes.actions())
        m_theme->addItem(QString(action->text()).remove('&'));
    addRow(tr("&Theme"), m_theme, "prefer-theme",
           tr("Light or dark windows; pictures that are saved are always light"));
    const auto show = [this, &themes] {
        m_theme->setCurrentIndex(static_cast<int>(themes.actions().indexOf(themes.checkedAction())));
    };
    connect(&themes, &QActionGroup::triggered, this, show);
    connect(m_theme, &QComboBox::activated, this, [&themes](int index) { themes.actions()[index]->trigger(); });
    show();
}

QComboBox* PreferencesDialog::colorBox(const QString& title, const QString& id, const QString& help)
{
    auto* box = new QComboBox;
    for (const ColorMap& map : colorMaps())
        if (map.kind == ColorMap::Kind::Sequential)
            box->addItem(map.name, map.id);
    addRow(title, box, id, help);
    return box;
}

QSpinBox* PreferencesDialog::numberBox(const QString& title, const QString& id, const QString& help)
{
    auto* box = new QSpinBox;
    box->setKeyboardTracking(false);
    addRow(title, box, id, help);
    return box;
}

void PreferencesDialog::setPreferences(const Preferences& preferences)
{
    m_showing = true;
    m_basisColors->setCurrentIndex(std::max(0, m_basisColors->findData(preferences.basisColors)));
    m_coefficientsColors->setCurrentIndex(std::max(0, m_coefficientsColors->findData(preferences.coefficientsColors)));
    m_reopen->setChecked(preferences.reopensLast);
    m_autosave->setValue(preferences.autosaveSeconds);
    m_history->setValue(preferences.historyMegabytes);
    m_threads->setValue(preferences.threads);
    m_showing = false;
}

Preferences PreferencesDialog::preferences() const
{
    return {.reopensLast = m_reopen->isChecked(),
            .autosaveSeconds = m_autosave->value(),
            .historyMegabytes = m_history->value(),
            .threads = m_threads->value(),
            .basisColors = m_basisColors->currentData().toString(),
            .coefficientsColors = m_coefficientsColors->currentData().toString()};
}

void PreferencesDialog::tell()
{
    if (!m_showing)
        emit changed(preferences());
}

} // namespace nmf::ui
