package io.weir.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileEstimatorTest {

    /** An exponential distribution with a mean of 10 ms; its quantile is known. */
    @ParameterizedTest
    @CsvSource({"0.5,1", "0.5,2", "0.9,3", "0.95,4", "0.95,5", "0.99,6", "0.99,7"})
    void restsWhereTheQuantileIs(double quantile, long seed) {
        QuantileEstimator estimator = new QuantileEstimator(quantile);
        Random random = new Random(seed);
        double mean = 10_000_000;
        long estimate = 0;
        int above = 0;
        int samples = 200_000;

        for (int i = 0; i < 2 * samples; i++) {
            long sample = (long) (-mean * Math.log(1 - random.nextDouble()));
            above += i >= samples && sample > estimate ? 1 : 0;
            estimate = estimator.after(estimate, sample);
        }

        assertThat((double) above / samples).isBetween((1 - quantile) * 0.9, (1 - quantile) * 1.1);
        assertThat((double) estimate)
                .isBetween(-mean * Math.log(1 - quantile) * 0.7, -mean * Math.log(1 - quantile) * 1.4);
    }

    @Test
    void followsTimesThatBecomeAHundredTimesAsLongAndShortAgain() {
        QuantileEstimator estimator = new QuantileEstimator(0.95);
        long estimate = estimator.after(0, 1_000_000);

        for (int i = 0; i < 250; i++) {
            estimate = estimator.after(estimate, 100_000_000);
        }
        assertThat(estimate).isEqualTo(100_000_000);

        for (int i = 0; i < 4_000; i++) {
            estimate = estimator.after(estimate, 1_000_000);
        }
        assertThat(estimate).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
    void staysPositiveWhateverTheSample(long sample) {
        QuantileEstimator estimator = new QuantileEstimator(0.5);

        assertThat(estimator.after(0, sample)).isPositive();
        assertThat(estimator.after(1, sample)).isPositive();
        assertThat(estimator.after(Long.MAX_VALUE, sample)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.49, 1, Double.NaN})
    void refusesAQuantileOutOfRange(double quantile) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QuantileEstimator(quantile))
                .withMessage("quantile is " + quantile + "; legal: 0.5 to 0.999");
    }
}
