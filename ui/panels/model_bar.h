#pragma once

#include "ui/model/study.h"
#include "ui/widgets/choice_editor.h"

#include <QLabel>
#include <QSpinBox>
#include <QToolBar>

namespace nmf::ui
{

/// The choices that are made most often, on the toolbar: rank, loss, algorithm, initialisation, seed.
class ModelBar : public QToolBar
{
    Q_OBJECT

public:
    explicit ModelBar(Study& study, QWidget* parent = nullptr);

private:
    void showOptions();
    void chooseLoss(Options& options, const Choice& choice) const;
    /// Given factors give way to it.
    void chooseInitializer(Options& options, const Choice& choice) const;
    std::string reasonFor(const Options& options) const;
    QLabel* addLabelled(const QString& label, QWidget* widget);
    template <class Change>
    void change(Change&& edit);

    Study& m_study;
    QSpinBox* m_rank;
    ChoiceEditor* m_loss;
    ChoiceEditor* m_algorithm;
    ChoiceEditor* m_initializer;
    QSpinBox* m_seed;
    QLabel* m_algorithmTitle = nullptr;
};

} // namespace nmf::ui
