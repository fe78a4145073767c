package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RttEstimatorTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void theFirstSampleReplacesWhatWasAssumed() {
        RttEstimator rtt = new RttEstimator(900 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(900 * MILLI);
        assertThat(rtt.sampled()).isFalse();

        rtt.onSample(100 * MILLI);

        assertThat(rtt.sampled()).isTrue();
        assertThat(rtt.smoothedNanos()).isEqualTo(100 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(50 * MILLI);
    }

    /** 7/8 of 100 and 1/8 of 180 are 110; 3/4 of 50 and 1/4 of 80 are 57.5. Then the same with 30. */
    @Test
    void laterSamplesCountAnEighthAndTheirDistanceAQuarter() {
        RttEstimator rtt = new RttEstimator(1);
        rtt.onSample(100 * MILLI);

        rtt.onSample(180 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(110 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(57_500_000);

        rtt.onSample(30 * MILLI);
        assertThat(rtt.smoothedNanos()).isEqualTo(100 * MILLI);
        assertThat(rtt.variationNanos()).isEqualTo(63_125_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void whatIsNotPositiveCountsAsOneNanosecond(long sample) {
        RttEstimator rtt = new RttEstimator(sample);
        assertThat(rtt.smoothedNanos()).isEqualTo(1);

        rtt.onSample(sample);

        assertThat(rtt.smoothedNanos()).isEqualTo(1);
    }

    @Test
    void anAbsurdSampleIsCutAndForgottenInTime() {
        RttEstimator rtt = new RttEstimator(1);
        rtt.onSample(Long.MAX_VALUE);
        assertThat(rtt.smoothedNanos()).isEqualTo(RttEstimator.MAX_SAMPLE_NANOS);

        for (int i = 0; i < 300; i++) {
            rtt.onSample(MILLI);
        }

        assertThat(rtt.smoothedNanos()).isBetween(MILLI, MILLI + 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void staysWithinItsSamples(long seed) {
        Random random = new Random(seed);
        RttEstimator rtt = new RttEstimator(random.nextLong());
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long sample = 1 + random.nextInt(1_000_000_000);
            least = Math.min(least, sample);
            most = Math.max(most, sample);
            rtt.onSample(sample);
            assertThat(rtt.smoothedNanos()).as("seed %d, sample %d", seed, i).isBetween(least, most);
            assertThat(rtt.variationNanos()).as("seed %d, sample %d", seed, i).isBetween(0L, most);
        }
    }
}
