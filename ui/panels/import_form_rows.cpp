#include "core/normalisations.h"
#include "ui/panels/import_form.h"

#include <QHBoxLayout>
#include <QPainter>

#include <limits>

namespace nmf::ui
{

namespace
{

/// A table with one sample marked: a column, or a row.
QIcon sketch(bool column, const QPalette& palette)
{
    constexpr int cell = 6, cells = 4, scale = 2;
    QPixmap picture((cell * cells + 1) * scale, (cell * cells + 1) * scale);
    picture.setDevicePixelRatio(scale);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    const QRect marked = column ? QRect(cell, 0, cell, cell * cells) : QRect(0, cell, cell * cells, cell);
    painter.fillRect(marked, palette.highlight());
    painter.setPen(palette.color(QPalette::Text));
    for (int i = 0; i <= cells; ++i) {
        painter.drawLine(i * cell, 0, i * cell, cells * cell);
        painter.drawLine(0, i * cell, cells * cell, i * cell);
    }
    return QIcon(picture);
}

} // namespace

ImportForm::ImportForm(QWidget* parent) : QWidget(parent), m_rows(new QFormLayout(this)), m_guard(new WheelGuard(this))
{
    m_rows->setContentsMargins({});
    m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addReading();
    addPictures();
    addAxes();
    addEntries();
}

void ImportForm::addRow(const QString& name, QWidget* field)
{
    field->setAccessibleName(name);
    m_rows->addRow(name, field);
}

QComboBox* ImportForm::addBox(const QString& name, const QString& id, const QStringList& items)
{
    auto* box = new QComboBox;
    box->setObjectName(id);
    box->addItems(items);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(14);
    connect(box, &QComboBox::currentIndexChanged, this, &ImportForm::tell);
    m_guard->watch(box);
    addRow(name, box);
    return box;
}

QSpinBox* ImportForm::addNumber(const QString& name, const QString& id, int least, int most)
{
    auto* box = new QSpinBox;
    box->setObjectName(id);
    box->setRange(least, most);
    connect(box, &QSpinBox::valueChanged, this, &ImportForm::tell);
    m_guard->watch(box);
    addRow(name, box);
    return box;
}

void ImportForm::addReading()
{
    m_member = addBox(tr("Matrix"), "import-member", {});
    m_otherSizes = addBox(tr("Pictures of other sizes"), "import-other-sizes",
                          {tr("Refused"), tr("Cropped about the middle"), tr("Resized")});
    m_longestSide = addNumber(tr("Longest side"), "import-longest-side", 0, 100000);
    m_longestSide->setSpecialValueText(tr("as it is"));
    m_longestSide->setSuffix(tr(" pixels"));
    m_longestSide->setToolTip(tr("Larger pictures are made smaller while they are read"));
    m_direction = new QWidget;
    auto* row = new QHBoxLayout(m_direction);
    row->setContentsMargins({});
    m_columns = new QRadioButton(tr("a c&olumn"));
    m_lines = new QRadioButton(tr("a &row"));
    m_columns->setObjectName("import-columns");
    m_lines->setObjectName("import-rows");
    for (QRadioButton* button : {m_columns, m_lines}) {
        button->setIcon(sketch(button == m_columns, palette()));
        button->setIconSize({25, 25});
        row->addWidget(button);
    }
    row->addStretch();
    connect(m_lines, &QRadioButton::toggled, this, &ImportForm::tell);
    addRow(tr("Each sample is"), m_direction);
}

void ImportForm::addPictures()
{
    m_pictures = addBox(tr("Of pictures"), "import-pictures",
                        {tr("each is a sample"), tr("patches are samples"), tr("pixels are samples")});
    m_shape = addBox(tr("Height × width"), "import-shape", {});
    m_shape->setEditable(true);
    connect(m_shape, &QComboBox::editTextChanged, this, &ImportForm::tell);
    m_shape->setToolTip(tr("Of pictures whose pixels are the rows, or of one whose pixels are the columns"));
    m_order = addBox(tr("Pixels run"), "import-order", {tr("along rows"), tr("down columns (MATLAB)")});
    m_bands = addBox(tr("Bands are"), "import-bands", {tr("the first dimension"), tr("the last dimension")});
    constexpr int most = std::numeric_limits<int>::max();
    m_patchSize = addNumber(tr("Patch size"), "import-patch-size", 1, 10000);
    m_patchStride = addNumber(tr("Patches apart"), "import-patch-stride", 1, 10000);
    for (QSpinBox* box : {m_patchSize, m_patchStride})
        box->setSuffix(tr(" pixels"));
    m_patchCount = addNumber(tr("Patches"), "import-patch-count", 0, most);
    m_patchCount->setSpecialValueText(tr("all"));
    m_patchCount->setSuffix(tr(" at random"));
    m_patchSeed = addNumber(tr("Random seed"), "import-patch-seed", 0, most);
}

void ImportForm::addAxes()
{
    const auto add = [this](const QString& name, const QString& id, QCheckBox*& ordered, QLineEdit*& unit) {
        auto* field = new QWidget;
        auto* row = new QHBoxLayout(field);
        row->setContentsMargins({});
        ordered = new QCheckBox(tr("in order, in"));
        unit = new QLineEdit;
        unit->setPlaceholderText(tr("unit"));
        unit->setAccessibleName(tr("Unit of %1").arg(name.toLower()));
        ordered->setObjectName(id);
        unit->setObjectName(id + "-unit");
        ordered->setToolTip(tr("As wavelengths, frequencies or times are: drawn as a curve"));
        row->addWidget(ordered);
        row->addWidget(unit, 1);
        connect(ordered, &QCheckBox::toggled, this, &ImportForm::tell);
        connect(unit, &QLineEdit::editingFinished, this, &ImportForm::tell);
        addRow(name, field);
        ordered->setAccessibleName(tr("%1 are in order").arg(name));
    };
    add(tr("Features"), "import-ordered-features", m_orderedFeatures, m_featureUnit);
    add(tr("Samples"), "import-ordered-samples", m_orderedSamples, m_sampleUnit);
}

void ImportForm::addEntries()
{
    const QStringList ways{tr("Refuse"), tr("Unknown: not fitted")};
    m_missing = addBox(tr("Missing"), "import-missing", ways);
    m_infinite = addBox(tr("Infinite"), "import-infinite", ways);
    const auto addEditor = [this](const QString& name, const QString& id, std::vector<Facts> facts) {
        auto* editor = new ChoiceEditor(name, std::move(facts));
        editor->setObjectName(id);
        connect(editor, &ChoiceEditor::chosen, this, &ImportForm::tell);
        m_rows->addRow(name, editor);
        return editor;
    };
    m_negative = addEditor(tr("Negative"), "import-negative", factsOfAll(negativeRepairs()));
    m_zeros = addEditor(tr("Zero"), "import-zeros", factsOfAll(zeroRepairs()));
    m_normalisation = addBox(tr("Normalisation"), "import-normalisation", {});
    for (const Normalisation& entry : normalisations()) {
        const QString name = QString::fromStdString(entry.facts.name), id = QString::fromStdString(entry.facts.id);
        const bool both = !entry.facts.parameters.empty();
        m_normalisation->addItem(both ? tr("%1, each sample").arg(name) : name, id);
        m_normalisation->setItemData(m_normalisation->count() - 1, QString::fromStdString(entry.facts.summary),
                                     Qt::ToolTipRole);
        if (both)
            m_normalisation->addItem(tr("%1, each feature").arg(name), id + QStringLiteral("=features"));
    }
}

} // namespace nmf::ui
