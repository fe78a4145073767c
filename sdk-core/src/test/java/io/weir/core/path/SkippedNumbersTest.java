package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9000 section 21.4: optimistic acknowledgements. */
class SkippedNumbersTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneNumberInFrom64To319IsSkipped(long seed) {
        SkippedNumbers numbers = new SkippedNumbers(new Random(seed)::nextBytes);
        List<Long> skipped = new ArrayList<>();
        for (long number = 0; number < 100_000; number++) {
            if (numbers.skips(number)) {
                skipped.add(number);
            }
        }
        assertThat(skipped).hasSizeBetween(100_000 / 210, 100_000 / 175);
        for (int i = 1; i < skipped.size(); i++) {
            assertThat(skipped.get(i) - skipped.get(i - 1)).isBetween(64L, 319L);
        }
    }

    @Test
    void distancesDifferAllTheWay() {
        SkippedNumbers least = new SkippedNumbers(bytes -> bytes[0] = 0);
        SkippedNumbers most = new SkippedNumbers(bytes -> bytes[0] = -1);

        assertThat(least.skips(63)).isFalse();
        assertThat(least.skips(64)).isTrue();
        assertThat(least.skips(127)).isFalse();
        assertThat(least.skips(128)).isTrue();
        assertThat(most.skips(318)).isFalse();
        assertThat(most.skips(319)).isTrue();
    }
}
