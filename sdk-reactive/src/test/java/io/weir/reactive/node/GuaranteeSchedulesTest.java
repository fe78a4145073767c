package io.weir.reactive.node;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The guarantees of DESIGN section 6, each an exclusive pair, over 10,000 random schedules: connect has a session or an
 * error, listen a port or an error, a ready session an end, a request a reply or the reason why there is none.
 */
class GuaranteeSchedulesTest {

    private static final int IN_ONE_TEST = 1_000;
    /** {@code 25} is the first quarter of each test's schedules, {@code 25-100} the rest, as everywhere. */
    private static final String[] PERCENT =
            System.getProperty("weir.seeds.percent", "100").split("-");

    private static final int FROM = PERCENT.length == 1 ? 0 : schedulesIn(PERCENT[0]);
    private static final int TO = schedulesIn(PERCENT[PERCENT.length - 1]);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everyBeginningHasExactlyOneEnd(int thousand) {
        for (int i = FROM; i < TO; i++) {
            check(thousand * (long) IN_ONE_TEST + i);
        }
    }

    private static int schedulesIn(String percent) {
        return IN_ONE_TEST * Integer.parseInt(percent) / 100;
    }

    private static void check(long seed) {
        try (Schedule schedule = new Schedule(seed)) {
            try {
                schedule.run();
                schedule.finish();
            } catch (Throwable e) {
                throw new AssertionError("after " + schedule, e);
            }
        }
    }
}
