package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class CountSeriesTest {
    private static final long MILLI = 1_000_000;

    @Test
    void tellsWhenFullSpeedBegan() {
        // given nothing for a second and then 1,000 a second
        CountSeries series = series(3_000, millis -> Math.max(0, millis - 1_000));

        // then the first quarter of a second with 4/5 of it begins 50 ms before
        assertThat(series.secondsTo(800)).hasValue(0.95);
    }

    @Test
    void isNotTakenInByABurst() {
        // given a socket buffer of 100 elements at once, and then 100 a second for two seconds, and then 1,000
        CountSeries series = series(4_000, millis -> {
            long slow = Math.min(millis, 2_000) / 10;
            return millis == 0 ? 0 : 100 + slow + Math.max(0, millis - 2_000);
        });

        assertThat(series.secondsTo(800).orElseThrow()).isBetween(1.9, 2.0);
    }

    @Test
    void tellsNothingWhereTheSpeedIsNeverReached() {
        assertThat(series(3_000, millis -> millis / 10).secondsTo(800)).isEmpty();
        assertThat(new CountSeries(List.of()).secondsTo(800)).isEmpty();
    }

    @Test
    void tellsNothingOfLessThanAQuarterOfASecond() {
        assertThat(series(200, millis -> millis).secondsTo(800)).isEmpty();
    }

    @Test
    void beginsAtOnceWhereThereIsNothingToWarm() {
        assertThat(series(1_000, millis -> millis).secondsTo(800)).hasValue(0);
    }

    @Test
    void survivesItsText() {
        CountSeries series = series(100, millis -> millis * millis);

        assertThat(series.encode()).doesNotContain(" ");
        assertThat(CountSeries.decode(series.encode())).isEqualTo(series);
        assertThat(CountSeries.decode("").points()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> CountSeries.decode("12"));
    }

    /** A point each 25 ms. */
    private static CountSeries series(int millis, LongUnaryOperator count) {
        List<CountSeries.Point> points = new ArrayList<>();
        for (int at = 0; at <= millis; at += 25) {
            points.add(new CountSeries.Point(at * MILLI, count.applyAsLong(at)));
        }
        return new CountSeries(points);
    }
}
