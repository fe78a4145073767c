package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.peer.RttEstimator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketRttEstimatorTest {

    private static final long MILLI = 1_000_000L;

    private final PacketRttEstimator rtt = new PacketRttEstimator(25 * MILLI);

    /** RFC 9002 section 6.2.2: 333 ms, which makes the first probe time-out a second. */
    @Test
    void beginsWithTheInitialRoundTrip() {
        assertThat(rtt.smoothedNanos()).isEqualTo(333 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(333 * MILLI / 2);
        assertThat(rtt.sampled()).isFalse();
    }

    /** Section 5.3: smoothed_rtt = latest_rtt, rttvar = latest_rtt / 2; section 5.2: min_rtt = latest_rtt. */
    @Test
    void theFirstSampleReplacesItAndItsDelayIsNotTakenOff() {
        rtt.onSample(100 * MILLI, 20 * MILLI);

        assertThat(rtt.latestNanos()).isEqualTo(100 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(100 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(100 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(50 * MILLI);
        assertThat(rtt.sampled()).isTrue();
    }

    @Test
    void whatIsAssumedStandsForItUntilTheFirstSampleReplacesIt() {
        rtt.assume(900 * MILLI);

        assertThat(rtt.latestNanos()).isEqualTo(900 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(900 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(450 * MILLI);
        assertThat(rtt.sampled()).isFalse();

        rtt.onSample(20 * MILLI, 0);

        assertThat(rtt.smoothedNanos()).isEqualTo(20 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(10 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(20 * MILLI);
    }

    /** RFC 6298 (5.7): 3 s before something goes out again. */
    @Test
    void noMoreThanASecondIsAssumed() {
        rtt.assume(20_000 * MILLI);

        assertThat(rtt.smoothedNanos()).isEqualTo(1_000 * MILLI);
        assertThat(rtt.latestNanos()).isEqualTo(1_000 * MILLI);
        assertThat(rtt.smoothedNanos() + 4 * rtt.variationNanos()).isEqualTo(3_000 * MILLI);
    }

    /** Section 5.2: not the lesser of it and what was assumed. */
    @Test
    void theFirstSampleIsTheLeastThoughItIsLongerThanTheInitialRoundTrip() {
        rtt.onSample(500 * MILLI, 0);
        assertThat(rtt.minNanos()).isEqualTo(500 * MILLI);
    }

    /** Section 5.3: adjusted_rtt = 200 - 20; rttvar = 3/4 x 50 + 1/4 x 80; smoothed_rtt = 7/8 x 100 + 1/8 x 180. */
    @Test
    void theDelayIsTakenOffLaterSamples() {
        rtt.onSample(100 * MILLI, 0);

        rtt.onSample(200 * MILLI, 20 * MILLI);

        assertThat(rtt.latestNanos()).isEqualTo(200 * MILLI);
        assertThat(rtt.undelayedNanos()).isEqualTo(180 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(110 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(57_500_000);
    }

    /** Section 5.3: the lesser of the delay and max_ack_delay; what is more is the path's. */
    @Test
    void noMoreIsTakenOffThanThePeerMayDelay() {
        rtt.onSample(100 * MILLI, 0);

        rtt.onSample(225 * MILLI, 125 * MILLI);

        assertThat(rtt.smoothedNanos()).isEqualTo((7 * 100 + 200) * MILLI / 8);
    }

    /** Section 5.3: not if the result is smaller than min_rtt; equal to it is allowed. */
    @Test
    void aDelayThatCannotBeTrueIsNotTakenOff() {
        rtt.onSample(100 * MILLI, 0);

        rtt.onSample(120 * MILLI, 20 * MILLI + 1);
        assertThat(rtt.undelayedNanos()).isEqualTo(120 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo((7 * 100 + 120) * MILLI / 8);

        PacketRttEstimator other = new PacketRttEstimator(25 * MILLI);
        other.onSample(100 * MILLI, 0);
        other.onSample(120 * MILLI, 20 * MILLI);
        assertThat(other.smoothedNanos()).isEqualTo(100 * MILLI);
    }

    /** Section 5.2: min_rtt is of what was measured here; no delay that the peer claims makes it smaller. */
    @Test
    void theLeastIsAsMeasured() {
        rtt.onSample(100 * MILLI, 0);
        rtt.onSample(110 * MILLI, 25 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(100 * MILLI);

        rtt.onSample(90 * MILLI, 25 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(90 * MILLI);
    }

    /** Section 5.2: set min_rtt to the newest sample after persistent congestion. */
    @Test
    void theLeastIsForgottenAfterPersistentCongestion() {
        rtt.onSample(10 * MILLI, 0);
        rtt.onSample(300 * MILLI, 0);

        rtt.onPersistentCongestion();

        assertThat(rtt.minNanos()).isEqualTo(300 * MILLI);
    }

    /** RFC 9000 section 9.4: when the peer has moved to another IP address. */
    @Test
    void anotherPathBeginsAnew() {
        rtt.onSample(10 * MILLI, 0);
        rtt.onSample(30 * MILLI, 0);

        rtt.reset();

        assertThat(rtt.sampled()).isFalse();
        assertThat(rtt.smoothedNanos()).isEqualTo(333 * MILLI);
        assertThat(rtt.minNanos()).isEqualTo(333 * MILLI);
        rtt.onSample(200 * MILLI, 0);
        assertThat(rtt.minNanos()).isEqualTo(200 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void samplesAndDelaysThatCannotBeAreCut(long nanos) {
        rtt.onSample(nanos, nanos);
        assertThat(rtt.latestNanos()).isEqualTo(1);

        rtt.onSample(Long.MAX_VALUE, nanos);
        assertThat(rtt.latestNanos()).isEqualTo(RttEstimator.MAX_SAMPLE_NANOS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverGoesBelowTheLeastWhateverThePeerClaims(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            rtt.onSample(1 + random.nextInt(1_000_000_000), random.nextLong());
            assertThat(rtt.smoothedNanos()).as("seed %d, sample %d", seed, i).isGreaterThanOrEqualTo(rtt.minNanos());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 16_384_000_001L})
    void refusesADelayThatNoPeerMayAskFor(long nanos) {
        assertThatThrownBy(() -> new PacketRttEstimator(nanos))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAckDelayNanos is " + nanos + "; legal: 0 to 16384000000");
    }
}
