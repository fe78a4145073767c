package io.weir.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.weir.core.schedule.DeficitRoundRobin.Flow;
import io.weir.core.schedule.DeficitRoundRobin.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeficitRoundRobinTest {
    private static final int QUANTUM = 1000;

    private final DeficitRoundRobin<Sink> ring = new DeficitRoundRobin<>(QUANTUM);

    @Test
    void servesNothingWhenNobodyIsActive() {
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.fill(new Sink(100))).isFalse();
    }

    @Test
    void servesFlowsInTurn() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow a = active("a", 1, 500, 500, 500, 500);
        TestFlow b = active("b", 1, 500, 500, 500);

        assertThat(ring.fill(sink)).isTrue();

        assertThat(sink.order).containsExactly("a", "a", "b", "b", "a", "a", "b");
        assertThat(ring.isEmpty()).isTrue();
        assertThat(a.isActive()).isFalse();
        assertThat(b.isActive()).isFalse();
    }

    @Test
    void keepsAFlowsPlaceAndAllowanceWhenTheSinkIsFull() {
        active("a", 1, 200, 200, 200, 200, 200, 200);
        active("b", 1, 500, 500);
        Sink first = new Sink(400);
        Sink second = new Sink(Long.MAX_VALUE);

        ring.fill(first);
        ring.fill(second);

        assertThat(first.order).containsExactly("a", "a");
        assertThat(second.order).containsExactly("a", "a", "a", "b", "b", "a");
    }

    @Test
    void passesTheTurnOnWhenSinkAndAllowanceEndTogether() {
        active("a", 1, 500, 500, 500);
        active("b", 1, 500);
        Sink first = new Sink(1000);
        Sink second = new Sink(Long.MAX_VALUE);

        ring.fill(first);
        ring.fill(second);

        assertThat(first.order).containsExactly("a", "a");
        assertThat(second.order).containsExactly("b", "a");
    }

    @Test
    void tellsWhetherAnythingWasServed() {
        active("a", 1, 500);

        assertThat(ring.fill(new Sink(0))).isFalse();
        assertThat(ring.fill(new Sink(500))).isTrue();
        assertThat(ring.fill(new Sink(500))).isFalse();
    }

    @Test
    void makesAFlowMissTurnsUntilItsDebtIsPaid() {
        Sink sink = new Sink(Long.MAX_VALUE);
        active("large", 1, 3500, 1000);
        active("small", 1, 1000, 1000, 1000, 1000, 1000);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("large", "small", "small", "small", "large", "small", "small");
    }

    @Test
    void addsAllowanceUpForAFlowThatWaits() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow patient = active("patient", 1, 3500);
        patient.goesIntoDebt = false;
        active("small", 1, 1000, 1000, 1000, 1000, 1000);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("small", "small", "small", "patient", "small", "small");
    }

    @Test
    void takesTheAllowanceOfAFlowThatGoesIdle() {
        TestFlow a = active("a", 1, 100);
        active("b", 1, 1000, 1000, 1000);
        ring.fill(new Sink(100));
        a.offer(1000, 500);
        Sink sink = new Sink(Long.MAX_VALUE);
        ring.activate(a);

        ring.fill(sink);

        assertThat(sink.order).as("900 were left of the first turn").containsExactly("b", "a", "b", "a", "b");
    }

    @Test
    void keepsTheDebtOfAFlowThatGoesIdle() {
        TestFlow a = active("a", 1, 2500);
        active("b", 1, 1000, 1000, 1000, 1000, 1000);
        ring.fill(new Sink(2500));
        a.offer(1000);
        ring.activate(a);
        Sink sink = new Sink(Long.MAX_VALUE);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("b", "b", "a", "b", "b", "b");
    }

    @Test
    void forgivesTheDebtOfALoneFlow() {
        TestFlow a = active("a", 1, 1 << 30, 500);
        ring.fill(new Sink(1 << 30));
        active("b", 1, 500);
        Sink sink = new Sink(Long.MAX_VALUE);
        ring.remove(a);
        ring.activate(a);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesAFlowOfWeightFourFourTimesAsMuch(long seed) {
        Random random = new Random(seed);
        TestFlow one = endless("one", 1, () -> 16 + random.nextInt(200));
        TestFlow four = endless("four", 4, () -> 16 + random.nextInt(5000));
        four.goesIntoDebt = random.nextBoolean();

        fillRecords(random, 4_000_000);

        assertThat((double) four.served / one.served).as("seed %d", seed).isCloseTo(4, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void sharesByWeightAmongManyFlowsOfAnySizes(long seed) {
        Random random = new Random(seed);
        List<TestFlow> flows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int size = 16 << random.nextInt(8);
            TestFlow flow = endless("f" + i, 1 + random.nextInt(8), () -> 16 + random.nextInt(size));
            flow.goesIntoDebt = random.nextBoolean();
            flows.add(flow);
        }

        long total = fillRecords(random, 40_000_000);

        long weights = flows.stream().mapToLong(flow -> flow.weight).sum();
        assertThat(flows)
                .as("seed %d", seed)
                .allSatisfy(flow -> assertThat((double) flow.served)
                        .isCloseTo(
                                (double) total * flow.weight / weights, within(4.0 * (flow.weight * QUANTUM + 4096))));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void starvesNobody(long seed) {
        Random random = new Random(seed);
        endless("heavy", 256, () -> 16 + random.nextInt(60_000));
        endless("heavy too", 256, () -> 16);
        TestFlow light = endless("light", 1, () -> 16 + random.nextInt(60_000));

        long gap = 0;
        for (int i = 0; i < 20_000; i++) {
            long before = light.served;
            Sink sink = new Sink(32_768);
            ring.fill(sink);
            gap = light.served > before ? 0 : gap + 32_768;
            assertThat(gap).as("seed %d", seed).isLessThan(70 * 2 * 256 * QUANTUM);
        }
    }

    @Test
    void treatsWeightsBelowOneAsOne() {
        TestFlow none = endless("none", 0, () -> 100);
        TestFlow negative = endless("negative", Integer.MIN_VALUE, () -> 100);
        TestFlow one = endless("one", 1, () -> 100);

        fillRecords(new Random(1), 300_000);

        assertThat(none.served).isCloseTo(one.served, within((long) QUANTUM));
        assertThat(negative.served).isCloseTo(one.served, within((long) QUANTUM));
    }

    @Test
    void survivesTheRemovalOfAFlowDuringItsOwnTurn() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow a = active("a", 1, 500, 500, 500);
        active("b", 1, 500, 500);
        a.afterElement = () -> ring.remove(a);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("a", "b", "b");
        assertThat(a.isActive()).isFalse();
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void survivesTheRemovalOfTheOnlyFlowDuringItsOwnTurn() {
        TestFlow a = active("a", 1, 500, 500);
        a.afterElement = () -> ring.remove(a);

        assertThat(ring.fill(new Sink(Long.MAX_VALUE))).isTrue();

        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void beginsAnewForAFlowRemovedAndActivatedDuringItsOwnTurn() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow a = active("a", 1, 5000, 500);
        active("b", 1, 500, 500, 500, 500);
        a.afterElement = () -> {
            ring.remove(a);
            a.afterElement = () -> {};
            ring.activate(a);
        };

        ring.fill(sink);

        assertThat(sink.order).containsExactly("a", "b", "b", "a", "b", "b");
    }

    @Test
    void survivesTheRemovalAndArrivalOfOthersDuringATurn() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow a = active("a", 1, 1000, 500);
        TestFlow b = active("b", 1, 500);
        TestFlow c = active("c", 1, 500);
        TestFlow d = new TestFlow("d", 1, 500);
        a.afterElement = () -> {
            ring.remove(b);
            ring.remove(b);
            ring.activate(d);
            ring.activate(a);
            ring.activate(c);
        };

        ring.fill(sink);

        assertThat(sink.order).containsExactly("a", "c", "d", "a");
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void ignoresAFlowThatIsActivatedTwice() {
        Sink sink = new Sink(Long.MAX_VALUE);
        TestFlow a = active("a", 1, 500);
        active("b", 1, 500);
        ring.activate(a);

        ring.fill(sink);

        assertThat(sink.order).containsExactly("a", "b");
    }

    @Test
    void refusesAFlowOfAnotherRing() {
        TestFlow a = active("a", 1, 500);
        DeficitRoundRobin<Sink> other = new DeficitRoundRobin<>(QUANTUM);

        assertThatIllegalStateException().isThrownBy(() -> other.activate(a));
        other.remove(a);

        assertThat(a.isActive()).isTrue();
    }

    @Test
    void refusesToBeFilledFromWithinATurn() {
        TestFlow a = active("a", 1, 500);
        a.afterElement = () -> ring.fill(new Sink(500));

        assertThatIllegalStateException().isThrownBy(() -> ring.fill(new Sink(500)));
    }

    @Test
    void worksOnAfterATurnThatThrew() {
        TestFlow a = active("a", 1, 500, 500);
        a.afterElement = () -> {
            throw new UnsupportedOperationException("as told");
        };
        try {
            ring.fill(new Sink(1000));
        } catch (UnsupportedOperationException expected) {
            a.afterElement = () -> {};
        }

        assertThat(ring.fill(new Sink(1000))).isTrue();
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void findsAFlowThatWaitsForEver() {
        TestFlow a = active("a", 1, Long.MAX_VALUE / 2);
        a.goesIntoDebt = false;

        assertThatIllegalStateException()
                .isThrownBy(() -> ring.fill(new Sink(Long.MAX_VALUE)))
                .withMessageContaining("SPENT");
    }

    @Test
    void refusesAQuantumOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DeficitRoundRobin<Sink>(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36})
    void losesAndRepeatsNothingWhateverComesAndGoes(long seed) {
        Random random = new Random(seed);
        List<TestFlow> flows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            TestFlow flow = new TestFlow("f" + i, 1 + random.nextInt(5));
            flow.goesIntoDebt = random.nextBoolean();
            flow.afterElement = () -> {
                TestFlow other = flows.get(random.nextInt(flows.size()));
                switch (random.nextInt(8)) {
                    case 0 -> ring.remove(other);
                    case 1 -> {
                        other.offer(16 + random.nextInt(3000));
                        ring.activate(other);
                    }
                    case 2 -> ring.remove(flow);
                    default -> {}
                }
            };
            flows.add(flow);
        }

        for (int step = 0; step < 5000; step++) {
            TestFlow flow = flows.get(random.nextInt(flows.size()));
            flow.offer(16 + random.nextInt(3000));
            ring.activate(flow);
            ring.fill(new Sink(random.nextInt(5000)));
        }
        for (TestFlow flow : flows) {
            flow.afterElement = () -> {};
            if (!flow.sizes.isEmpty()) {
                ring.activate(flow);
            }
        }
        ring.fill(new Sink(Long.MAX_VALUE));

        assertThat(ring.isEmpty()).as("seed %d", seed).isTrue();
        assertThat(flows)
                .as("seed %d", seed)
                .allSatisfy(flow -> assertThat(flow.served).isEqualTo(flow.offered));
    }

    private TestFlow active(String name, int weight, long... sizes) {
        TestFlow flow = new TestFlow(name, weight, sizes);
        ring.activate(flow);
        return flow;
    }

    private TestFlow endless(String name, int weight, LongSupplier size) {
        TestFlow flow = new TestFlow(name, weight);
        flow.more = size;
        flow.offer(size.getAsLong());
        ring.activate(flow);
        return flow;
    }

    /** Fills records of random sizes; returns what was served. */
    private long fillRecords(Random random, long bytes) {
        long served = 0;
        while (served < bytes) {
            Sink sink = new Sink(1 + random.nextInt(40_000));
            ring.fill(sink);
            served += sink.served;
        }
        return served;
    }

    /** Takes elements while less than its target is in it, as a record does. */
    private static final class Sink {
        final List<String> order = new ArrayList<>();
        final long target;
        long served;

        Sink(long target) {
            this.target = target;
        }
    }

    private static final class TestFlow extends Flow<Sink> {
        final String name;
        final int weight;
        final ArrayDeque<Long> sizes = new ArrayDeque<>();
        LongSupplier more = () -> 0;
        Runnable afterElement = () -> {};
        boolean goesIntoDebt = true;
        long offered;
        long served;
        private Turn turn = Turn.IDLE;

        TestFlow(String name, int weight, long... sizes) {
            this.name = name;
            this.weight = weight;
            offer(sizes);
        }

        void offer(long... more) {
            for (long size : more) {
                sizes.add(size);
                offered += size;
            }
        }

        @Override
        protected int weight() {
            return weight;
        }

        @Override
        protected long serve(Sink sink, long allowance) {
            assertThat(allowance).isPositive();
            long before = served;
            turn = Turn.IDLE;
            while (!sizes.isEmpty() && turn == Turn.IDLE) {
                long left = allowance - (served - before);
                if (left <= 0 || !goesIntoDebt && sizes.element() > left) {
                    turn = Turn.SPENT;
                } else if (sink.served >= sink.target) {
                    turn = Turn.SINK_FULL;
                } else {
                    serveOne(sink);
                    if (!isActive()) {
                        break;
                    }
                }
            }
            return served - before;
        }

        @Override
        protected Turn turn() {
            return turn;
        }

        private void serveOne(Sink sink) {
            long size = sizes.remove();
            served += size;
            sink.served += size;
            if (sink.order.size() < 100) {
                sink.order.add(name);
            }
            long next = more.getAsLong();
            if (next > 0) {
                offer(next);
            }
            afterElement.run();
        }
    }
}
