package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9000 section 21.4: optimistic acknowledgements. */
class SkippedNumbersTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void numbersRiseAndOneInFrom64To319IsSkipped(long seed) {
        SkippedNumbers numbers = new SkippedNumbers(new Random(seed)::nextBytes);
        long next = 0;
        List<Long> skipped = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            long number = numbers.next(next);
            assertThat(number).isBetween(next, next + 1);
            if (number != next) {
                skipped.add(next);
            }
            next = number + 1;
        }
        assertThat(skipped).hasSizeBetween(100_000 / 210, 100_000 / 175);
        for (int i = 1; i < skipped.size(); i++) {
            assertThat(skipped.get(i) - skipped.get(i - 1)).isBetween(64L, 319L);
        }
        assertThat(new HashSet<>(skipped)).hasSameSizeAs(skipped);
    }

    @Test
    void knowsExactlyTheNewest64() {
        SkippedNumbers numbers = new SkippedNumbers(new Random(7)::nextBytes);
        List<Long> skipped = skip(numbers, 200);
        Set<Long> kept = new HashSet<>(skipped.subList(skipped.size() - SkippedNumbers.KEPT, skipped.size()));
        long last = skipped.get(skipped.size() - 1);
        for (long number = 0; number <= last + 1; number++) {
            assertThat(numbers.anyWithin(number, number)).isEqualTo(kept.contains(number));
        }
    }

    @Test
    void findsThemWithinRanges() {
        SkippedNumbers numbers = new SkippedNumbers(new Random(7)::nextBytes);
        assertThat(numbers.anyWithin(0, Long.MAX_VALUE)).as("none yet").isFalse();
        List<Long> skipped = skip(numbers, 3);
        long first = skipped.get(0);
        long second = skipped.get(1);

        assertThat(numbers.anyWithin(0, first - 1)).isFalse();
        assertThat(numbers.anyWithin(0, first)).isTrue();
        assertThat(numbers.anyWithin(first + 1, second - 1)).isFalse();
        assertThat(numbers.anyWithin(first + 1, second)).isTrue();
        assertThat(numbers.anyWithin(0, Long.MAX_VALUE)).isTrue();
    }

    /** A peer that acknowledges whatever may have been sent is caught within 320 packets. */
    @Test
    void catchesWhoAcknowledgesEverything() {
        for (long seed = 1; seed <= 100; seed++) {
            SkippedNumbers numbers = new SkippedNumbers(new Random(seed)::nextBytes);
            long next = 0;
            boolean caught = false;
            for (int i = 0; i < 320; i++) {
                next = numbers.next(next) + 1;
                caught |= numbers.anyWithin(0, next - 1);
            }
            assertThat(caught).as("seed %d", seed).isTrue();
        }
    }

    private static List<Long> skip(SkippedNumbers numbers, int count) {
        List<Long> skipped = new ArrayList<>();
        for (long next = 0; skipped.size() < count; ) {
            long number = numbers.next(next);
            if (number != next) {
                skipped.add(next);
            }
            next = number + 1;
        }
        return skipped;
    }
}
