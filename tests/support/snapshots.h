#pragma once

#include "ui/model/snapshot.h"

#include <memory>

/// A run at rest with these factors.
inline std::shared_ptr<const nmf::ui::Snapshot> snapshotWith(std::shared_ptr<const nmf::Dataset> dataset,
                                                             const nmf::Matrix<double>& W,
                                                             const nmf::Matrix<double>& Ht,
                                                             const nmf::Options& options = {})
{
    nmf::Options used = options;
    used.rank = W.cols();
    const nmf::ui::Frame frame{.record = {},
                               .W = std::make_shared<const nmf::Matrix<double>>(W),
                               .Ht = std::make_shared<const nmf::Matrix<double>>(Ht)};
    return nmf::ui::snapshotOf(frame, std::move(dataset), used, 1);
}
