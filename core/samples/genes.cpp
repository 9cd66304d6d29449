#include "core/random_numbers.h"
#include "core/samples/generators.h"

#include <array>
#include <string>

namespace nmf
{

namespace
{

constexpr Index modules = 5, genesPerModule = 40, others = 100, genes = modules * genesPerModule + others;
constexpr Index groups = 3, perGroup = 20, patients = groups * perGroup;
constexpr double noise = 0.15;

/// How active each module is in each group.
constexpr std::array<std::array<double, groups>, modules> activity{{
    {2.0, 0.0, 0.0},
    {0.0, 2.0, 0.2},
    {0.0, 0.2, 2.0},
    {1.2, 1.2, 0.0},
    {0.7, 0.7, 0.7},
}};

Matrix<double> modulesOfGenes(std::uint64_t seed)
{
    const RandomNumbers random(seed, 1);
    Matrix<double> W = Matrix<double>::Zero(genes, modules);
    for (Index gene = 0; gene < genes; ++gene) {
        const auto draw = static_cast<std::uint64_t>(2 * gene);
        const Index module = gene / genesPerModule;
        if (module < modules)
            W(gene, module) = inSteps(0.5 + 1.5 * random.uniform(draw));
        else // what every cell needs
            W(gene, modules - 1) = inSteps(0.5 + 0.5 * random.uniform(draw));
    }
    return W;
}

Matrix<double> activityOfPatients(std::uint64_t seed)
{
    const RandomNumbers random(seed, 2);
    Matrix<double> Ht(patients, modules);
    for (Index patient = 0; patient < patients; ++patient)
        for (Index module = 0; module < modules; ++module) {
            const double mean =
                activity[static_cast<std::size_t>(module)][static_cast<std::size_t>(patient / perGroup)];
            const auto draw = static_cast<std::uint64_t>(patient * modules + module);
            Ht(patient, module) = inSteps(mean * (0.6 + 0.8 * random.uniform(draw)));
        }
    return Ht;
}

/// Groups of patients in whom groups of genes are active, with noise.
Dataset make(std::uint64_t seed)
{
    std::vector<std::string> names, patientsNames;
    for (Index gene = 0; gene < genes; ++gene)
        names.push_back(gene / genesPerModule < modules
                            ? std::string("module ") + static_cast<char>('A' + gene / genesPerModule) + ", gene " +
                                  std::to_string(gene % genesPerModule + 1)
                            : "common gene " + std::to_string(gene - modules * genesPerModule + 1));
    Axis features = Axis::named(std::move(names));
    features.noun = "gene";
    Dataset dataset = datasetOf({modulesOfGenes(seed), activityOfPatients(seed)}, std::move(features), "patient");
    for (Index patient = 0; patient < patients; ++patient)
        patientsNames.push_back("group " + std::to_string(patient / perGroup + 1) + ", patient " +
                                std::to_string(patient % perGroup + 1));
    dataset.samples = Axis::named(std::move(patientsNames));
    dataset.samples.noun = "patient";
    addNoise(dataset, seed, noise);
    return dataset;
}

} // namespace

Sample geneExpression()
{
    return {.facts = {.id = "genes",
                      .name = "Gene expression",
                      .summary = "300 genes of 60 patients in three groups: five modules of genes that are active "
                                 "together."},
            .suggestedRank = modules,
            .make = make};
}

} // namespace nmf
