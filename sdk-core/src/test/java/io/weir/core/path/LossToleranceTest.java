package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossToleranceTest {

    private static final int DATAGRAM = 1_200;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000 * MICRO;

    private long nowNanos = Long.MAX_VALUE - 10 * MILLI; // the clock may wrap around
    private final LossTolerance tolerance = new LossTolerance(nowNanos);

    /** For as long as it counts. */
    private void roundTrip(long nanos, long leastNanos) {
        for (int slice = 0; slice < 2; slice++) {
            sample(nanos, leastNanos);
            pass(8 * MILLI);
        }
    }

    private void sample(long nanos, long leastNanos) {
        tolerance.onRoundTrip(nanos, leastNanos);
    }

    private void pass(long nanos) {
        nowNanos += nanos;
        tolerance.onFeedbackEnd(nowNanos);
    }

    private void acked(int packets) {
        for (int i = 0; i < packets; i++) {
            tolerance.onAcked(DATAGRAM, DATAGRAM);
        }
    }

    private void lost(int packets) {
        for (int i = 0; i < packets; i++) {
            tolerance.onLost(DATAGRAM, DATAGRAM);
        }
    }

    @Test
    void aLossByItselfIsTolerable() {
        roundTrip(20 * MILLI, 20 * MILLI);
        lost(1);

        assertThat(tolerance.isExceeded()).isFalse();
        assertThat(tolerance.queuelessShare()).isZero();
    }

    /** An eighth of the least, 1 ms to 16 ms. */
    @ParameterizedTest(name = "least {0} us, queue {1} us: {2}")
    @CsvSource({
        "20000, 2500, false",
        "20000, 2501, true",
        "100, 1000, false",
        "100, 1001, true",
        "500000, 16000, false",
        "500000, 16001, true"
    })
    void aLossBesideAQueueIsNot(long leastMicros, long queueMicros, boolean exceeded) {
        roundTrip((leastMicros + queueMicros) * MICRO, leastMicros * MICRO);
        lost(1);

        assertThat(tolerance.isExceeded()).isEqualTo(exceeded);
    }

    @Test
    void saysWhatFillsThePathWithoutItsQueue() {
        roundTrip(25 * MILLI, 20 * MILLI);
        assertThat(tolerance.queuelessShare()).isCloseTo(0.8, within(1e-9));

        roundTrip(21 * MILLI, 20 * MILLI);
        assertThat(tolerance.queuelessShare()).as("no queue").isZero();
        roundTrip(26 * MILLI, 20 * MILLI);
        assertThat(tolerance.queuelessShare()).as("for the controller").isZero();
    }

    /** Whoever sends, forwards or acknowledges may have been away for a moment. */
    @Test
    void whatIsLateForAMomentShowsNoQueue() {
        sample(20 * MILLI, 20 * MILLI);
        pass(8 * MILLI);
        sample(40 * MILLI, 20 * MILLI);
        lost(1);
        assertThat(tolerance.isExceeded()).isFalse();

        pass(8 * MILLI);
        lost(1);
        assertThat(tolerance.isExceeded()).as("late for longer").isTrue();

        sample(21 * MILLI, 20 * MILLI);
        lost(1);
        assertThat(tolerance.isExceeded()).as("it is gone").isFalse();
    }

    @Test
    void twentyInARowAreNotTolerable() {
        acked(1_000);
        lost(19);
        assertThat(tolerance.isExceeded()).isFalse();

        lost(1);
        assertThat(tolerance.isExceeded()).isTrue();
    }

    /** From the first packet on: nothing has to be acknowledged before. */
    @Test
    void twentyOfThoseSentFirstAreNotTolerable() {
        lost(20);

        assertThat(tolerance.isExceeded()).isTrue();
    }

    @Test
    void whatArrivesMakesUpForATwentiethOfIt() {
        lost(20);
        acked(19);
        lost(1);
        assertThat(tolerance.isExceeded()).isTrue();

        acked(21);
        lost(1);
        assertThat(tolerance.isExceeded()).isFalse();
    }

    @Test
    void threeOfAHundredByChanceAreTolerableForLongAndEightAreNot() {
        assertThat(exceededAmong(1_000_000, 0.03)).isZero();
        assertThat(exceededAmong(10_000, 0.08)).isPositive();
    }

    private int exceededAmong(int packets, double loss) {
        Random random = new Random(1);
        int exceeded = 0;
        for (int i = 0; i < packets; i++) {
            if (random.nextDouble() < loss) {
                lost(1);
                exceeded += tolerance.isExceeded() ? 1 : 0;
            } else {
                acked(1);
            }
        }
        return exceeded;
    }
}
