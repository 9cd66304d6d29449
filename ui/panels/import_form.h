#pragma once

#include "ui/model/preview.h"
#include "ui/widgets/choice_editor.h"
#include "ui/widgets/wheel_guard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QWidget>

namespace nmf::ui
{

/// The choices of an import plan, as far as they are any for what a file holds.
class ImportForm : public QWidget
{
    Q_OBJECT

public:
    explicit ImportForm(QWidget* parent = nullptr);

    /// Offers what can be chosen for the preview, and shows its plan; does not emit.
    void setPreview(const Preview& preview);
    /// As it is shown.
    ImportPlan plan() const;

signals:
    void changed();

private:
    void addReading();
    void addPictures();
    void addAxes();
    void addEntries();
    QComboBox* addBox(const QString& name, const QString& id, const QStringList& items);
    QSpinBox* addNumber(const QString& name, const QString& id, int least, int most);
    void addRow(const QString& name, QWidget* field);
    void offerMembers(const Preview& preview);
    void offerShapes(const Preview& preview);
    void showPlan(const ImportPlan& plan);
    void showEntries(const ImportPlan& plan);
    /// Rows that say nothing for these data, or by what else is chosen, are not there.
    void showRows();
    void nameEntries(const DataFacts& facts);
    void readShape(ImportPlan& plan) const;
    void tell();

    Preview m_preview;
    bool m_showing = false; ///< what changes is not the user's doing
    bool m_offersPictures = false, m_offersBands = false;
    QFormLayout* m_rows;
    WheelGuard* m_guard;
    QComboBox *m_member, *m_otherSizes;
    QSpinBox* m_longestSide;
    QWidget* m_direction;
    QRadioButton *m_columns, *m_lines;
    QComboBox *m_pictures, *m_shape, *m_order, *m_bands;
    QSpinBox *m_patchSize, *m_patchStride, *m_patchCount, *m_patchSeed;
    QCheckBox *m_orderedFeatures, *m_orderedSamples;
    QLineEdit *m_featureUnit, *m_sampleUnit;
    QComboBox *m_missing, *m_infinite, *m_normalisation;
    ChoiceEditor *m_negative, *m_zeros;
};

} // namespace nmf::ui
