#include "core/random_numbers.h"
#include "core/samples/face_parts.h"
#include "core/samples/generators.h"

namespace nmf
{

namespace
{

constexpr Index faces = 400;

/// The random numbers of one face, one after the other.
class Draws
{
public:
    Draws(std::uint64_t seed, Index face) : m_random(seed, static_cast<std::uint64_t>(face)) {}

    double between(double low, double high) { return low + (high - low) * m_random.uniform(m_next++); }
    Index below(std::size_t count) { return static_cast<Index>(m_random.below(count, m_next++)); }

private:
    RandomNumbers m_random;
    std::uint64_t m_next = 0;
};

/// The lit heads, then the looks of all features in turn.
Matrix<double> parts(const std::vector<Drawing>& heads, const std::vector<FaceFeature>& features)
{
    std::vector<Drawing> drawings = heads;
    for (const FaceFeature& feature : features)
        drawings.insert(drawings.end(), feature.looks.begin(), feature.looks.end());
    Matrix<double> W(faceSide * faceSide, static_cast<Index>(drawings.size()));
    for (Index a = 0; a < W.cols(); ++a)
        W.col(a) = drawings[static_cast<std::size_t>(a)].pixels().unaryExpr(&inSteps);
    return W;
}

/// How much of each part is in one face, before it is exposed.
Vector<double> compose(Draws& draws, const std::vector<FaceFeature>& features, Index count)
{
    Vector<double> amounts = Vector<double>::Zero(count);
    const double turn = draws.between(0, 1), strength = draws.between(0.8, 1);
    amounts(0) = strength * (0.05 + 0.95 * turn);
    amounts(1) = strength * (0.05 + 0.95 * (1 - turn));
    Index first = 2;
    for (const FaceFeature& feature : features) {
        const bool present = draws.between(0, 1) < feature.presence;
        const Index look = draws.below(feature.looks.size());
        const double amount = draws.between(feature.dimmest, 1);
        if (present)
            amounts(first + look) = amount;
        first += static_cast<Index>(feature.looks.size());
    }
    return amounts;
}

Dataset make(std::uint64_t seed)
{
    const std::vector<Drawing> heads = litHeads();
    const std::vector<FaceFeature> features = faceFeatures();
    Factors<double> truth{parts(heads, features), {}};
    truth.Ht.resize(faces, truth.rank());
    for (Index face = 0; face < faces; ++face) {
        Draws draws(seed, face);
        const Vector<double> amounts = compose(draws, features, truth.rank());
        // Well exposed: the brightest spot is nearly white, and nothing is brighter than white.
        const double brightest = Vector<double>(truth.W * amounts).maxCoeff();
        const double exposure = draws.between(0.9, 0.99) / brightest;
        truth.Ht.row(face) = (exposure * amounts).unaryExpr(&inSteps);
    }
    return datasetOf(std::move(truth), Axis::pixels(faceSide, faceSide), "face");
}

} // namespace

Sample cartoonFaces()
{
    return {.facts = {.id = "cartoon-faces",
                      .name = "Cartoon faces",
                      .summary =
                          "400 faces put together from eyes, brows, noses, mouths, beards, glasses, hair and light."},
            .suggestedRank = 28,
            .make = make};
}

} // namespace nmf
