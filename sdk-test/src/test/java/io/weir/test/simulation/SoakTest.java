package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.FrameOrder;
import io.weir.test.network.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each test for {@code -Dweir.soak.minutes}, from seeds that no other run uses. Only with {@code -Psoak}. */
@Tag("soak")
class SoakTest {

    private static final int PAIRS_BETWEEN_REPORTS = 1_000;
    private static final int DATAGRAM_RUNS_BETWEEN_REPORTS = 100;

    private static final List<Scenario> SCENARIOS = Scenario.all();

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void usersObserveWhatTheModelSaysForALongTime() {
        soak(RandomOperationsTest::check, PAIRS_BETWEEN_REPORTS);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void everythingIsRightOverDatagramsForALongTime() {
        soak(SoakTest::overDatagrams, DATAGRAM_RUNS_BETWEEN_REPORTS);
    }

    /** Random operations, a small transfer under the next scenario, and nodes on a network that breaks. */
    private static void overDatagrams(long seed) {
        RandomOperationsTest.checkOverDatagrams(seed);
        SmallTransfer.run(seed, SCENARIOS.get(Math.floorMod(seed, SCENARIOS.size())));
        StreamSimulation.run(seed, FrameOrder.NONE);
    }

    private static void soak(LongConsumer run, int runsBetweenReports) {
        long end = System.nanoTime()
                + Duration.ofMinutes(Long.getLong("weir.soak.minutes", 1)).toNanos();
        long seed = Long.getLong("weir.seed", System.currentTimeMillis() << 20);
        long runs = 0;
        while (System.nanoTime() < end) {
            run.accept(seed + runs);
            if (++runs % runsBetweenReports == 0) {
                System.out.println(runs + " runs from seed " + seed);
            }
        }
        assertThat(runs).isPositive();
    }
}
