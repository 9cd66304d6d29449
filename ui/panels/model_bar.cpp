#include "ui/panels/model_bar.h"

#include "core/algorithms/algorithms.h"
#include "core/initializers/initializers.h"
#include "core/losses/losses.h"
#include "core/terms.h"

#include <QHBoxLayout>
#include <QSignalBlocker>

#include <limits>

namespace nmf::ui
{

ModelBar::ModelBar(Study& study, QWidget* parent)
    : QToolBar(tr("Model"), parent), m_study(study), m_rank(new QSpinBox),
      m_loss(new ChoiceEditor(tr("Loss"), factsOfAll(losses()))),
      m_algorithm(new ChoiceEditor(tr("Algorithm"), factsOfAll(algorithms()), ChoiceEditor::Parameters::Aside)),
      m_initializer(
          new ChoiceEditor(tr("Initialisation"), factsOfAll(initializers()), ChoiceEditor::Parameters::Aside)),
      m_seed(new QSpinBox)
{
    setObjectName("model-bar");
    m_rank->setObjectName("rank");
    m_rank->setRange(1, 10000);
    m_rank->setKeyboardTracking(false);
    m_rank->setAccessibleName(tr("Rank"));
    m_rank->setToolTip(tr("Rank k: the number of components (scikit-learn: n_components)"));
    m_seed->setObjectName("seed");
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setKeyboardTracking(false);
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(
        tr("Seed of the random start (scikit-learn: random_state); the same seed gives the same result"));
    addLabelled(tr("Rank"), m_rank);
    addLabelled(tr("Loss"), m_loss);
    m_algorithmTitle = addLabelled(tr("Algorithm"), m_algorithm);
    m_algorithmTitle->setObjectName("algorithm-title");
    addLabelled(tr("Start"), m_initializer);
    addLabelled(tr("Seed"), m_seed);

    connect(m_rank, &QSpinBox::valueChanged, this, [this](int rank) { change([rank](Options& o) { o.rank = rank; }); });
    connect(m_seed, &QSpinBox::valueChanged, this,
            [this](int seed) { change([seed](Options& o) { o.seed = static_cast<std::uint64_t>(seed); }); });
    connect(m_loss, &ChoiceEditor::chosen, this,
            [this](const Choice& choice) { change([&](Options& o) { chooseLoss(o, choice); }); });
    connect(m_algorithm, &ChoiceEditor::chosen, this,
            [this](const Choice& choice) { change([&](Options& o) { o.algorithm = choice; }); });
    connect(m_initializer, &ChoiceEditor::chosen, this,
            [this](const Choice& choice) { change([&](Options& o) { chooseInitializer(o, choice); }); });
    connect(&study, &Study::optionsChanged, this, &ModelBar::showOptions);
    showOptions();
}

QLabel* ModelBar::addLabelled(const QString& label, QWidget* widget)
{
    auto* text = new QLabel(label);
    text->setContentsMargins(8, 0, 4, 0);
    // One item, so that a narrow bar has both behind its arrow or neither.
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins({});
    row->setSpacing(0);
    row->addWidget(text);
    row->addWidget(widget);
    addWidget(both);
    return text;
}

template <class Change>
void ModelBar::change(Change&& edit)
{
    Options options = m_study.options();
    edit(options);
    m_study.setOptions(options);
}

void ModelBar::showOptions()
{
    const Options& options = m_study.options();
    const QSignalBlocker quietRank(m_rank), quietSeed(m_seed);
    m_rank->setValue(static_cast<int>(options.rank));
    m_seed->setValue(static_cast<int>(options.seed));
    m_loss->setChoice(options.loss);
    m_algorithm->setChoice(options.algorithm);
    m_algorithmTitle->setToolTip(QString::fromStdString(reasonFor(options)));
    m_initializer->setChoice(options.initializer);
    m_initializer->setInstead(options.start ? tr("given factors") : QString(),
                              tr("Runs begin from factors that were edited, taken over or opened. Choose an "
                                 "initialisation to begin from that again."));
    // A seed has no say in a start that is given or computed from the data and goes on without chance.
    const Initializer* initializer = nmf::find(initializers(), options.initializer.id);
    const Algorithm* algorithm = nmf::find(algorithms(), options.algorithm.id);
    m_seed->setEnabled((!options.start && initializer && initializer->usesSeed) || (algorithm && algorithm->usesSeed));
}

/// Why this algorithm would be chosen, where it is the one that would.
std::string ModelBar::reasonFor(const Options& options) const
{
    const bool weighted = m_study.dataset() && isWeighted(options, *m_study.dataset());
    const Loss* loss = nmf::find(losses(), options.loss.id);
    const Divergence divergence = loss ? loss->make(options.loss.values) : Divergence{};
    const std::vector<Demand> demands = demandsOf(options);
    const std::string automatic = automaticAlgorithm(divergence, weighted, demands);
    const std::string reason = automaticReason(divergence, weighted, demands);
    if (options.algorithm.id == automatic)
        return tr("The one that is chosen by itself.").toStdString() + " " + reason;
    return tr("By itself %1 would be chosen.").arg(QString::fromStdString(automatic)).toStdString() + " " + reason;
}

void ModelBar::chooseInitializer(Options& options, const Choice& choice) const
{
    options.initializer = choice;
    options.start.reset();
}

void ModelBar::chooseLoss(Options& options, const Choice& choice) const
{
    options.loss = choice;
    options.algorithm = suitedAlgorithm(options, m_study.dataset() && isWeighted(options, *m_study.dataset()));
}

} // namespace nmf::ui
