#include "ui/model/component_editor.h"

#include "core/algorithms/algorithms.h"
#include "ui/model/edit_commands.h"
#include "ui/model/options_json.h"

#include <algorithm>
#include <utility>

namespace nmf::ui
{

namespace
{

/// Changes that follow each other as quickly as the steps of a spin box are one.
constexpr int settlingMs = 700;
constexpr int mostCommands = 100;

bool isSame(const Options& one, const Options& other)
{
    return toJson(one) == toJson(other) && one.start == other.start && one.lockW == other.lockW &&
           one.lockH == other.lockH;
}

FactorLock& lockOf(Options& options, Side side)
{
    return side == Side::Basis ? options.lockW : options.lockH;
}

ComponentEdit nothing(const std::shared_ptr<const Dataset>&, const Options&, const Factors<double>& factors,
                      const std::stop_token&)
{
    return unchanged(factors);
}

} // namespace

ComponentEditor::ComponentEditor(Study& study, QObject* parent)
    : QObject(parent), m_study(study), m_settled(study.options())
{
    m_stack.setUndoLimit(mostCommands);
    m_settling.setSingleShot(true);
    m_settling.setInterval(settlingMs);
    connect(&m_settling, &QTimer::timeout, this, &ComponentEditor::settle);
    connect(&m_worker, &Worker::failed, this, &ComponentEditor::refused);
    connect(&m_worker, &Worker::finished, this, &ComponentEditor::busyChanged);
    connect(&study, &Study::optionsChanged, this, &ComponentEditor::noteOptions);
    // What a command changes of the options is its own.
    connect(&m_stack, &QUndoStack::indexChanged, this, [this] {
        m_settling.stop();
        m_settled = m_study.options();
    });
    // Of other data there is nothing to take back.
    connect(&study, &Study::opened, this, [this] {
        m_worker.stop();
        m_stack.clear();
        m_settling.stop();
        m_settled = m_study.options();
    });
}

const Options& ComponentEditor::optionsShown() const
{
    return m_study.shown() ? m_study.shown()->options : m_study.options();
}

bool ComponentEditor::isLocked(Side side, Index component) const
{
    const Options& options = optionsShown();
    return (side == Side::Basis ? options.lockW : options.lockH).holds(component);
}

void ComponentEditor::perform(const QString& what, Edit edit, Change change)
{
    settle();
    const auto& shown = m_study.shown();
    const std::optional<RunPlace> place =
        shown ? m_study.placeOf(shown->run,
                                m_study.showsNewest() ? std::optional<int>() : std::optional(shown->record.iteration))
              : std::optional<RunPlace>();
    if (!place || m_worker.busy()) {
        emit refused(place ? tr("The edit before is still being computed: try again when it is there.")
                           : tr("There are no parts to edit yet: run first."));
        return;
    }
    m_worker.start([this, what, edit = std::move(edit), change = std::move(change), place = *place,
                    dataset = m_study.dataset()](const std::stop_token& stop, const Worker::Tell& tell) {
        const Factors<double> factors{*place.reached.W, *place.reached.Ht};
        const ComponentEdit made = edit(dataset, place.reached.options, factors, stop);
        Options options = optionsFor(place.reached.options, made);
        if (change)
            change(options);
        const Choice algorithm =
            std::exchange(options.algorithm, suitedAlgorithm(options, isWeighted(options, *dataset)));
        requireConsistent(options, *dataset);
        const ComponentLabels labels = carried(place.run.labels, made.origin);
        tell([this, what, place, options, labels, dataset, other = algorithm != options.algorithm] {
            if (m_study.dataset() != dataset)
                return;
            m_stack.push(new EditCommand(m_study, what, place, options, labels)); // the stack owns it
            if (other)
                emit told(tr("The algorithm is %1 now, which serves this.")
                              .arg(QString::fromStdString(nmf::find(algorithms(), options.algorithm.id)->facts.name)));
        });
    });
    emit busyChanged();
}

void ComponentEditor::undo()
{
    settle();
    m_stack.undo();
}

void ComponentEditor::redo()
{
    settle();
    m_stack.redo();
}

void ComponentEditor::remove(Index component)
{
    perform(tr("deleting part %1").arg(component + 1),
            [component](const auto&, const Options&, const Factors<double>& factors, const std::stop_token&) {
                return withoutComponent(factors, component);
            });
}

void ComponentEditor::duplicate(Index component)
{
    perform(tr("copying part %1").arg(component + 1),
            [component](const auto&, const Options&, const Factors<double>& factors, const std::stop_token&) {
                return withCopy(factors, component);
            });
}

void ComponentEditor::merge(Index first, Index second)
{
    perform(tr("merging parts %1 and %2").arg(first + 1).arg(second + 1),
            [first, second](const auto&, const Options&, const Factors<double>& factors, const std::stop_token&) {
                return merged(factors, first, second);
            });
}

void ComponentEditor::split(Index component)
{
    perform(tr("splitting part %1").arg(component + 1),
            [component](const std::shared_ptr<const Dataset>& dataset, const Options& options,
                        const Factors<double>& factors, const std::stop_token& stop) {
                return nmf::ui::split(dataset, options, factors, component, stop);
            });
}

void ComponentEditor::beginFromWorst(Index component)
{
    perform(tr("beginning part %1 anew").arg(component + 1),
            [component](const std::shared_ptr<const Dataset>& dataset, const Options& options,
                        const Factors<double>& factors, const std::stop_token& stop) {
                const Index worst = worstExplained(*dataset, options, factors, stop);
                return begunFromRest(*dataset, options, factors, component, worst, stop);
            });
}

void ComponentEditor::beginFromSample(Index component, Index sample)
{
    perform(tr("beginning part %1 anew").arg(component + 1),
            [component, sample](const std::shared_ptr<const Dataset>& dataset, const Options& options,
                                const Factors<double>& factors, const std::stop_token& stop) {
                return begunFromSample(*dataset, options, factors, component, sample, stop);
            });
}

void ComponentEditor::beginFromRegion(Index component, const std::vector<Index>& region)
{
    perform(tr("beginning part %1 anew").arg(component + 1),
            [component, region](const std::shared_ptr<const Dataset>& dataset, const Options& options,
                                const Factors<double>& factors, const std::stop_token& stop) {
                return begunFromRegion(*dataset, options, factors, component, region, stop);
            });
}

void ComponentEditor::setLocked(Side side, Index component, bool locked)
{
    const QString half = side == Side::Basis ? tr("the basis") : tr("the coefficients");
    perform(
        (locked ? tr("locking %1 of part %2") : tr("unlocking %1 of part %2")).arg(half).arg(component + 1), nothing,
        [side, component, locked](Options& options) { nmf::ui::setLocked(lockOf(options, side), component, locked); });
}

double ComponentEditor::softShare(Side side, Index component) const
{
    const Options& options = optionsShown();
    const SoftLock* soft = (side == Side::Basis ? options.lockW : options.lockH).softly(component);
    return soft ? soft->share : 0;
}

void ComponentEditor::setSoft(Side side, Index component, double share)
{
    const QString half = side == Side::Basis ? tr("the basis") : tr("the coefficients");
    perform((share > 0 ? tr("holding %1 of part %2 softly") : tr("letting go of %1 of part %2"))
                .arg(half)
                .arg(component + 1),
            nothing,
            [side, component, share](Options& options) { nmf::ui::setSoft(lockOf(options, side), component, share); });
}

void ComponentEditor::paint(Index component, const std::vector<PaintedEntry>& entries)
{
    perform(
        tr("painting part %1").arg(component + 1),
        [component, entries](const auto&, const Options&, const Factors<double>& factors, const std::stop_token&) {
            return painted(factors, component, entries);
        },
        [component, entries](Options& options) {
            lockEntries(options.lockW, options.start->W.rows(), options.rank, component, entries);
        });
}

void ComponentEditor::release(Index component)
{
    perform(tr("releasing part %1").arg(component + 1), nothing,
            [component](Options& options) { releaseEntries(options.lockW, component); });
}

void ComponentEditor::relabel(const QString& what, ComponentLabels labels)
{
    if (m_study.shown() && labels != m_study.labels())
        m_stack.push(new LabelCommand(m_study, what, std::move(labels))); // the stack owns it
}

void ComponentEditor::rename(Index component, const QString& name)
{
    ComponentLabels labels = m_study.labels();
    setName(labels, component, name.simplified().toStdString());
    relabel(tr("renaming part %1").arg(component + 1), std::move(labels));
}

void ComponentEditor::recolor(Index component, const QString& color)
{
    ComponentLabels labels = m_study.labels();
    setColor(labels, component, color.toStdString());
    relabel(tr("colouring part %1").arg(component + 1), std::move(labels));
}

void ComponentEditor::move(Index component, int places)
{
    ComponentLabels labels = m_study.labels();
    labels.order = m_study.shownOrder();
    const auto at = std::ranges::find(labels.order, component);
    if (at == labels.order.end())
        return;
    const Index last = static_cast<Index>(labels.order.size()) - 1;
    const Index wanted = std::clamp<Index>(at - labels.order.begin() + places, 0, last);
    labels.order.erase(at);
    labels.order.insert(labels.order.begin() + wanted, component);
    arrange(component, labels.order);
}

void ComponentEditor::arrange(Index component, const std::vector<Index>& order)
{
    ComponentLabels labels = m_study.labels();
    labels.order = order;
    relabel(tr("moving part %1").arg(component + 1), std::move(labels));
}

void ComponentEditor::orderByEnergy()
{
    ComponentLabels labels = m_study.labels();
    labels.order.clear();
    relabel(tr("ordering by energy"), std::move(labels));
}

void ComponentEditor::noteOptions()
{
    // The signal comes before the change takes effect.
    if (!m_settling.isActive()) {
        m_before = m_study.snapshot() ? m_study.placeOf(m_study.snapshot()->run) : std::optional<RunPlace>();
        m_beganAnew = false;
    }
    m_settling.start();
    const auto newestRun = [this] { return m_study.runs().empty() ? 0 : m_study.runs().back().number; };
    QTimer::singleShot(0, this,
                       [this, newestRun, before = newestRun()] { m_beganAnew = m_beganAnew || newestRun() != before; });
}

void ComponentEditor::settle()
{
    m_settling.stop();
    const Options before = std::exchange(m_settled, m_study.options());
    if (isSame(before, m_settled))
        return;
    const std::optional<RunPlace> place = m_beganAnew ? m_before : std::optional<RunPlace>();
    m_stack.push(new OptionsCommand(m_study, before, m_settled, place)); // the stack owns it
}

} // namespace nmf::ui
