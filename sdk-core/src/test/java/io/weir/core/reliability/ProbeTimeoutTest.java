package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbeTimeoutTest {

    private static final long MILLI = 1_000_000;

    private final ProbeTimeout timeout = new ProbeTimeout(ProbeTimeout.MOST_NANOS);

    /** RFC 9002 section 6.2.1: PTO = smoothed_rtt + max(4*rttvar, kGranularity) + max_ack_delay. */
    @Test
    void thePeriodIsTheRoundTripWhatItVariesAndTheDelayOfThePeer() {
        assertThat(ProbeTimeout.periodNanos(100 * MILLI, 10 * MILLI, 25 * MILLI))
                .isEqualTo(165 * MILLI);
        assertThat(ProbeTimeout.periodNanos(100 * MILLI, 0, 25 * MILLI)).isEqualTo(126 * MILLI);
    }

    /** RFC 9002 section 6.2.2: the initial round trip of 333 ms makes the first PTO a second. */
    @Test
    void thePeriodOfANewPathIsASecond() {
        assertThat(ProbeTimeout.periodNanos(333 * MILLI, 333 * MILLI / 2, 0)).isEqualTo(999 * MILLI);
    }

    /** RFC 9002 section 6.2.1: a time-out sets the period to "twice its current value", an acknowledgement resets it. */
    @Test
    void eachTimeoutDoublesTheWaitUntilSomethingIsAcknowledged() {
        assertThat(timeout.deadlineNanos(100)).isEqualTo(100);
        timeout.onExpired(0);
        assertThat(timeout.deadlineNanos(100)).isEqualTo(200);
        timeout.onExpired(0);
        assertThat(timeout.deadlineNanos(100)).isEqualTo(400);

        timeout.onAcknowledged(0);

        assertThat(timeout.deadlineNanos(100)).isEqualTo(100);
    }

    @Test
    void theWaitNeverExceedsAMinuteWhateverThePeriod() {
        for (int i = 0; i < 100; i++) {
            timeout.onExpired(0);
            assertThat(timeout.deadlineNanos(100 * MILLI)).isBetween(1L, ProbeTimeout.MOST_NANOS);
            assertThat(timeout.deadlineNanos(Long.MAX_VALUE)).isEqualTo(ProbeTimeout.MOST_NANOS);
        }
        assertThat(timeout.deadlineNanos(100 * MILLI)).isEqualTo(ProbeTimeout.MOST_NANOS);
    }

    @Test
    void waitsNoLongerThanItIsToldUnlessOneRoundTripIs() {
        ProbeTimeout impatient = new ProbeTimeout(5_000 * MILLI);
        for (int i = 0; i < 20; i++) {
            assertThat(impatient.deadlineNanos(100 * MILLI)).isBetween(100 * MILLI, 5_000 * MILLI);
            assertThat(impatient.deadlineNanos(9_000 * MILLI)).isEqualTo(9_000 * MILLI);
            impatient.onExpired(0);
        }
        assertThat(impatient.deadlineNanos(100 * MILLI)).isEqualTo(5_000 * MILLI);
        assertThat(impatient.deadlineNanos(Long.MAX_VALUE)).isEqualTo(ProbeTimeout.MOST_NANOS);
    }
}
