#include "core/samples/generators.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nmf
{

namespace
{

constexpr Index bins = 160, frames = 192, notes = 5;
constexpr double binWidth = 16, frameSeconds = 0.05; // hertz, seconds

/// c′ d′ e′ f′ g′.
constexpr std::array<double, notes> pitches{261.63, 293.66, 329.63, 349.23, 392.00};
constexpr std::array<const char*, notes> noteNames{"C4", "D4", "E4", "F4", "G4"};

/// A note that is struck at a frame and rings from there on.
struct Stroke
{
    Index note, frame, length;
};

/// Notes one by one, then chords.
constexpr std::array<Stroke, 20> melody{{
    {0, 4, 14},   {1, 18, 14},  {2, 32, 14},  {3, 46, 14},  {4, 60, 14},  {4, 74, 12},  {2, 86, 12},
    {0, 86, 12},  {3, 98, 12},  {1, 98, 12},  {0, 112, 16}, {2, 112, 16}, {4, 112, 16}, {1, 130, 12},
    {3, 130, 12}, {0, 144, 10}, {1, 154, 10}, {0, 164, 24}, {2, 164, 24}, {4, 164, 24},
}};

/// A fundamental and its harmonics, each spread over some bins.
Matrix<double> spectra()
{
    constexpr int harmonics = 6;
    constexpr double width = 14;
    Matrix<double> W = Matrix<double>::Zero(bins, notes);
    for (Index note = 0; note < notes; ++note)
        for (Index bin = 0; bin < bins; ++bin) {
            double value = 0;
            for (int harmonic = 1; harmonic <= harmonics; ++harmonic) {
                const double distance =
                    (static_cast<double>(bin) * binWidth - harmonic * pitches[static_cast<std::size_t>(note)]) / width;
                value += std::exp(-0.5 * distance * distance) / harmonic;
            }
            W(bin, note) = inSteps(value);
        }
    return W;
}

Matrix<double> strengths()
{
    constexpr double decay = 9; // frames
    Matrix<double> Ht = Matrix<double>::Zero(frames, notes);
    for (const Stroke& stroke : melody)
        for (Index frame = stroke.frame; frame < std::min(frames, stroke.frame + stroke.length); ++frame)
            Ht(frame, stroke.note) += inSteps(std::exp(-static_cast<double>(frame - stroke.frame) / decay));
    return Ht;
}

/// Smaragdis and Brown 2003: music as a spectrogram, of which the notes are the parts.
Dataset make(std::uint64_t)
{
    Axis features;
    features.kind = Axis::Kind::Ordered;
    features.noun = "frequency bin";
    features.unit = "Hz";
    for (Index bin = 0; bin < bins; ++bin)
        features.positions.push_back(static_cast<double>(bin) * binWidth);
    Dataset dataset = datasetOf({spectra(), strengths()}, std::move(features), "frame");
    dataset.samples.kind = Axis::Kind::Ordered;
    dataset.samples.names.clear();
    dataset.samples.unit = "s";
    for (Index frame = 0; frame < frames; ++frame)
        dataset.samples.positions.push_back(static_cast<double>(frame) * frameSeconds);
    return dataset;
}

} // namespace

Sample piano()
{
    std::string played;
    for (const char* name : noteNames)
        played += (played.empty() ? "" : ", ") + std::string(name);
    return {.facts = {.id = "piano",
                      .name = "Five notes",
                      .summary = "The spectrogram of a small melody with chords: its five notes (" + played +
                                 ") and when each was struck.",
                      .source = "Smaragdis and Brown 2003"},
            .suggestedRank = notes,
            .make = make};
}

} // namespace nmf
