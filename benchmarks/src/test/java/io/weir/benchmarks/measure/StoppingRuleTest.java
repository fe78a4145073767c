package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoppingRuleTest {
    private static final Ratios STEADY = new Ratios(Collections.nCopies(10, 1.0));
    private static final Ratios WILD = new Ratios(List.of(0.5, 1.0, 2.0, 0.5, 1.0, 2.0, 0.5, 1.0, 2.0, 1.0));

    private final StoppingRule rule = new StoppingRule(10, 40, 0.05);

    @Test
    void goesOnToTheLeastNumberOfRoundsHoweverSteady() {
        assertThat(rule.isEnough(9, List.of(STEADY))).isFalse();
        assertThat(rule.isEnough(10, List.of(STEADY))).isTrue();
    }

    @Test
    void goesOnWhileOneRatioIsWild() {
        assertThat(rule.isEnough(39, List.of(STEADY, WILD))).isFalse();
    }

    @Test
    void endsAtTheGreatestNumberOfRoundsHoweverWild() {
        assertThat(rule.isEnough(40, List.of(WILD))).isTrue();
        assertThat(rule.isNoisy(WILD)).isTrue();
        assertThat(rule.isNoisy(STEADY)).isFalse();
    }

    @Test
    void endsAtTheLeastNumberWhereNothingIsCompared() {
        assertThat(rule.isEnough(10, List.of())).isTrue();
    }

    @Test
    void isNotSatisfiedByTooFewRoundsForAnInterval() {
        Ratios few = new Ratios(Collections.nCopies(5, 1.0));

        assertThat(new StoppingRule(3, 40, 0.05).isEnough(5, List.of(few))).isFalse();
        assertThat(new StoppingRule(3, 5, 0.05).isEnough(5, List.of(few))).isTrue();
        assertThat(new StoppingRule(3, 5, 0.05).isNoisy(few)).isTrue();
    }

    @Test
    void refusesWhatNeverEnds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StoppingRule(0, 1, 0.05));
        assertThatIllegalArgumentException().isThrownBy(() -> new StoppingRule(5, 4, 0.05));
        assertThatIllegalArgumentException().isThrownBy(() -> new StoppingRule(1, 2, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StoppingRule(1, 2, Double.NaN));
    }
}
