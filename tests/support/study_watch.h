#pragma once

#include "tests/support/problems.h"
#include "ui/model/study.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

/// Listens to a study and notes whatever does not belong together.
class StudyWatch : public QObject
{
public:
    explicit StudyWatch(nmf::ui::Study& study) : m_study(study)
    {
        connect(&study, &nmf::ui::Study::snapshotChanged, this, &StudyWatch::look);
        connect(&study, &nmf::ui::Study::message, this, [this](nmf::ui::Study::Message kind, const QString& text) {
            if (kind == nmf::ui::Study::Message::Error)
                errors << text;
        });
    }

    QStringList wrong;  ///< what must never be
    QStringList errors; ///< what the study told the user
    int snapshots = 0;

private:
    void require(bool held, const QString& what)
    {
        if (!held)
            wrong << what;
    }

    void look()
    {
        const auto snapshot = m_study.snapshot();
        if (!snapshot)
            return;
        ++snapshots;
        require(snapshot->dataset == m_study.dataset(), "factors of other data");
        require(snapshot->W->rows() == m_study.dataset()->V.rows() &&
                    snapshot->Ht->rows() == m_study.dataset()->V.cols(),
                "factors that do not fit the data");
        require(snapshot->W->cols() == snapshot->options.rank && snapshot->Ht->cols() == snapshot->options.rank,
                "factors of another rank than their options");
        lookAtRun(*snapshot);
        lookAtLoss(*snapshot);
    }

    void lookAtRun(const nmf::ui::Snapshot& snapshot)
    {
        const nmf::ui::RunHistory& run = m_study.runs().back();
        require(snapshot.run == run.number, "factors of an earlier run");
        require(snapshot.options.rank == run.options.rank && snapshot.options.seed == run.options.seed &&
                    snapshot.options.initializer == run.options.initializer,
                "other options than those of the run");
        for (std::size_t i = m_run == run.number ? m_looked : 0; i < run.records.size(); ++i)
            require(run.records[i].iteration == static_cast<int>(i), "an iteration is missing or doubled");
        require(m_run != run.number || snapshot.record.iteration >= m_iteration, "the iteration went back");
        require(!run.records.empty() && run.records.back().iteration == snapshot.record.iteration,
                "the history ends elsewhere than the factors");
        if (!snapshot.betweenHalves && !run.records.empty())
            require(run.records.back().objective == snapshot.record.objective, "another loss than the history's");
        m_run = run.number;
        m_looked = run.records.size();
        m_iteration = snapshot.record.iteration;
    }

    void lookAtLoss(const nmf::ui::Snapshot& snapshot)
    {
        const nmf::Matrix<double>& V = *snapshot.dataset->V.dense<double>();
        const double direct = 0.5 * (V - *snapshot.W * snapshot.Ht->transpose()).squaredNorm();
        const double scale = 0.5 * V.squaredNorm();
        const double tolerance = snapshot.options.precision == nmf::Precision::Double ? 1e-10 : 1e-4;
        require(std::abs(direct - snapshot.record.objective) <= tolerance * scale,
                QStringLiteral("the loss of other factors: %1 instead of %2 at iteration %3%4")
                    .arg(snapshot.record.objective, 0, 'g', 17)
                    .arg(direct, 0, 'g', 17)
                    .arg(snapshot.record.iteration)
                    .arg(snapshot.betweenHalves ? " and a half" : ""));
        std::vector<nmf::Index> order = snapshot.order;
        std::ranges::sort(order);
        for (std::size_t a = 0; a < order.size(); ++a)
            require(order[a] == static_cast<nmf::Index>(a), "an order that is none");
        require(static_cast<nmf::Index>(order.size()) == snapshot.options.rank, "an order of another rank");
    }

    nmf::ui::Study& m_study;
    std::uint64_t m_run = 0;
    std::size_t m_looked = 0;
    int m_iteration = 0;
};
