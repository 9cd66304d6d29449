#include "core/random_numbers.h"
#include "core/samples/generators.h"

#include <array>
#include <vector>

namespace nmf
{

namespace
{

constexpr Index side = 40, bands = 120, materials = 4;
constexpr double firstBand = 400, lastBand = 2400; // nanometres
constexpr double noise = 0.01;

/// A hill or a dent in a spectrum.
struct Bump
{
    double centre, width, height;
};

struct Material
{
    double level; ///< of the spectrum without bumps
    std::array<Bump, 4> bumps;
};

/// In the manner of leaves, water, soil and asphalt; no measurement.
constexpr std::array<Material, materials> endMembers{{
    {0.05, {{{550, 30, 0.10}, {900, 180, 0.45}, {1250, 160, 0.35}, {1650, 130, 0.25}}}},
    {0.02, {{{480, 90, 0.09}, {560, 80, 0.05}, {400, 60, 0.04}, {700, 60, 0.01}}}},
    {0.08, {{{1100, 420, 0.22}, {1700, 330, 0.30}, {2150, 200, 0.22}, {700, 250, 0.10}}}},
    {0.18, {{{2000, 700, 0.06}, {1300, 500, 0.02}, {500, 90, -0.06}, {2300, 100, 0.02}}}},
}};

double bandAt(Index band)
{
    return firstBand + (lastBand - firstBand) * static_cast<double>(band) / static_cast<double>(bands - 1);
}

Matrix<double> spectra()
{
    Matrix<double> W(bands, materials);
    for (Index material = 0; material < materials; ++material)
        for (Index band = 0; band < bands; ++band) {
            const Material& one = endMembers[static_cast<std::size_t>(material)];
            double value = one.level;
            for (const Bump& bump : one.bumps) {
                const double distance = (bandAt(band) - bump.centre) / bump.width;
                value += bump.height * std::exp(-0.5 * distance * distance);
            }
            W(band, material) = inSteps(std::max(0.0, value));
        }
    return W;
}

/// Smooth blobs of each material; the shares of a pixel add up to one. Each material has pixels of its own: a disc
/// about the centre of its first blob.
Matrix<double> abundances(std::uint64_t seed)
{
    constexpr Index blobs = 5;
    constexpr std::array<std::array<double, 2>, materials> homes{{{10, 10}, {30, 9}, {11, 30}, {30, 30}}};
    const RandomNumbers random(seed);
    Matrix<double> shares = Matrix<double>::Zero(side * side, materials);
    for (Index material = 0; material < materials; ++material)
        for (Index blob = 0; blob < blobs; ++blob) {
            const auto draw = static_cast<std::uint64_t>(3 * (blobs * material + blob));
            const auto& home = homes[static_cast<std::size_t>(material)];
            const double x = blob == 0 ? home[0] : random.uniform(draw) * side;
            const double y = blob == 0 ? home[1] : random.uniform(draw + 1) * side;
            const double radius = blob == 0 ? 7 : 3 + 5 * random.uniform(draw + 2);
            for (Index pixel = 0; pixel < side * side; ++pixel) {
                const double dx = (static_cast<double>(pixel % side) - x) / radius;
                const double dy = (static_cast<double>(pixel / side) - y) / radius;
                shares(pixel, material) += std::exp(-0.5 * (dx * dx + dy * dy));
            }
        }
    constexpr double own = 4;
    Matrix<double> Ht(side * side, materials);
    for (Index pixel = 0; pixel < side * side; ++pixel) {
        const Vector<double> row = shares.row(pixel);
        Index rest = 256;
        Vector<double> share = row / row.sum();
        for (Index material = 0; material < materials; ++material) {
            const auto& home = homes[static_cast<std::size_t>(material)];
            if (std::hypot(static_cast<double>(pixel % side) - home[0], static_cast<double>(pixel / side) - home[1]) <
                own)
                share = Vector<double>::Unit(materials, material);
        }
        // In 256ths that add up to one whole.
        for (Index material = 0; material + 1 < materials; ++material) {
            const auto parts = std::min(rest, static_cast<Index>(std::round(share[material] * 256)));
            Ht(pixel, material) = static_cast<double>(parts) / 256;
            rest -= parts;
        }
        Ht(pixel, materials - 1) = static_cast<double>(rest) / 256;
    }
    return Ht;
}

/// Pixels whose spectra are mixtures of a few pure ones, as seen from above, with noise.
Dataset make(std::uint64_t seed)
{
    Axis features;
    features.kind = Axis::Kind::Ordered;
    features.noun = "band";
    features.unit = "nm";
    for (Index band = 0; band < bands; ++band)
        features.positions.push_back(std::round(bandAt(band)));
    Dataset dataset = datasetOf({spectra(), abundances(seed)}, std::move(features), "pixel");
    dataset.samples = Axis::pixels(side, side);
    dataset.samples.noun = "pixel";
    addNoise(dataset, seed, noise);
    return dataset;
}

} // namespace

Sample mixedSpectra()
{
    return {.facts = {.id = "spectra",
                      .name = "Mixed spectra",
                      .summary =
                          "1600 pixels of a landscape, each a mixture of four materials: their spectra and their "
                          "maps are there to be found."},
            .suggestedRank = materials,
            .make = make};
}

} // namespace nmf
