package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void takesTheMiddleOfAnOddNumberOfValues() {
        assertThat(Summary.of(7, 1, 3)).isEqualTo(new Summary(3, 1, 7));
    }

    @Test
    void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertThat(Summary.of(10, 4, 1, 2)).isEqualTo(new Summary(3, 1, 10));
    }

    @Test
    void isTheValueItselfWhenThereIsOne() {
        assertThat(Summary.of(5)).isEqualTo(new Summary(5, 5, 5));
    }

    @Test
    void refusesNoValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> Summary.of()).withMessageContaining("values");
    }
}
