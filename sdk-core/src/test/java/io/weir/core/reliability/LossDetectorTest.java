package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossDetectorTest {

    private static final long MILLI = 1_000_000;

    /** RFC 9002 section 6.1.1: "The RECOMMENDED initial value for the packet reordering threshold (kPacketThreshold) is 3". */
    @ParameterizedTest
    @CsvSource({"7, 10, true", "8, 10, false", "9, 10, false", "0, 3, true", "0, 1000, true", "1, 3, false"})
    void aPacketThreeBelowTheLargestAcknowledgedIsLost(long number, long largest, boolean lost) {
        assertThat(LossDetector.isLost(number, largest, 0, 100 * MILLI)).isEqualTo(lost);
    }

    /** RFC 9002 section 6.1.2: lost if it was sent longer ago than the threshold. */
    @ParameterizedTest
    @CsvSource({"99, false", "100, true", "101, true"})
    void aPacketAsOldAsTheTimeThresholdIsLost(long ageMillis, boolean lost) {
        assertThat(LossDetector.isLost(9, 10, ageMillis * MILLI, 100 * MILLI)).isEqualTo(lost);
    }

    /** RFC 9002 section 6.1.2: max(kTimeThreshold * max(smoothed_rtt, latest_rtt), kGranularity), with 9/8 and 1 ms. */
    @ParameterizedTest
    @CsvSource({"80, 40, 90", "40, 80, 90", "800, 800, 900"})
    void theTimeThresholdIsNineEighthsOfTheLargerRoundTrip(long latest, long smoothed, long threshold) {
        assertThat(LossDetector.timeThresholdNanos(latest * MILLI, smoothed * MILLI))
                .isEqualTo(threshold * MILLI);
    }

    @Test
    void theTimeThresholdIsNeverFinerThanTimersAre() {
        assertThat(LossDetector.timeThresholdNanos(1, 1)).isEqualTo(MILLI);
    }
}
