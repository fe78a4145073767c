package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9406 section 4.2, with the constants of section 4.3. */
class HyStartTest {

    private static final long MILLI = 1_000_000L;

    private final HyStart hyStart = new HyStart();
    private long largestSent = 99;
    private boolean over;

    /** RttThresh = max(4 ms, min(lastRoundMinRTT / 8, 16 ms)). */
    @ParameterizedTest(name = "{0} ms: {1} ms more")
    @CsvSource({"10, 4", "32, 4", "40, 5", "100, 12.5", "128, 16", "400, 16"})
    void delayHasGrownByAnEighthFourMillisecondsAtLeastAndSixteenAtMost(long rttMillis, double thresholdMillis) {
        long rtt = rttMillis * MILLI;
        long threshold = (long) (thresholdMillis * MILLI);
        HyStart below = new HyStart();
        for (HyStart each : new HyStart[] {hyStart, below}) {
            samples(each, 8, rtt);
            each.onAcked(0, 99);
        }

        samples(below, 8, rtt + threshold - 1);
        assertThat(below.conservative()).isFalse();

        samples(hyStart, 8, rtt + threshold);
        assertThat(hyStart.conservative()).isTrue();
    }

    /** N_RTT_SAMPLE: fewer than eight samples of a round say nothing. */
    @Test
    void sevenSamplesAreTooFew() {
        round(8, 100);

        samples(hyStart, 7, 200 * MILLI);
        assertThat(hyStart.conservative()).isFalse();

        samples(hyStart, 1, 200 * MILLI);
        assertThat(hyStart.conservative()).isTrue();
    }

    /** currentRoundMinRTT: one packet that was quick in a round is enough to go on. */
    @Test
    void theLeastOfARoundCounts() {
        round(8, 100);
        samples(hyStart, 1, 105 * MILLI);
        samples(hyStart, 50, 200 * MILLI);
        assertThat(hyStart.conservative()).isFalse();
    }

    @Test
    void oneRoundAloneSaysNothing() {
        samples(hyStart, 100, 100 * MILLI);
        samples(hyStart, 100, 300 * MILLI);
        assertThat(hyStart.conservative()).isFalse();
    }

    /** CSS_GROWTH_DIVISOR. */
    @Test
    void growthIsAQuarterInConservativeSlowStart() {
        assertThat(hyStart.growth(1_201)).isEqualTo(1_201);
        round(8, 100);
        samples(hyStart, 8, 120 * MILLI);
        assertThat(hyStart.growth(1_201)).isEqualTo(300.25);
    }

    /** CSS_ROUNDS: five, of which the one that it began in is the first. */
    @Test
    void slowStartIsOverAfterFiveConservativeRounds() {
        round(8, 100);
        for (int i = 0; i < 4; i++) {
            round(8, 120);
            assertThat(over).isFalse();
        }
        round(8, 120);
        assertThat(over).isTrue();
    }

    /** currentRoundMinRTT < cssBaselineMinRtt: the exit was spurious, slow start goes on, and may end again. */
    @Test
    void slowStartGoesOnWhenDelayFallsAgain() {
        round(8, 100);
        round(8, 120);
        round(8, 120);
        assertThat(hyStart.conservative()).isTrue();

        round(8, 119);
        assertThat(hyStart.conservative()).isFalse();
        assertThat(hyStart.growth(1_000)).isEqualTo(1_000);

        round(8, 140);
        assertThat(hyStart.conservative()).isTrue();
        for (int i = 0; i < 3; i++) {
            round(8, 140);
            assertThat(over).isFalse();
        }
        round(8, 140);
        assertThat(over).isTrue();
    }

    /** windowEnd: a round is over when what was sent next after it began is acknowledged, not earlier. */
    @Test
    void aRoundEndsWithTheFirstPacketSentAfterItBegan() {
        hyStart.onAcked(0, 99);
        samples(hyStart, 8, 100 * MILLI);
        hyStart.onAcked(99, 150);
        samples(hyStart, 8, 120 * MILLI);
        assertThat(hyStart.conservative()).as("still the same round").isFalse();

        hyStart.onAcked(100, 150);
        samples(hyStart, 8, 120 * MILLI);
        assertThat(hyStart.conservative()).isTrue();
    }

    private void round(int samples, long rttMillis) {
        samples(hyStart, samples, rttMillis * MILLI);
        over = hyStart.onAcked(largestSent + 1, largestSent + 100);
        largestSent += 100;
    }

    private static void samples(HyStart hyStart, int count, long rttNanos) {
        for (int i = 0; i < count; i++) {
            hyStart.onRoundTrip(rttNanos);
        }
    }
}
