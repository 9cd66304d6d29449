#include "ui/model/pictures_reader.h"

#include "core/error.h"
#include "core/formats/parallel.h"
#include "core/pictures.h"
#include "ui/model/image_format.h"

#include <algorithm>
#include <map>
#include <new>

namespace nmf::ui
{

namespace
{

std::string sizeText(const Axis& pixels)
{
    return std::to_string(pixels.height) + " × " + std::to_string(pixels.width);
}

/// What came of one picture.
struct Outcome
{
    Axis axis = {};
    std::vector<std::string> notes = {};
    std::string fault = {};
    bool otherSize = false;
};

/// Reads pictures into the columns of one matrix, on all processors where they are large.
class PicturesReader
{
public:
    PicturesReader(const std::string& what, const std::vector<Picture>& pictures, const ImportPlan& plan,
                   const LoadControl& control)
        : m_what(what), m_pictures(pictures), m_plan(plan), m_control(control), m_outcomes(pictures.size())
    {
        // A folder's pictures are bands of one scene: their colours would be bands of bands.
        if (m_plan.pictures == ImportPlan::Pictures::Pixels)
            m_plan.pictures = ImportPlan::Pictures::Whole;
        m_plan.member.clear();
    }

    Dataset read();

private:
    Dataset load(std::size_t index) const;
    void take(std::size_t index);
    void store(std::size_t index, const Dataset& picture);
    void readAll();
    [[noreturn]] void refuseOtherSizes() const;
    void addNotes(Dataset& dataset) const;

    const std::string& m_what;
    const std::vector<Picture>& m_pictures;
    ImportPlan m_plan;
    const LoadControl& m_control;
    std::vector<Outcome> m_outcomes; ///< one for each picture, so that no two threads meet
    Axis m_axis;
    Matrix<double> m_values;
};

Dataset PicturesReader::load(std::size_t index) const
{
    const Picture& picture = m_pictures[index];
    Dataset dataset;
    try {
        dataset = loadPicture(picture.path, m_plan, {.stop = m_control.stop});
    } catch (const Error& error) {
        throw Error("In " + m_what + ": " + error.what());
    }
    if (dataset.features.kind != Axis::Kind::Pixels)
        throw Error("In " + m_what + ": " + picture.name + " is named like a picture, but holds a table.");
    return dataset;
}

void PicturesReader::store(std::size_t index, const Dataset& picture)
{
    Outcome& outcome = m_outcomes[index];
    outcome.axis = picture.features;
    outcome.notes = picture.V.cols() > 1
                        ? std::vector<std::string>{"Of pictures with several pages the first was read."}
                        : picture.notes;
    outcome.otherSize = outcome.axis.height != m_axis.height || outcome.axis.width != m_axis.width;
    auto column = m_values.col(static_cast<Index>(index));
    if (!outcome.otherSize)
        column = picture.V.column(0);
    else if (m_plan.otherSizes == ImportPlan::OtherSizes::Crop)
        column = cropped(picture.V.column(0), outcome.axis, m_axis.height, m_axis.width);
    else if (m_plan.otherSizes == ImportPlan::OtherSizes::Resize)
        column = resized(picture.V.column(0), outcome.axis, m_axis.height, m_axis.width);
}

/// On any thread: what goes wrong is told later, by the thread that waits.
void PicturesReader::take(std::size_t index)
{
    try {
        store(index, load(index));
    } catch (const Error& error) {
        m_outcomes[index].fault = error.what();
    }
}

void PicturesReader::readAll()
{
    const std::size_t count = m_pictures.size();
    bool whole = true;
    constexpr double worthSharing = 1e6; // pixels
    if (static_cast<double>(m_values.size()) < worthSharing) {
        for (std::size_t i = 1; i < count && m_outcomes[i - 1].fault.empty(); ++i) {
            m_control.check(static_cast<double>(i) / static_cast<double>(count));
            take(i);
        }
    } else {
        const auto work = [this](std::size_t i) {
            take(i + 1);
            return m_outcomes[i + 1].fault.empty();
        };
        whole = forAll(count - 1, work, [this](double fraction) { m_control.check(fraction); });
    }
    m_control.check(1);
    for (const Outcome& outcome : m_outcomes)
        if (!outcome.fault.empty())
            throw Error(outcome.fault);
    // What a helper could not say: there was no memory for it.
    if (!whole)
        throw std::bad_alloc();
}

void PicturesReader::refuseOtherSizes() const
{
    constexpr std::size_t most = 5;
    std::string list;
    std::size_t others = 0;
    for (std::size_t i = 0; i < m_outcomes.size(); ++i)
        if (m_outcomes[i].otherSize && ++others <= most)
            list += m_pictures[i].name + " has " + sizeText(m_outcomes[i].axis) + ", ";
    throw Error("The pictures in " + m_what + " differ in size: " + list + (others > most ? "…, " : "") + "but " +
                m_pictures.front().name + " has " + sizeText(m_axis) + " pixels (height × width) (" +
                std::to_string(others) + " of " + std::to_string(m_outcomes.size()) +
                " differ); bring all to one size, or have them cropped or resized (--other-sizes crop or resize).");
}

void PicturesReader::addNotes(Dataset& dataset) const
{
    const std::size_t count = m_pictures.size();
    const auto pictures = [](std::size_t number) {
        return std::to_string(number) + (number == 1 ? " picture" : " pictures");
    };
    dataset.notes.push_back(pictures(count) + " of " + sizeText(m_axis) + " pixels (height × width).");
    std::map<std::string, std::size_t> times;
    std::size_t others = 0;
    for (const Outcome& outcome : m_outcomes) {
        others += outcome.otherSize;
        for (const std::string& note : outcome.notes)
            ++times[note];
    }
    if (others > 0)
        dataset.notes.push_back(pictures(others) + " of another size " + (others == 1 ? "was" : "were") +
                                (m_plan.otherSizes == ImportPlan::OtherSizes::Crop
                                     ? " cropped about the middle; what one lacks there is black."
                                     : " resized."));
    for (const auto& [note, number] : times)
        dataset.notes.push_back(
            note +
            (number < count ? " (" + std::to_string(number) + " of " + std::to_string(count) + " pictures)" : ""));
}

Dataset PicturesReader::read()
{
    m_control.check(0);
    const Dataset first = load(0);
    m_axis = first.features;
    requireMemory(m_pictures.front().path, static_cast<std::uint64_t>(first.V.rows()), m_pictures.size(),
                  sizeof(double));
    m_values.resize(first.V.rows(), static_cast<Index>(m_pictures.size()));
    store(0, first);
    readAll();
    if (m_plan.otherSizes == ImportPlan::OtherSizes::Refuse &&
        std::ranges::any_of(m_outcomes, [](const Outcome& outcome) { return outcome.otherSize; }))
        refuseOtherSizes();
    Dataset dataset;
    dataset.features = m_axis;
    dataset.samples = Axis::named({});
    dataset.samples.noun = "image";
    for (const Picture& picture : m_pictures)
        dataset.samples.names.push_back(picture.name);
    dataset.V = std::move(m_values);
    addNotes(dataset);
    return dataset;
}

} // namespace

Dataset readPictures(const std::string& what, const std::vector<Picture>& pictures, const ImportPlan& plan,
                     const LoadControl& control)
{
    return PicturesReader(what, pictures, plan, control).read();
}

} // namespace nmf::ui
