package io.weir.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.measure.CountSeries;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ColdStartTest {
    @Test
    void isTheMedianOfItsPairs() {
        assertThat(cold(2.5, 1.5, 3.5).seconds().median()).isEqualTo(2.5);
    }

    @Test
    void countsPairsThatDidNotGetThereAsSlowerThanAnyOther() {
        assertThat(cold(Double.NaN, 1.5, 3.5).seconds().median()).isEqualTo(3.5);
        assertThat(cold(Double.NaN, Double.NaN, 3.5).seconds().median()).isInfinite();
    }

    @Test
    void isNothingWithoutPairs() {
        assertThat(new ColdStart(List.of()).ifAny()).isEmpty();
    }

    /** Pairs that took so many seconds, or did not get there. */
    static ColdStart cold(double... seconds) {
        return new ColdStart(java.util.Arrays.stream(seconds)
                .mapToObj(value -> new ColdStart.Observation(
                        1e6,
                        Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value),
                        10,
                        new CountSeries(List.of(new CountSeries.Point(0, 0)))))
                .toList());
    }
}
