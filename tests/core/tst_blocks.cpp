#include "core/blocks.h"
#include "core/measures/sparseness.h"
#include "core/random_numbers.h"

#include <QTest>

#include <array>
#include <atomic>
#include <cmath>
#include <stdexcept>

using namespace nmf;

/// What everything numeric stands on: shared-out blocks, random numbers, a measure with a closed form.
class TestBlocks : public QObject
{
    Q_OBJECT

private slots:
    void everyBlockIsDoneOnce()
    {
        for (const int threads : {1, 2, 5}) {
            Blocks blocks(threads);
            QCOMPARE(blocks.threads(), threads);
            for (const Index count : {0, 1, 2, 7, 1000}) {
                std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
                blocks.run(count, [&](Index block, int thread) {
                    QVERIFY(thread >= 0 && thread < threads);
                    ++done[static_cast<std::size_t>(block)];
                });
                for (const auto& times : done)
                    QCOMPARE(times.load(), 1);
            }
        }
    }

    void manyShortRoundsLoseNothing()
    {
        // Helpers that wake late must find nothing left of a round that is over.
        Blocks blocks(6);
        for (int round = 1; round <= 5000; ++round) {
            const Index count = 1 + round % 9;
            std::array<int, 9> done{};
            blocks.run(count, [&](Index block, int) { done[static_cast<std::size_t>(block)] += round; });
            for (Index block = 0; block < 9; ++block)
                QCOMPARE(done[static_cast<std::size_t>(block)], block < count ? round : 0);
        }
    }

    void anExceptionComesOutAndTheCrewLivesOn()
    {
        Blocks blocks(3);
        for (int time = 0; time < 50; ++time)
            QVERIFY_THROWS_EXCEPTION(std::runtime_error, blocks.run(20, [](Index block, int) {
                if (block == 13)
                    throw std::runtime_error("thirteen");
            }));
        std::atomic<int> sum{0};
        blocks.run(10, [&](Index block, int) { sum += static_cast<int>(block); });
        QCOMPARE(sum.load(), 45);
    }

    void partitionsCoverAllRows()
    {
        for (Index rows = 0; rows < 5000; rows = rows * 2 + 1) {
            const Partition parts = partition(rows);
            Index next = 0;
            for (Index block = 0; block < parts.count(); ++block) {
                QCOMPARE(parts.first(block), next);
                QVERIFY(parts.size(block) > 0 && parts.size(block) <= 256);
                next += parts.size(block);
            }
            QCOMPARE(next, rows);
        }
    }

    void philoxHasThePublishedValues()
    {
        // Known answers of the generator's authors: counter and key all zero, all ones, and digits of π.
        QCOMPARE(RandomNumbers(0, 0).bits(0),
                 (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
        const std::uint64_t ones = ~std::uint64_t{0};
        QCOMPARE(RandomNumbers(ones, ones).bits(ones),
                 (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
        QCOMPARE(RandomNumbers(0x299f31d0a4093822, 0x0370734413198a2e).bits(0x85a308d3243f6a88),
                 (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    }

    void randomNumbersHaveTheirLaw()
    {
        const RandomNumbers random(7, 3);
        double sum = 0, squares = 0, uniform = 0;
        constexpr std::uint64_t count = 100000;
        for (std::uint64_t i = 0; i < count; ++i) {
            const double x = random.normal(i);
            sum += x;
            squares += x * x;
            uniform += random.uniform(i);
            QVERIFY(random.below(3, i) < 3);
        }
        QVERIFY(std::abs(sum / count) < 0.02 && std::abs(squares / count - 1) < 0.02 &&
                std::abs(uniform / count - 0.5) < 0.01);
    }

    void sparsenessHasItsClosedForms()
    {
        const auto of = [](std::initializer_list<double> values) {
            Vector<double> x(static_cast<Index>(values.size()));
            std::copy(values.begin(), values.end(), x.begin());
            return sparseness(x);
        };
        QCOMPARE(of({1, 0, 0, 0}), 1.0);
        QVERIFY(std::abs(of({1, 1, 1, 1})) < 1e-15);
        QVERIFY(std::abs(of({3, 4, 0}) - 0.45358983849) < 1e-11);
        QCOMPARE(of({0, 0, 0}), 0.0);
        QVERIFY(std::abs(of({3e200, 4e200, 0}) - 0.45358983849) < 1e-11);
        QVERIFY(std::abs(of({3e-300, 4e-300, 0}) - 0.45358983849) < 1e-11);
    }
};

QTEST_APPLESS_MAIN(TestBlocks)
#include "tst_blocks.moc"
