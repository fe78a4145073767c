package io.weir.core.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Auto-tuning as a whole, on a simulated link on which nobody measures the round-trip time. */
final class AutoTuningTest {
    private static final long TICK_NANOS = 100_000;
    private static final long LINK_FLOOR_NANOS = 1_000_000;
    private static final long INITIAL = 65_536;
    private static final long MAX = 4 << 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 50, 500, 2500})
    void reachesTheMaximumWithinTwentyRoundTripsWhereTheWindowIsTheLimit(int oneWayTicks) {
        Flow flow = new Flow(oneWayTicks, 1040, Integer.MAX_VALUE);

        flow.run(40 * oneWayTicks + 100);

        assertThat(flow.window.window()).isEqualTo(MAX);
    }

    @ParameterizedTest
    @CsvSource({"50, 64", "50, 16384", "500, 1024", "50, 48", "50, 16368"})
    void growsWhateverTheElementsCost(int oneWayTicks, int length) {
        Flow flow = new Flow(oneWayTicks, (int) Cost.of(length), Integer.MAX_VALUE);

        flow.run(40 * oneWayTicks);

        assertThat(flow.window.window()).isEqualTo(MAX);
    }

    @Test
    void stopsGrowingWhenTheSubscriberIsTheLimit() {
        Flow flow = new Flow(50, 1040, 1);

        flow.run(5_000);
        long before = flow.window.consumed();
        flow.run(20_000);

        assertThat(flow.window.window())
                .as("1,040 bytes a tick, 100 ticks there and back")
                .isEqualTo(2 * INITIAL);
        assertThat(flow.window.consumed() - before)
                .as("the subscriber hardly ever waits")
                .isGreaterThan(19_000 * 1040);
    }

    /** One stream whose publisher always has more, and whose subscriber takes so many elements in each tick. */
    private static final class Flow {
        final MemoryBudget budget = new MemoryBudget(16 << 20, MemoryPool.unbounded());
        final SendCredit credit = new SendCredit(INITIAL);
        final ReceiveWindow window;
        final int delay;
        final int cost;
        final int appetite;
        final ArrayDeque<long[]> data = new ArrayDeque<>();
        final ArrayDeque<long[]> grants = new ArrayDeque<>();
        int queued;
        int tick;

        Flow(int delay, int cost, int appetite) {
            this.delay = delay;
            this.cost = cost;
            this.appetite = appetite;
            budget.tryReserve(INITIAL);
            window = new ReceiveWindow(INITIAL, MAX, budget);
        }

        void run(int ticks) {
            for (int end = tick + ticks; tick < end; tick++) {
                while (!grants.isEmpty() && grants.element()[0] <= tick) {
                    long[] grant = grants.remove();
                    assertThat(credit.onWindow(grant[1], grant[2])).isNull();
                }
                while (credit.fits(cost)) {
                    credit.spend(cost);
                    data.add(new long[] {tick + delay, -1, 0});
                }
                if (credit.pollBlocked()) {
                    data.add(new long[] {tick + delay, credit.limit(), credit.sent()});
                }
                receive();
            }
        }

        private void receive() {
            long now = tick * TICK_NANOS;
            boolean due = false;
            int taken = 0;
            while (!data.isEmpty() && data.element()[0] <= tick) {
                long[] item = data.remove();
                if (item[1] >= 0) {
                    boolean demand = queued == 0;
                    due |= window.onBlocked(item[1], item[2], demand, now, LINK_FLOOR_NANOS);
                } else {
                    assertThat(window.onReceived(cost)).isTrue();
                    if (window.rttSampleDue()) {
                        window.sampleRtt(now);
                    }
                    queued++;
                    if (taken < appetite) {
                        taken += take();
                    }
                }
            }
            while (queued > 0 && taken < appetite) {
                taken += take();
            }
            if (due || window.grantDue(queued > 0)) {
                grants.add(new long[] {tick + delay, window.consumed(), window.grant(now, true)});
            }
        }

        private int take() {
            queued--;
            window.onConsumed(cost);
            return 1;
        }
    }
}
