package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9002 section 7.7. */
class PacerTest {

    private static final int DATAGRAM = 1_200;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    /** rate = N x congestion_window / smoothed_rtt; N is 1.25, 2 in slow start. */
    @Test
    void theRateIsAQuarterMoreThanAWindowInARoundTripAndTwiceThatInSlowStart() {
        Pacer pacer = new Pacer(DATAGRAM, 100_000, 100 * MILLI, 0);
        assertThat(pacer.bytesPerSecond()).isEqualTo(2_000_000);

        pacer.onWindow(100_000, 100 * MILLI, false, 0);
        assertThat(pacer.bytesPerSecond()).isEqualTo(1_250_000);

        pacer.onWindow(100_000, 50 * MILLI, false, 0);
        assertThat(pacer.bytesPerSecond()).isEqualTo(2_500_000);
    }

    /** "Senders SHOULD limit bursts to the initial congestion window": a new path sends that at once and no more. */
    @Test
    void aNewPathSendsTheInitialWindowAtOnce() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 333 * MILLI, 0);

        assertThat(pacer.allowanceBytes(0)).isEqualTo(12_000);
        pacer.onSent(12_000, 0);
        assertThat(pacer.allowanceBytes(0)).isZero();
    }

    /** interval = smoothed_rtt x packet_size / congestion_window / N = 100 ms x 1,200 / 12,000 / 1.25. */
    @Test
    void slowPathsSendOneDatagramAtATime() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, 0);
        pacer.onWindow(12_000, 100 * MILLI, false, 0);
        pacer.onSent(12_000, 0);

        long ready = pacer.readyNanos(0);
        assertThat(ready).isBetween(8 * MILLI, 8 * MILLI + 1);
        assertThat(pacer.allowanceBytes(8 * MILLI - 1)).isZero();
        assertThat(pacer.allowanceBytes(ready)).isEqualTo(DATAGRAM);
    }

    /** 1 Gbit/s: what a millisecond gives is more than offload takes, which is then a batch. */
    @ParameterizedTest
    @CsvSource({"1200, 64800", "1000, 64000", "8952, 62664"})
    void fastPathsSendWhatOffloadTakesAtOnce(int datagram, int batch) {
        Pacer pacer = new Pacer(datagram, 2_500_000, 20 * MILLI, 0);
        pacer.onSent(500_000, 0); // all that is in it

        long ready = pacer.readyNanos(0);

        assertThat(ready).as("at 250 bytes a microsecond").isBetween(batch * 4L, batch * 4L + 1);

        assertThat(pacer.allowanceBytes(ready - 1)).isZero();
        assertThat(pacer.allowanceBytes(ready)).isEqualTo(batch);
    }

    /** A timer may be late by up to 2 ms without a loss of rate. */
    @Test
    void aTimerThatIsLateCostsNothing() {
        Pacer pacer = new Pacer(DATAGRAM, 2_500_000, 20 * MILLI, 0);
        pacer.onWindow(2_500_000, 20 * MILLI, false, 0);
        Random random = new Random(1);
        long now = 0;
        long sent = 0;
        while (now < 10 * SECOND) {
            int bytes = pacer.allowanceBytes(now);
            if (bytes == 0) {
                now = pacer.readyNanos(now) + random.nextLong(MILLI);
            } else {
                sent += bytes;
                pacer.onSent(bytes, now);
            }
        }
        assertThat(sent / 10).isCloseTo(156_250_000L, withPercentage(0.5));
    }

    /** After a pause no more than the bucket holds goes at once: 2 ms of the rate, or ten datagrams. */
    @ParameterizedTest
    @CsvSource({"12000, 12000", "12000000, 600000"})
    void aPauseIsNotMadeUpFor(long window, long capacity) {
        Pacer pacer = new Pacer(DATAGRAM, window, 50 * MILLI, 0);
        pacer.onWindow(window, 50 * MILLI, false, 0);
        pacer.onSent(5_000_000, 0);
        long now = 3_600 * SECOND;
        long sent = 0;
        for (int bytes = pacer.allowanceBytes(now); bytes > 0; bytes = pacer.allowanceBytes(now)) {
            pacer.onSent(bytes, now);
            sent += bytes;
        }
        assertThat(sent).isBetween(capacity - 64_800, capacity);
    }

    /** Probes go out at once; they are waited for afterwards. */
    @Test
    void whatExceedsItIsPaidBack() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, 0);
        pacer.onWindow(12_000, 100 * MILLI, false, 0);
        pacer.onSent(12_000, 0);

        pacer.onSent(2 * DATAGRAM, 0);

        assertThat(pacer.readyNanos(0)).isBetween(24 * MILLI, 24 * MILLI + 1);
    }

    @Test
    void whatIsSentAfterAPauseIsTakenFromAFullBucket() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, 0);
        pacer.onWindow(12_000, 100 * MILLI, false, 0);
        pacer.onSent(12_000, SECOND);
        assertThat(pacer.allowanceBytes(SECOND)).isZero();
        assertThat(pacer.readyNanos(SECOND + 4 * MILLI)).isBetween(SECOND + 8 * MILLI, SECOND + 8 * MILLI + 1);
    }

    @Test
    void aChangeOfTheWindowKeepsWhatHasComeIn() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, 0);
        pacer.onWindow(12_000, 100 * MILLI, false, 0);
        pacer.onSent(12_000, 0);

        pacer.onWindow(24_000, 100 * MILLI, false, 4 * MILLI);

        // Half a datagram at the old rate, the other half at twice of it
        assertThat(pacer.readyNanos(4 * MILLI)).isBetween(6 * MILLI, 6 * MILLI + 1);
    }

    @Test
    void anotherSizeOfDatagramsMakesAnotherBatch() {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, 0);
        pacer.onWindow(12_000, 100 * MILLI, false, 0);
        pacer.onDatagramBytes(5_000, 0);
        assertThat(pacer.allowanceBytes(0)).as("whole ones").isEqualTo(10_000);
        pacer.onSent(10_000, 0);

        assertThat(pacer.readyNanos(0)).as("3,000 more").isBetween(20 * MILLI, 20 * MILLI + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 4 * MILLI, Long.MIN_VALUE})
    void timesMayWrapAroundAndGoBack(long start) {
        Pacer pacer = new Pacer(DATAGRAM, 12_000, 100 * MILLI, start);
        pacer.onWindow(12_000, 100 * MILLI, false, start);
        assertThat(pacer.allowanceBytes(start - SECOND)).isEqualTo(12_000);
        pacer.onSent(12_000, start);

        assertThat(pacer.allowanceBytes(start - SECOND)).isZero();
        long ready = pacer.readyNanos(start);
        assertThat(ready - start).isBetween(8 * MILLI, 8 * MILLI + 1);
        assertThat(pacer.allowanceBytes(ready)).isEqualTo(DATAGRAM);
    }
}
