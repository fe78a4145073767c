package io.weir.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().collect(Collectors.toList());

    @Test
    void leavesOnlyWhatItTakesToFail() {
        assertThat(Shrinker.shrink(HUNDRED, list -> list.containsAll(List.of(3, 50, 99)), 10_000))
                .containsExactly(3, 50, 99);
    }

    @Test
    void stopsAfterSoManyAttempts() {
        int[] asked = new int[1];
        Shrinker.shrink(
                HUNDRED,
                list -> {
                    asked[0]++;
                    return list.contains(7);
                },
                5);
        assertThat(asked[0]).isEqualTo(5);
    }
}
