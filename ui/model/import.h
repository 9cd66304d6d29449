#pragma once

#include "core/formats/formats.h"
#include "core/formats/members.h"
#include "core/import_plan.h"

#include <QJsonObject>
#include <QStringList>

#include <filesystem>
#include <string>
#include <vector>

namespace nmf::ui
{

/// What a source names: the files that were opened together, one after the other with a line break between them, or
/// sample:NAME, or one file or folder.
std::vector<std::filesystem::path> filesOf(const std::string& source);
std::string sourceOf(const std::vector<std::filesystem::path>& files);

/// What the source holds, as the file says: of the plan only the member, the size of pictures and whether they keep
/// their channels count. Throws Error, Cancelled.
Dataset readRaw(const std::string& source, const ImportPlan& plan, const LoadControl& control = {});

/// What the plan makes of it, with the table of weights that it names. Throws Error, Cancelled.
Dataset madeOf(const Dataset& raw, const ImportPlan& plan, const LoadControl& control = {});

/// Both.
Dataset imported(const std::string& source, const ImportPlan& plan, const LoadControl& control = {});

/// A table, and the plan that made it.
struct Imported
{
    Dataset dataset;
    ImportPlan plan;
};
/// The same where nobody has said what zeros are: see withUnratedUnknown().
Imported importedAsUsual(const std::string& source, const ImportPlan& plan, const LoadControl& control = {});

/// Whether another plan means to read the file again.
bool readsAlike(const ImportPlan& a, const ImportPlan& b);

/// The matrices of a source that a plan can choose from; none for most.
std::vector<FileMember> membersOf(const std::string& source);

/// "csv", "image", "folder", "sample": the kind of file by which choices are remembered.
std::string kindOfSource(const std::string& source);

/// Whether a plan takes the table as the file has it, but for which way it lies and what is missing.
bool isPlain(const ImportPlan& plan);

/// A plan as the options of `partscope run` that say it, without --missing. Throws Error where none do.
QStringList importWords(const ImportPlan& plan);

/// A plan as reports, sessions and settings have it, and back: the empty one if it is not whole, as after a new
/// version.
QJsonObject importReport(const ImportPlan& plan);
ImportPlan importPlanOf(const QJsonObject& json);

} // namespace nmf::ui
