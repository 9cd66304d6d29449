#include "ui/view_state.h"

#include "ui/model/selection.h"
#include "ui/model/study.h"

#include <QJsonArray>

namespace nmf::ui
{

namespace
{

bool isWithin(int index, Index count)
{
    return index >= 0 && index < count;
}

/// What there is of the components that were selected. Earlier versions kept the current one alone.
std::vector<int> componentsOf(const QJsonObject& state, Index rank)
{
    std::vector<int> components;
    QJsonArray kept = state["components"].toArray();
    if (kept.isEmpty())
        kept.append(state["component"]);
    for (const auto& each : std::as_const(kept))
        if (const int component = each.toInt(-1); isWithin(component, rank))
            components.push_back(component);
    return components;
}

} // namespace

QJsonObject viewState(const QMainWindow& window, const Selection& selection)
{
    QJsonArray components;
    for (const int component : selection.components())
        components.append(component);
    return {{"component", selection.component()},
            {"components", components},
            {"sample", selection.sample()},
            {"feature", selection.feature()},
            {"layout", QString::fromLatin1(window.saveState().toBase64())}};
}

void showViewState(const QJsonObject& state, QMainWindow& window, Selection& selection, const Study& study)
{
    const auto within = [&](const QString& key, Index count) {
        const int index = state[key].toInt(-1);
        return isWithin(index, count) ? index : -1;
    };
    if (study.dataset()) {
        selection.selectComponents(componentsOf(state, study.options().rank));
        selection.selectSample(within("sample", study.dataset()->V.cols()));
        selection.selectFeature(within("feature", study.dataset()->V.rows()));
    }
    if (const QByteArray layout = QByteArray::fromBase64(state["layout"].toString().toLatin1()); !layout.isEmpty())
        window.restoreState(layout);
}

} // namespace nmf::ui
