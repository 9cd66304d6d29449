#include "core/random_numbers.h"
#include "core/samples/generators.h"

#include "core/sparse_matrix.h"

#include <array>
#include <cmath>
#include <string>

namespace nmf
{

namespace
{

constexpr Index topics = 6, wordsPerTopic = 16, common = 24, documents = 300, wordsPerDocument = 90;
constexpr Index words = topics * wordsPerTopic + common;

constexpr std::array<const char*, words> vocabulary{
    // sport
    "match", "goal", "team", "season", "coach", "player", "league", "stadium", "score", "penalty", "cup", "final",
    "striker", "referee", "injury", "fans",
    // weather
    "rain", "storm", "wind", "forecast", "temperature", "snow", "flood", "cloud", "drought", "river", "coast", "heat",
    "frost", "thunder", "degrees", "summer",
    // music
    "album", "band", "song", "concert", "singer", "guitar", "stage", "tour", "melody", "record", "festival", "audience",
    "piano", "chorus", "rhythm", "lyrics",
    // money
    "bank", "market", "shares", "price", "profit", "interest", "growth", "tax", "budget", "trade", "investor", "debt",
    "currency", "inflation", "export", "wages",
    // medicine
    "patient", "doctor", "hospital", "treatment", "vaccine", "disease", "surgery", "symptom", "nurse", "dose", "virus",
    "trial", "clinic", "diagnosis", "therapy", "recovery",
    // space
    "orbit", "rocket", "planet", "launch", "satellite", "astronaut", "moon", "telescope", "gravity", "probe", "comet",
    "mission", "star", "crater", "module", "spacecraft",
    // everywhere
    "year", "people", "time", "day", "week", "new", "first", "last", "good", "long", "report", "plan", "world", "city",
    "group", "work", "today", "night", "question", "answer", "change", "number", "place", "reason"};

/// The first words of a topic are its commonest (Zipf 1949). Each column adds up to about one.
Matrix<double> wordsOfTopics()
{
    constexpr double commonShare = 0.25;
    Matrix<double> W = Matrix<double>::Zero(words, topics);
    for (Index topic = 0; topic < topics; ++topic) {
        double sum = 0;
        for (Index word = 0; word < wordsPerTopic; ++word)
            sum += W(topic * wordsPerTopic + word, topic) = 1 / (1.5 + static_cast<double>(word));
        for (Index word = 0; word < wordsPerTopic; ++word)
            W(topic * wordsPerTopic + word, topic) *= (1 - commonShare) / sum;
        for (Index word = 0; word < common; ++word)
            W(topics * wordsPerTopic + word, topic) = commonShare / common;
    }
    return W;
}

/// Words per document and topic: most documents have one topic, some two.
Matrix<double> topicsOfDocuments(std::uint64_t seed)
{
    Matrix<double> Ht = Matrix<double>::Zero(documents, topics);
    for (Index document = 0; document < documents; ++document) {
        const RandomNumbers random(seed, static_cast<std::uint64_t>(document));
        const Index first = document * topics / documents;
        const auto second = static_cast<Index>(random.below(topics, 0));
        const double share = random.uniform(1) < 0.4 ? 0.6 + 0.3 * random.uniform(2) : 1;
        Ht(document, first) += wordsPerDocument * share;
        Ht(document, second) += wordsPerDocument * (1 - share);
    }
    return Ht;
}

/// How often a word occurs that is expected so many times, from one uniform number: Poisson by the inverse of its
/// distribution.
double poisson(double mean, double uniform)
{
    double probability = std::exp(-mean), below = probability;
    int count = 0;
    constexpr int most = 1000;
    while (uniform > below && count < most) {
        ++count;
        probability *= mean / count;
        below += probability;
    }
    return count;
}

/// Word counts of short documents, of which most are zero. V is drawn about the true W H.
Dataset make(std::uint64_t seed)
{
    Factors<double> truth{wordsOfTopics(), topicsOfDocuments(seed)};
    std::vector<Eigen::Triplet<double>> counts;
    for (Index document = 0; document < documents; ++document) {
        const RandomNumbers random(seed, 1000 + static_cast<std::uint64_t>(document));
        const Vector<double> expected = truth.W * truth.Ht.row(document).transpose();
        for (Index word = 0; word < words; ++word)
            if (const double count = poisson(expected[word], random.uniform(static_cast<std::uint64_t>(word)));
                count > 0)
                counts.emplace_back(static_cast<int>(word), static_cast<int>(document), count);
    }
    Axis features = Axis::named({vocabulary.begin(), vocabulary.end()});
    features.noun = "word";
    Dataset dataset = datasetOf(std::move(truth), std::move(features), "document");
    SparseMatrix<double> V(words, documents);
    V.setFromTriplets(counts.begin(), counts.end());
    dataset.V = DataMatrix(std::move(V));
    return dataset;
}

} // namespace

Sample newsTopics()
{
    return {.facts = {.id = "topics",
                      .name = "News topics",
                      .summary = "How often 120 words stand in each of 300 short texts about six subjects."},
            .suggestedRank = topics,
            .make = make};
}

} // namespace nmf
