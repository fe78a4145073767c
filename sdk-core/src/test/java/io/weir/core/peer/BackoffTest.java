package io.weir.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final long MILLI = 1_000_000L;
    private static final double ALMOST_ONE = Math.nextDown(1d);

    @ParameterizedTest
    @CsvSource({"1,500", "2,1000", "3,2000", "6,16000", "7,30000", "8,30000", "9223372036854775807,30000"})
    void theCeilingDoublesFromHalfASecondToThirty(long failures, long millis) {
        assertThat(Backoff.defaults().ceilingNanos(failures)).isEqualTo(millis * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void ceilingsOnlyRiseAndDelaysKeepTheirBounds(long seed) {
        Random random = new Random(seed);
        Duration initial = Duration.ofNanos(10 * MILLI + random.nextLong(3_600_000 * MILLI));
        Duration cap = initial.plusNanos(random.nextLong(82_800_000 * MILLI));
        Backoff backoff = new Backoff(initial, 1 + random.nextDouble() * 15, cap);
        long before = initial.toNanos();
        for (long failures = 1; failures < Long.MAX_VALUE / 3; failures += 1 + random.nextLong(failures)) {
            long ceiling = backoff.ceilingNanos(failures);
            assertThat(ceiling).as("seed %d, failure %d", seed, failures).isBetween(before, cap.toNanos());
            assertThat(backoff.delayNanos(failures, 0)).isEqualTo(Backoff.FLOOR.toNanos());
            assertThat(backoff.delayNanos(failures, ALMOST_ONE)).isBetween(ceiling - 1, ceiling);
            assertThat(backoff.delayNanos(failures, random.nextDouble())).isBetween(Backoff.FLOOR.toNanos(), ceiling);
            before = ceiling;
        }
    }

    /** 100,000 delays in 20 classes: chi squared with 19 degrees of freedom is above 43.8 once in a thousand times. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theJitterIsFull(long seed) {
        Random random = new Random(seed);
        Backoff backoff = Backoff.defaults();
        int draws = 100_000;
        long floor = Backoff.FLOOR.toNanos();
        long width = (backoff.ceilingNanos(4) - floor) / 20 + 1;
        int[] classes = new int[20];
        for (int i = 0; i < draws; i++) {
            classes[(int) ((backoff.delayNanos(4, random.nextDouble()) - floor) / width)]++;
        }
        double expected = draws / 20d;
        double chiSquared = 0;
        for (int count : classes) {
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        assertThat(chiSquared).isLessThan(43.8);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.999999999})
    void theLongDelayIsBetweenHalfTheCapAndTheCapWhateverTheFactor(double random) {
        assertThat(new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(30)).longDelayNanos(random))
                .isBetween(15_000 * MILLI, 30_000 * MILLI)
                .isCloseTo((long) (15_000 * MILLI * (1 + random)), within(1L));
        assertThat(new Backoff(Backoff.FLOOR, 2, Backoff.FLOOR).longDelayNanos(random))
                .isEqualTo(Backoff.FLOOR.toNanos());
    }

    @Test
    void theLongestLegalFiguresDoNotOverflow() {
        Backoff backoff = new Backoff(Duration.ofHours(1), 16, Duration.ofHours(24));

        assertThat(backoff.delayNanos(Long.MAX_VALUE, ALMOST_ONE))
                .isEqualTo(Duration.ofHours(24).toNanos());
    }

    @Test
    void aFactorOfOneWaitsAsLongEachTime() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(30));

        assertThat(backoff.ceilingNanos(1_000_000)).isEqualTo(1_000 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoFractionIsRefused(double random) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.defaults().delayNanos(1, random))
                .withMessage("random is %s, must be from 0 to less than 1", random);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void whatIsNoNumberOfFailuresIsRefused(long failures) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.defaults().delayNanos(failures, 0))
                .withMessage("failures is %s, must be 1 or more", failures);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.009S, 2, PT30S, initial is PT0.009S; legal: PT0.01S to PT1H",
        "PT-1S, 2, PT30S, initial is PT-1S; legal: PT0.01S to PT1H",
        "PT1H0.001S, 2, PT2H, initial is PT1H0.001S; legal: PT0.01S to PT1H",
        "PT1S, 0.99, PT30S, factor is 0.99; legal: 1.0 to 16.0",
        "PT1S, 16.1, PT30S, factor is 16.1; legal: 1.0 to 16.0",
        "PT1S, NaN, PT30S, factor is NaN; legal: 1.0 to 16.0",
        "PT1S, 2, PT0.999S, cap is PT0.999S; legal: PT1S to PT24H",
        "PT1S, 2, PT24H0.001S, cap is PT24H0.001S; legal: PT1S to PT24H"
    })
    void figuresOutOfRangeAreRefused(Duration initial, double factor, Duration cap, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(initial, factor, cap))
                .withMessage(message);
    }
}
