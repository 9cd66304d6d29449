#include "ui/view_state.h"

#include "ui/model/selection.h"
#include "ui/model/study.h"

namespace nmf::ui
{

QJsonObject viewState(const QMainWindow& window, const Selection& selection)
{
    return {{"component", selection.component()},
            {"sample", selection.sample()},
            {"feature", selection.feature()},
            {"layout", QString::fromLatin1(window.saveState().toBase64())}};
}

void showViewState(const QJsonObject& state, QMainWindow& window, Selection& selection, const Study& study)
{
    const auto within = [&](const QString& key, Index count) {
        const int index = state[key].toInt(-1);
        return index >= 0 && index < count ? index : -1;
    };
    if (study.dataset()) {
        selection.selectComponent(within("component", study.options().rank));
        selection.selectSample(within("sample", study.dataset()->V.cols()));
        selection.selectFeature(within("feature", study.dataset()->V.rows()));
    }
    if (const QByteArray layout = QByteArray::fromBase64(state["layout"].toString().toLatin1()); !layout.isEmpty())
        window.restoreState(layout);
}

} // namespace nmf::ui
