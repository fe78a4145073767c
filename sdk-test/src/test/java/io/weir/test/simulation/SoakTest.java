package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random operations for {@code -Dweir.soak.minutes}, from seeds that no other run uses. Only with {@code -Psoak}. */
@Tag("soak")
class SoakTest {

    private static final int PAIRS_BETWEEN_REPORTS = 1_000;

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void usersObserveWhatTheModelSaysForALongTime() {
        long end = System.nanoTime()
                + Duration.ofMinutes(Long.getLong("weir.soak.minutes", 1)).toNanos();
        long seed = Long.getLong("weir.seed", System.currentTimeMillis() << 20);
        long pairs = 0;
        while (System.nanoTime() < end) {
            RandomOperationsTest.check(seed + pairs);
            if (++pairs % PAIRS_BETWEEN_REPORTS == 0) {
                System.out.println(pairs + " pairs of nodes from seed " + seed);
            }
        }
        assertThat(pairs).isPositive();
    }
}
