package io.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.measure.Ratios;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of the cost of meters, and when it is too much. */
class MetersTest {

    private static Finding judged(Double... byRound) {
        return Meters.finding("rate", new Ratios(List.of(byRound)), true);
    }

    @Test
    void tellsMedianAndIntervalByRounds() {
        Finding finding = judged(1.02, 0.98, 1.0, 1.01, 1.03, 1.04);

        assertThat(finding.value()).isEqualTo("1.015x, 0.980x to 1.040x by 6 rounds");
    }

    @Test
    void tellsThatFewRoundsHaveNoInterval() {
        assertThat(judged(1.02, 0.98, 1.0).value()).isEqualTo("1.000x, no interval by 3 rounds");
    }

    @Test
    void isMetAtThreePercentAndNotAbove() {
        assertThat(judged(1.03).verdict()).isEqualTo("met");
        assertThat(judged(1.0301).verdict()).isEqualTo("missed");
    }

    @Test
    void judgesNothingThatIsOnlyTold() {
        Finding told = Meters.finding("rate", new Ratios(Collections.nCopies(6, 2.0)), false);

        assertThat(told.met()).isTrue();
        assertThat(told.verdict()).isEmpty();
    }
}
