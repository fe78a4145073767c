package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final List<String> ALL = List.of("A", "B", "C");

    @Test
    void eachSecondRoundRunsBackwardsAndEachPairOfRoundsBeginsWithAnother() {
        assertThat(IntStream.range(0, 7).mapToObj(round -> String.join("", Order.of(round, ALL))))
                .containsExactly("ABC", "CBA", "BCA", "ACB", "CAB", "BAC", "ABC");
    }

    @Test
    void alternatesTwo() {
        assertThat(IntStream.range(0, 4).mapToObj(round -> String.join("", Order.of(round, List.of("A", "B")))))
                .containsExactly("AB", "BA", "BA", "AB");
    }

    @Test
    void favoursNobodyWhereTheSpeedDriftsEvenly() {
        // given a host that gets slower by the same amount from window to window
        int[] sums = new int[ALL.size()];
        for (int round = 0; round < 2; round++) {
            for (int place = 0; place < ALL.size(); place++) {
                sums[ALL.indexOf(Order.of(round, ALL).get(place))] += round * ALL.size() + place;
            }
        }

        // then over two rounds all have had the same of it
        assertThat(sums).containsOnly(sums[0]);
    }

    @Test
    void hasNothingToOrderInNothing() {
        assertThat(Order.of(3, List.of())).isEmpty();
    }
}
